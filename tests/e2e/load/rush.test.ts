import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadResult } from '@rollcall/load';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli, type Ran } from '../../support/cli.ts';
import { signingEnv, startOnSharedServers, type Rollcall } from '../../support/rollcall.ts';

let rollcall: Rollcall;
beforeAll(async () => {
  rollcall = await startOnSharedServers({ apis: 2, workers: 1 });
});
afterAll(() => rollcall.stop());

const dataDir = join(import.meta.dirname, '../../../.data');

/** With every API of it. */
function load(...args: readonly string[]): Promise<Ran> {
  const urls = rollcall.urls.flatMap((url) => ['--url', url]);
  return runCli({ env: signingEnv }, 'load', ...args, ...urls, '--connections', '100', '--users', '600');
}

const resultIn = (file: string): LoadResult => JSON.parse(readFileSync(file, 'utf8')) as LoadResult;

it('rushes, and finds that every answer was true', async () => {
  mkdirSync(dataDir, { recursive: true });
  // CI keeps these two.
  const [json, html] = [join(dataDir, 'load-rush.json'), join(dataDir, 'load-rush.html')];
  const size = ['--seats', '50', '--rate', '150', '--seconds', '4', '--ramp-seconds', '1'];
  const { exitCode, stdout, stderr } = await load('rush', ...size, '--json', json, '--html', html);
  expect({ exitCode, problem: exitCode === 0 ? '' : stdout + stderr }).toEqual({ exitCode: 0, problem: '' });
  expect(stdout).toContain(': 0 violations');

  const { totals, verdict, answers, seconds } = resultIn(json);
  expect(totals.answered).toBe(totals.sent);
  expect(verdict).toMatchObject({ violations: [], violationsCount: 0 });
  const { accepted, decisions, registrations } = verdict.checked;
  // Four seconds of 150 arrivals, of which the first is a ramp; and the event was made and opened.
  expect(accepted).toBeGreaterThan(400);
  expect(decisions).toBe(accepted + 2);
  // Some clicked twice, and got one registration.
  expect(registrations).toBeGreaterThan(400);
  expect(answers['sign-up']?.['201']).toBeGreaterThan(registrations);
  expect(seconds.at(-1)?.story).toMatchObject({ taken: 50, seats: 50, undecided: 0 });

  const page = readFileSync(html, 'utf8');
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain('Everything that was promised held');
  expect(page.match(/<svg/g)?.length).toBe(5);
  expect(page).not.toMatch(/https?:|<script|src=|@import|url\(/);
});
