import { commandIdFromToken, eventIdFor, parseUserId } from '@rollcall/domain';
import { expect, it } from 'vitest';
import { createMailboxTraces } from './traces.ts';
import { redisKinds, testRedis } from './testing.ts';

const userId = parseUserId('ann') ?? expect.unreachable();
const eventId = eventIdFor(commandIdFromToken('t'.repeat(22)));

it.each(redisKinds)('looks behind any number of others on $kind', async ({ url }) => {
  const server = testRedis(url);
  const { keyspace } = server;
  const redis = await server.connect('commands');
  const others = Array.from({ length: 1_200 }, (_, n) => `{"userId":"user-${n}"}`);
  for (const key of [keyspace.mailbox(eventId), keyspace.deadLetters(eventId)]) {
    await Promise.all([...others, '{"userId":"ann"}', ...others].map((p) => redis.xadd(key, '*', 'p', p)));
  }
  await redis.sadd(keyspace.dirty(eventId), eventId);
  const traces = createMailboxTraces({ redis, keyspace });
  expect(await traces.findWaitingOf(userId)).toEqual([eventId]);
  expect(await traces.removeDeadLetters({ userId, registrationIds: [] })).toBe(1);
  expect(await redis.xlen(keyspace.deadLetters(eventId))).toBe(2 * others.length);
  expect(await redis.xlen(keyspace.mailbox(eventId))).toBe(2 * others.length + 1);
  server.close();
});
