import { randomBytes } from 'node:crypto';
import { eventIdFor, type EventId } from '@rollcall/domain';
import { connectRedis, untilReady, type RedisClient } from '@rollcall/mailbox-redis';
import { aCommitId, aRoleId, countCacheContract, newCommandId } from '@rollcall/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createCountCache } from './count-cache.ts';

/** As the APIs and workers connect. */
async function connected(url: string): Promise<RedisClient> {
  const redis = connectRedis({ url, use: 'commands', commandTimeoutMs: 5_000, onError: () => undefined });
  await untilReady(redis);
  return redis;
}

describe.each([
  { kind: 'one server', url: inject('redisUrl') },
  { kind: 'a cluster of three masters', url: inject('redisClusterUrl') },
])('on $kind', ({ url }) => {
  countCacheContract('Redis hashes', async () => {
    const redis = await connected(url);
    return {
      cache: createCountCache({ redis, keyPrefix: `t${randomBytes(6).toString('hex')}:`, ttlMs: 60_000 }),
      async close() {
        redis.disconnect();
      },
    };
  });

  describe('counts that somebody else has written', () => {
    const keyPrefix = `t${randomBytes(6).toString('hex')}:`;
    let redis: RedisClient;
    let unreadable: EventId[];
    beforeAll(async () => {
      redis = await connected(url);
    });
    beforeEach(() => {
      unreadable = [];
    });
    afterAll(() => redis.disconnect());

    const cacheOf = () =>
      createCountCache({ redis, keyPrefix, ttlMs: 60_000, onUnreadable: (eventId) => unreadable.push(eventId) });
    const role = JSON.stringify([['volunteers', { capacity: 3, confirmed: 1, waitlist: 0, offered: 0, available: 2 }]]);

    it.each([
      ['a version that is no number', { version: 'x', commitId: 'c', roles: role }],
      ['a number in another notation', { version: '7.0', commitId: 'c', roles: role }],
      ['no version', { commitId: 'c', roles: role }],
      ['no commit', { version: '7', roles: role }],
      ['roles that are no JSON', { version: '7', commitId: 'c', roles: '[' }],
      ['roles that are no list', { version: '7', commitId: 'c', roles: '{"volunteers":{}}' }],
      ['counts that are no numbers', { version: '7', commitId: 'c', roles: role.replace('1', '"1"') }],
      ['counts that are missing', { version: '7', commitId: 'c', roles: '[["volunteers",{"capacity":3}]]' }],
    ])('are removed and told of: %s', async (_what, hash) => {
      const eventId = eventIdFor(newCommandId());
      const key = `${keyPrefix}counts:${eventId}`;
      await redis.hset(key, hash);
      expect((await cacheOf().read([eventId])).size).toBe(0);
      expect(await redis.exists(key)).toBe(0);
      expect(unreadable).toEqual([eventId]);
    });

    it('are removed when they are no hash at all', async () => {
      const eventId = eventIdFor(newCommandId());
      await redis.set(`${keyPrefix}counts:${eventId}`, 'seven');
      expect((await cacheOf().read([eventId])).size).toBe(0);
      expect(unreadable).toEqual([eventId]);
      expect((await cacheOf().read([eventId])).size).toBe(0);
      expect(unreadable).toEqual([eventId]);
    });

    it('are replaced where their version can not be compared', async () => {
      const eventId = eventIdFor(newCommandId());
      await redis.hset(`${keyPrefix}counts:${eventId}`, { version: 'x' });
      const counts = {
        eventId,
        version: 3,
        commitId: aCommitId('three'),
        roles: new Map([
          [aRoleId('cooks'), { capacity: null, confirmed: 1, waitlist: 0, offered: 0, available: null }],
        ]),
      };
      expect(await cacheOf().setIfNewer(counts)).toBe(true);
      expect((await cacheOf().read([eventId])).get(eventId)).toEqual(counts);
    });
  });
});
