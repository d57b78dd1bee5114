import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isAlive } from '../processes.ts';
import { localOrigin } from '../testing/local-origin.ts';
import { LocalServer } from './local-server.ts';
import type { ManagedServer } from './managed-server.ts';
import { startMongo } from './mongo.ts';
import { startRedis } from './redis.ts';

let dataDir: string;
const quiet = { log: (): void => undefined, announce: (): void => undefined, owned: true };

beforeEach(() => {
  vi.stubEnv('ROLLCALL_SERVERS', localOrigin);
  dataDir = mkdtempSync(join(tmpdir(), 'rollcall-servers-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dataDir, { recursive: true, force: true });
});

test('MongoDB is a primary with transactions, and keeps its data over kill, stop and a change of port', async () => {
  await using mongo = await startMongo({ ...quiet, dataDir });
  await insertInTransaction(mongo.url, 1);
  await mongo.kill();
  await mongo.start();
  await insertInTransaction(mongo.url, 2);
  await mongo.stop();
  await using moved = await startMongo({ ...quiet, dataDir });
  await insertInTransaction(moved.url, 3);
  expect(moved.url).not.toBe(mongo.url);
  await using client = new MongoClient(moved.url);
  expect(await client.db('t').collection('things').countDocuments()).toBe(3);
});

test('Redis keeps what it acknowledged over kill -9, and is silent while paused', async () => {
  await using redis = await startRedis({ ...quiet, dataDir, durability: 'always' });
  expect(await ask(redis, 'SET seat taken')).toBe('+OK');
  await redis.kill();
  await redis.start();
  expect(await ask(redis, 'GET seat')).toContain('taken');
  expect(await ask(redis, 'CONFIG GET maxmemory-policy')).toContain('noeviction');
  redis.pause();
  await expect(ask(redis, 'PING', 200)).rejects.toThrow('no answer');
  redis.resume();
  expect(await ask(redis, 'PING')).toBe('+PONG');
});

test('a server that nobody stopped is ended by the next start on the same folder, not one that merely has its pid', async () => {
  await using crashed = await startRedis({ ...quiet, dataDir, durability: 'none' });
  const pid = crashed.pid;
  await using next = await startRedis({ ...quiet, dataDir, durability: 'none' });
  expect(isAlive(pid!)).toBe(false);
  expect((await crashed.diedUnasked).message).toContain('ended');
  await next.stop();
  writeFileSync(join(dataDir, 'server.pid'), String(process.pid));
  await using again = await startRedis({ ...quiet, dataDir, durability: 'none' });
  expect(await ask(again, 'PING')).toBe('+PONG');
});

test('a taken port is refused, instead of taking the server there for ours', async () => {
  await using first = await startRedis({ ...quiet, dataDir: join(dataDir, 'one'), durability: 'none' });
  const port = Number(new URL(first.url).port);
  await expect(startRedis({ ...quiet, dataDir: join(dataDir, 'two'), port, durability: 'none' })).rejects.toThrow(
    `port ${port} is taken`,
  );
});

test('a server that cannot start says why', async () => {
  const plan = {
    url: '',
    origin: 'path',
    args: ['-c', 'echo disk full >&2; exit 7'],
    port: 1,
    dataDir,
    log: quiet.log,
  } as const;
  await expect(new LocalServer({ ...plan, binary: '/bin/sh', ready: neverReady }).start()).rejects.toThrow(
    /exit code 7[^]*disk full/,
  );
  await expect(new LocalServer({ ...plan, binary: '/no/such/server', ready: neverReady }).start()).rejects.toThrow(
    'could not be run',
  );
});

function neverReady(signal: AbortSignal): Promise<void> {
  return new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason as Error)));
}

async function insertInTransaction(url: string, value: number): Promise<void> {
  await using client = new MongoClient(url);
  await client.withSession((session) =>
    session.withTransaction(() => client.db('t').collection('things').insertOne({ value }, { session })),
  );
}

function ask(server: ManagedServer, command: string, withinMs = 5_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.setTimeout(withinMs, () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.once('data', (reply) => {
      socket.destroy();
      resolve(reply.toString().trim());
    });
    socket.write(`${command}\r\n`);
  });
}
