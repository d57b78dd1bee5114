import { decodePublication, encodePublication } from '@rollcall/contracts/storage';
import type { Answer, EventCounts, EventId } from '@rollcall/domain';
import type { CountsChannel } from '@rollcall/engine';
import type { Redis } from 'ioredis';
import type { Keyspace } from './keyspace.ts';

export interface ReceivedPublication {
  readonly eventId: EventId;
  readonly answers: readonly Answer[];
  readonly counts?: EventCounts;
}

export interface PublicationsOptions {
  /** A connection of its own: a subscribed one can do nothing else. */
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  /** Asked before a message is parsed: while nobody waits, it is not worth it. */
  readonly isWanted: () => boolean;
  readonly onPublication: (publication: ReceivedPublication) => void;
  readonly onError: (error: unknown) => void;
}

/** Follows what workers publish. Messages may be lost; who waits also asks the journal. */
export async function subscribeToPublications(options: PublicationsOptions): Promise<AsyncDisposable> {
  const { redis, keyspace, isWanted, onPublication, onError } = options;
  redis.on('message', (_channel: string, message: string) => {
    if (!isWanted()) return;
    try {
      onPublication(decodePublication(message));
    } catch (error) {
      onError(error);
    }
  });
  await redis.subscribe(keyspace.publications);
  return {
    async [Symbol.asyncDispose]() {
      await redis.unsubscribe(keyspace.publications).catch(onError);
    },
  };
}

/** Counts on the channel on which workers tell what they decided: whoever follows that hears of both. */
export function createCountsChannel(redis: Redis, keyspace: Keyspace): CountsChannel {
  return {
    async publish(counts) {
      await redis.publish(keyspace.publications, encodePublication(counts.eventId, { answers: [], counts }));
    },
  };
}
