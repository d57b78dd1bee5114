import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

async function run(...args: string[]): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'migration.ts'), ...args], {
    // Servers of its own: those of the test run keep nothing on disk.
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { promise: ended, resolve } = Promise.withResolvers<number | null>();
  child.once('close', resolve);
  const [code, out, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, said: out + errors };
}

test('a quick run compares both systems, and Rollcall is sound after it', async () => {
  const { code, said } = await run('--quick', '--registrations', '1000');
  expect(said).toContain('made 1000 registrations of 10 legacy events');
  expect(said).toMatch(/Reading an event with its [\d,]+ signups\n +legacy, event with documents: /);
  expect(said).toMatch(/Signing up: 300 people for one hot event\n +legacy, 16 writers: /);
  expect(said).toMatch(/Rollcall, [\d,]+ operations: 1 event, .* 0 differences/);
  expect(code, said).toBe(0);
});

test('what it does not know it refuses', async () => {
  const { code, said } = await run('--registrations', 'many');
  expect(said).toContain('it must be a whole number');
  expect(code).toBe(1);
});
