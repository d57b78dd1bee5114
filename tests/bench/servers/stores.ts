import { connectRedis, untilReady, type ConnectionUse, type RedisClient } from '@rollcall/mailbox-redis';
import { collectionsOf, createMongoClient, type Collections } from '@rollcall/store-mongo';
import type { Collection } from 'mongodb';
import { environment } from './environment.ts';
import type { SeatsDocument } from './seats.ts';

export interface BaselineStore extends Collections {
  readonly seats: Collection<SeatsDocument>;
}

/** MongoDB with the client and the collections that Rollcall has, and one more. */
export function openStore(appName: string): BaselineStore {
  const { mongodbUrl: url, mongodbDatabase: database } = environment;
  const mongo = createMongoClient({ url, appName, serverSelectionMs: 2_000, socketMs: 30_000 });
  const collections = collectionsOf(mongo, database);
  return { ...collections, seats: collections.db.collection<SeatsDocument>('seats') };
}

export async function openRedis(use: ConnectionUse): Promise<RedisClient> {
  const redis = connectRedis({ url: environment.redisUrl, use, commandTimeoutMs: 10_000, onError: console.error });
  await untilReady(redis);
  return redis;
}
