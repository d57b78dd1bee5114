import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './client.ts';

/** The server itself, or the masters of a cluster as far as they are known. */
export const mastersOf = (redis: RedisClient): readonly Redis[] =>
  redis instanceof Cluster ? redis.nodes('master') : [redis];

/** Resolves when it answers; a cluster does when one of its masters does, which can decide the events that it has. */
export async function pingRedis(redis: RedisClient): Promise<void> {
  await Promise.any(mastersOf(redis).map((master) => master.ping()));
}
