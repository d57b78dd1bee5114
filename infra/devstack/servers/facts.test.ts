import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findOnPath, gatherFacts } from './facts.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-facts-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a program on the PATH is an executable file, the preferred name first', () => {
  const [one, two] = ['one', 'two'].map((name) => join(folder, name)) as [string, string];
  for (const dir of [one, two]) mkdirSync(dir);
  mkdirSync(join(one, 'redis-server'));
  writeFileSync(join(one, 'valkey-server'), '');
  const path = [one, '', two].join(delimiter);
  expect(findOnPath(['redis-server', 'valkey-server'], path)).toBe(undefined);
  chmodSync(join(one, 'valkey-server'), 0o755);
  expect(findOnPath(['redis-server', 'valkey-server'], path)).toBe(join(one, 'valkey-server'));
  writeFileSync(join(two, 'redis-server'), '', { mode: 0o755 });
  expect(findOnPath(['redis-server', 'valkey-server'], path)).toBe(join(two, 'redis-server'));
});

test('Docker is there when its engine answers, over a socket or TCP', async () => {
  const engine = createServer((request, response) => response.writeHead(request.url === '/_ping' ? 200 : 404).end());
  const socket = join(folder, 'docker.sock');
  await new Promise<void>((resolve) => void engine.listen(socket, resolve));
  expect((await gatherFacts('redis', { DOCKER_HOST: `unix://${socket}` })).dockerAvailable).toBe(true);
  await new Promise((resolve) => engine.close(resolve));
  await new Promise<void>((resolve) => void engine.listen(0, '127.0.0.1', resolve));
  const { port } = engine.address() as { port: number };
  expect((await gatherFacts('redis', { DOCKER_HOST: `tcp://127.0.0.1:${port}` })).dockerAvailable).toBe(true);
  await new Promise((resolve) => engine.close(resolve));
  expect((await gatherFacts('redis', { DOCKER_HOST: `tcp://127.0.0.1:${port}` })).dockerAvailable).toBe(false);
  expect((await gatherFacts('redis', { DOCKER_HOST: `unix://${socket}` })).dockerAvailable).toBe(false);
});
