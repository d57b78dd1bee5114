import type { EventCounts, EventId } from '@rollcall/domain';
import { collectionsOf, createMongoClient, createRecords, type Collections, type Records } from '@rollcall/store-mongo';
import type { Environment } from './environment.ts';
import { UsageError } from './usage-error.ts';

const serverSelectionMs = 10_000;
/** The server may need a while for the first batch of a large event. */
const socketMs = 120_000;
const commandTimeoutMs = 5_000;
const connectMsMax = 10_000;

export interface Database extends AsyncDisposable {
  readonly collections: Collections;
  readonly records: Records;
}

/** The database, for those who read it past the API. */
export function openDatabase(environment: Environment): Database {
  const { url, database } = environment.mongodb();
  const client = createMongoClient({ url, appName: 'rollcall-cli', serverSelectionMs, socketMs });
  const collections = collectionsOf(client, database);
  return {
    collections,
    records: createRecords(collections),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

export interface Counts extends AsyncDisposable {
  /** Undefined when the cache has nothing of the event. */
  read(eventId: EventId): Promise<EventCounts | undefined>;
}

export async function openCounts(environment: Environment): Promise<Counts> {
  const { url, keyPrefix } = environment.counts();
  // Whoever leaves the cache out does without its driver and BullMQ, which take 60 MB.
  const [{ createCountCache }, { connectRedis, untilReady }] = await Promise.all([
    import('@rollcall/counts-redis'),
    import('@rollcall/mailbox-redis'),
  ]);
  const redis = connectRedis({ url, use: 'commands', commandTimeoutMs, onError: () => undefined });
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new UsageError('the Redis of the count cache does not answer')), connectMsMax);
  try {
    await Promise.race([untilReady(redis), promise]);
  } catch (error) {
    redis.disconnect();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  // It is never written to, so how long counts would last means nothing.
  const cache = createCountCache({ redis, keyPrefix, ttlMs: 1 });
  return {
    read: async (eventId) => (await cache.read([eventId])).get(eventId),
    async [Symbol.asyncDispose]() {
      redis.disconnect();
    },
  };
}
