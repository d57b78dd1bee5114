import { decodePublication, encodePublication } from '@rollcall/contracts/storage';
import type { Answer, EventCounts, EventId } from '@rollcall/domain';
import type { CountsChannel } from '@rollcall/engine';
import type { RedisClient } from './client.ts';
import type { Keyspace } from './keyspace.ts';

export interface ReceivedPublication {
  readonly eventId: EventId;
  readonly answers: readonly Answer[];
  readonly counts?: EventCounts;
}

export interface PublicationsOptions {
  /** A connection of its own: a subscribed one can do nothing else. */
  readonly redis: RedisClient;
  readonly keyspace: Keyspace;
  /** Asked before a message is parsed: while nobody waits, it is not worth it. */
  readonly isWanted: () => boolean;
  readonly onPublication: (publication: ReceivedPublication) => void;
  /** Told each time the subscription stands, the first time too: whatever was published before may have been missed. */
  readonly onFollowing?: () => void;
  readonly onError: (error: unknown) => void;
}

/** Follows what workers publish. Messages may be lost; who waits also asks the journal. */
export async function subscribeToPublications(options: PublicationsOptions): Promise<AsyncDisposable> {
  const { redis, keyspace, isWanted, onPublication, onFollowing, onError } = options;
  redis.on('message', (_channel: string, message: string) => {
    if (!isWanted()) return;
    try {
      onPublication(decodePublication(message));
    } catch (error) {
      onError(error);
    }
  });
  const follow = async () => {
    await redis.subscribe(keyspace.publications);
    onFollowing?.();
  };
  // The client subscribes again by itself. Asked once more, it says when that is done.
  const followAgain = () => void follow().catch(onError);
  await follow();
  redis.on('ready', followAgain);
  return {
    async [Symbol.asyncDispose]() {
      redis.off('ready', followAgain);
      await redis.unsubscribe(keyspace.publications).catch(onError);
    },
  };
}

/** Counts on the channel on which workers tell what they decided: whoever follows that hears of both. */
export function createCountsChannel(redis: RedisClient, keyspace: Keyspace): CountsChannel {
  return {
    async publish(counts) {
      await redis.publish(keyspace.publications, encodePublication(counts.eventId, { answers: [], counts }));
    },
  };
}
