import type { EventId } from '@rollcall/domain';
import type { RedisClient } from './client.ts';
import type { Keyspace } from './keyspace.ts';

export interface DirtyEvents {
  /** The events whose mailbox may have something, of the partitions that could be read. */
  readonly events: readonly EventId[];
  /** Of the others, each one's error. */
  readonly failures: readonly unknown[];
}

export async function readDirtyEvents(redis: RedisClient, { allDirty }: Keyspace): Promise<DirtyEvents> {
  const partitions = await Promise.allSettled(allDirty.map((key) => redis.smembers(key)));
  return {
    // What the dirty sets hold was a checked event id when it was appended.
    events: partitions.flatMap((read) => (read.status === 'fulfilled' ? (read.value as EventId[]) : [])),
    failures: partitions.flatMap((read) => (read.status === 'rejected' ? [read.reason] : [])),
  };
}
