import type { EventId } from '@rollcall/domain';
import type { Redis } from 'ioredis';
import type { Keyspace } from './keyspace.ts';

/** The events whose mailbox may have something. */
export async function readDirtyEvents(redis: Redis, { allDirty }: Keyspace): Promise<readonly EventId[]> {
  const members = await Promise.all(allDirty.map((key) => redis.smembers(key)));
  // What the dirty sets hold was a checked event id when it was appended.
  return members.flat() as EventId[];
}
