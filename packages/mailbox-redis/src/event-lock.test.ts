import { setTimeout as delay } from 'node:timers/promises';
import { commandIdFromToken, eventIdFor } from '@rollcall/domain';
import { eventLockContract } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { connectRedis } from './connect.ts';
import { createEventLock } from './event-lock.ts';
import { createKeyspace } from './keyspace.ts';
import { redisKinds, testRedis, type TestRedis } from './testing.ts';

async function makeLock(server: TestRedis, ttlMs: number, renewEveryMs: number) {
  return createEventLock({
    clients: [await server.connect('commands')],
    keyspace: server.keyspace,
    ttlMs,
    renewEveryMs,
    deadlineMs: 1_000,
    onError: () => undefined,
  });
}

const eventId = eventIdFor(commandIdFromToken('a'.repeat(22)));

describe.each(redisKinds)('on $kind', ({ url }) => {
  eventLockContract('Redlock', async () => {
    const server = testRedis(url);
    return {
      one: await makeLock(server, 2_000, 500),
      other: await makeLock(server, 2_000, 500),
      async close() {
        server.close();
      },
    };
  });

  it('is renewed for as long as the function runs, well beyond its time to live', async () => {
    const server = testRedis(url);
    const holder = await makeLock(server, 300, 50);
    const other = await makeLock(server, 300, 50);
    const outcome = await holder.withEventLock(eventId, async () => {
      await delay(900);
      return other.withEventLock(eventId, async () => 'in');
    });
    expect(outcome).toEqual({ kind: 'done', value: { kind: 'busy' } });
    server.close();
  });

  it('lets its function finish although the lock was lost', async () => {
    const server = testRedis(url);
    const redis = await server.connect('commands');
    const holder = await makeLock(server, 300, 50);
    const outcome = await holder.withEventLock(eventId, async () => {
      await redis.del(server.keyspace.lock(eventId));
      await delay(150);
      return 'finished';
    });
    expect(outcome).toEqual({ kind: 'done', value: 'finished' });
    server.close();
  });
});

it('counts as taken when Redis can not be reached', async () => {
  const nowhere = connectRedis({
    url: 'redis://127.0.0.1:1',
    use: 'commands',
    commandTimeoutMs: 200,
    onError: () => undefined,
  });
  const lock = createEventLock({
    clients: [nowhere],
    keyspace: createKeyspace(''),
    ttlMs: 300,
    renewEveryMs: 50,
    deadlineMs: 300,
    onError: () => undefined,
  });
  expect(await lock.withEventLock(eventId, async () => 'in')).toEqual({ kind: 'busy' });
  nowhere.disconnect();
});
