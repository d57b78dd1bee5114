import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkHistory } from '@rollcall/checkers';
import type { CommandId } from '@rollcall/domain';
import { startRedis, type ManagedServer } from '@rollcall/infra';
import { connectRedis, createEventLock, untilReady } from '@rollcall/mailbox-redis';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createOpenEvent, type OpenEvent } from '../support/events.ts';
import { request } from '../support/http.ts';
import { recordedHistory, untilDecided } from '../support/recorded.ts';
import { startOnSharedServers, type Rollcall } from '../support/rollcall.ts';

let folder: string;
let lockServers: readonly ManagedServer[];
let rollcall: Rollcall;
let event: OpenEvent;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-locks-'));
  const log = () => undefined;
  lockServers = await Promise.all(
    ['one', 'two', 'three'].map((name) =>
      startRedis({ dataDir: join(folder, name), durability: 'none', owned: true, log }),
    ),
  );
  const urls = lockServers.map(({ url }) => url).join(',');
  rollcall = await startOnSharedServers({ apis: 1, workers: 2, workerEnv: { REDIS_LOCK_URLS: urls } });
  event = await createOpenEvent(rollcall, { roles: [{ name: 'drivers', capacity: 30, waitlist: 'auto' }] });
});
afterAll(async () => {
  await rollcall.stop();
  await Promise.all(lockServers.map((server) => server.kill()));
  rmSync(folder, { recursive: true, force: true });
});

let people = 0;

/** Some people, who are all decided in the end. */
async function signUp(count: number): Promise<void> {
  const accepted = new Set<CommandId>();
  for (let n = 0; n < count; n += 1) {
    people += 1;
    const reply = await request(`${rollcall.urls[0]}/v1/events/${event.eventId}/registrations`, {
      token: await rollcall.token(`user-${people}`),
      body: { roleId: event.roleIds[0] },
    });
    expect(reply.status).toBe(202);
    accepted.add(reply.body['commandId'] as CommandId);
  }
  await untilDecided(rollcall, event.eventId, accepted);
}

/** What the workers say that their sweepers drained since they started, with or without the lock. */
function drained(withLock: boolean): number {
  const logs = rollcall.workers.map(({ logFile }) => readFileSync(logFile, 'utf8')).join('');
  return logs
    .split('\n')
    .filter((line) => line.includes('drained a mailbox') && line.includes(`"withLock":${withLock}`)).length;
}

/** Whether somebody who comes now gets the event's lock. */
async function isLockGiven(): Promise<boolean> {
  const clients = lockServers.map(({ url }) =>
    connectRedis({ url, use: 'commands', commandTimeoutMs: 1_000, onError: () => undefined }),
  );
  await Promise.all(clients.filter((_client, index) => lockServers[index]?.pid !== undefined).map(untilReady));
  const times = { ttlMs: 1_000, renewEveryMs: 200, deadlineMs: 1_000 };
  const lock = createEventLock({ clients, keyspace: rollcall.keyspace, ...times, onError: () => undefined });
  const outcome = await lock.withEventLock(event.eventId, async () => 'in');
  for (const client of clients) client.disconnect();
  return outcome.kind === 'done';
}

it('the lock is on three servers, and goes on with two of them', async () => {
  await signUp(10);
  expect(await isLockGiven()).toBe(true);
  await lockServers[0]?.kill();
  await signUp(10);
  await vi.waitFor(async () => expect(await isLockGiven()).toBe(true), 10_000);
  // Nobody had to do without it.
  expect(drained(false)).toBe(0);
});

it('with one of three nobody gets it, and the sweeper drains without it', async () => {
  await lockServers[1]?.kill();
  expect(await isLockGiven()).toBe(false);
  await signUp(10);
  await vi.waitFor(() => expect(drained(false)).toBeGreaterThan(0), 10_000);
});

it('with all three back it is given again, and nothing was done twice', async () => {
  for (const server of lockServers.slice(0, 2)) await server.start();
  await vi.waitFor(async () => expect(await isLockGiven()).toBe(true), 10_000);
  await signUp(10);
  expect(checkHistory(await recordedHistory(rollcall, event.eventId))).toEqual([]);
});
