import type { Answer } from '@rollcall/domain';
import { mailboxContract } from '@rollcall/testkit';
import { describe } from 'vitest';
import { createMailboxIntake } from './intake.ts';
import { createMailbox } from './mailbox.ts';
import { subscribeToPublications } from './publications.ts';
import { createMailboxTraces } from './traces.ts';
import { redisKinds, testRedis } from './testing.ts';

const depthMax = 5;

describe.each(redisKinds)('on $kind', ({ url }) => {
  mailboxContract('Redis streams', async () => {
    const server = testRedis(url);
    const { keyspace } = server;
    const redis = await server.connect('commands');
    const heard: Answer[] = [];
    await subscribeToPublications({
      redis: await server.connect('subscriber'),
      keyspace,
      isWanted: () => true,
      onPublication: ({ answers }) => heard.push(...answers),
      onError: (error) => {
        throw error;
      },
    });
    return {
      mailbox: {
        ...createMailboxIntake({
          redis,
          keyspace,
          receiptTtlMs: 60_000,
          unkeyedReceiptTtlMs: 60_000,
          depthMax,
          isNearMemoryLimit: () => false,
        }),
        ...createMailbox({ redis, keyspace, deadLettersMax: 100, onUnread: () => undefined }),
        ...createMailboxTraces({ redis, keyspace }),
      },
      depthMax,
      async plantRaw(eventId, fields) {
        const number = await redis.incr(keyspace.sequence(eventId));
        await redis.xadd(keyspace.mailbox(eventId), `${number}-1`, ...Object.entries(fields).flat());
        await redis.sadd(keyspace.dirty(eventId), eventId);
      },
      async plantDirty(eventId) {
        await redis.sadd(keyspace.dirty(eventId), eventId);
      },
      async buried(eventId) {
        const letters = await redis.xrange(keyspace.deadLetters(eventId), '-', '+');
        return letters
          .map(([, fields]) => fieldsOf(fields))
          .filter(({ event }) => event === eventId)
          .map(({ event: _event, entry: _entry, ...rest }) => rest);
      },
      answersHeard: () => heard,
      async close() {
        server.close();
      },
    };
  });
});

function fieldsOf(flat: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) fields[flat[i] ?? ''] = flat[i + 1] ?? '';
  return fields;
}
