import { eventIdFor, type EventId } from '@rollcall/domain';
import { newCommandId, newCommandOf, signUp } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { RedisClient } from './client.ts';
import { createMailboxIntake } from './intake.ts';
import { createMailbox } from './mailbox.ts';
import { mastersOf } from './masters.ts';
import { testRedis } from './testing.ts';

describe('on a cluster of three masters', () => {
  const server = testRedis(inject('redisClusterUrl'));
  const { keyspace } = server;
  let redis: RedisClient;
  beforeAll(async () => {
    redis = await server.connect('commands');
  });
  afterAll(() => server.close());

  const unread: unknown[] = [];
  const mailboxes = () => {
    const limits = { receiptTtlMs: 60_000, unkeyedReceiptTtlMs: 60_000, depthMax: 100, isNearMemoryLimit: () => false };
    return {
      ...createMailboxIntake({ redis, keyspace, ...limits }),
      ...createMailbox({ redis, keyspace, deadLettersMax: 100, onUnread: (error) => unread.push(error) }),
    };
  };

  /** How many of them each master has. */
  async function spread(keys: readonly string[]): Promise<number[]> {
    return Promise.all(
      mastersOf(redis).map(async (master) => {
        const all = new Set(await master.keys(`${server.keyPrefix}*`));
        return keys.filter((key) => all.has(key)).length;
      }),
    );
  }

  it('what many events are told in one turn is taken, and lies on all of them', async () => {
    const mailbox = mailboxes();
    const eventIds: EventId[] = Array.from({ length: 200 }, () => eventIdFor(newCommandId()));
    const sent = eventIds.flatMap((eventId) =>
      ['ann', 'bob'].map((user) => newCommandOf(signUp(user, { eventId, commandId: newCommandId() }))),
    );
    const taken = await Promise.all(sent.map((command) => mailbox.append(command)));
    expect(taken.map(({ kind }) => kind)).toEqual(sent.map(() => 'new'));

    for (const key of [keyspace.mailbox, keyspace.sequence]) {
      const counts = await spread(eventIds.map(key));
      expect(counts).toHaveLength(3);
      expect(Math.min(...counts)).toBeGreaterThan(0);
      // Each on one of them.
      expect(counts.reduce((sum, count) => sum + count)).toBe(eventIds.length);
    }

    expect((await mailbox.dirtyEvents()).toSorted()).toEqual(eventIds.toSorted());
    await Promise.all(
      eventIds.map(async (eventId) => {
        const entries = await mailbox.readHead(eventId, 10);
        const ids = entries.map(({ entryId }) => entryId);
        expect(ids).toHaveLength(2);
        expect(await mailbox.done(eventId, ids, undefined)).toBe(0);
      }),
    );
    expect(await mailbox.dirtyEvents()).toEqual([]);
    expect(unread).toEqual([]);
  });
});
