import { createCountCache } from '@rollcall/counts-redis';
import {
  connectRedis,
  createKeyspace,
  createMailboxIntake,
  createMailboxTraces,
  createWakeUps,
  pingRedis,
  subscribeToPublications,
  watchMemory,
  type ConnectionUse,
  type RedisClient,
} from '@rollcall/mailbox-redis';
import { createCrashPoints, createRegistry, startMetricsServer, type Logger, type RunningApp } from '@rollcall/runtime';
import { collectionsOf, createEventQueries, createMongoClient, createStoreTraces } from '@rollcall/store-mongo';
import { MongoError, MongoNetworkError, MongoServerSelectionError } from 'mongodb';
import type { ApiSettings } from './config.ts';
import { createApi } from './server.ts';

/** Builds the API from its settings and listens; the only place where its drivers are made. */
export async function startApi(settings: ApiSettings, logger: Logger): Promise<RunningApp> {
  const onError = (error: unknown) => logger.warn({ err: error }, 'a server had trouble');
  const connections: RedisClient[] = [];
  const connect = (url: string, use: ConnectionUse): RedisClient => {
    const redis = connectRedis({ url, use, commandTimeoutMs: settings.MAILBOX_REPLY_MS_MAX, onError });
    connections.push(redis);
    return redis;
  };
  const redis = connect(settings.REDIS_URL, 'commands');
  const cacheRedis = settings.REDIS_CACHE_URL === '' ? redis : connect(settings.REDIS_CACHE_URL, 'commands');
  const keyspace = createKeyspace(settings.REDIS_KEY_PREFIX);
  const memory = watchMemory(redis, settings.REDIS_MEMORY_PERCENT_MAX / 100, onError);
  const wakeUps = createWakeUps(connect(settings.REDIS_URL, 'queue'), keyspace, onError);
  const mongo = createMongoClient({
    url: settings.MONGODB_URL,
    appName: 'rollcall-api',
    serverSelectionMs: settings.STORE_REPLY_MS_MAX,
    socketMs: settings.MONGODB_SOCKET_MS,
  });
  // An API starts also while its database is away; it says so in its readiness.
  mongo.connect().catch(onError);
  const collections = collectionsOf(mongo, settings.MONGODB_DATABASE);
  const registry = createRegistry();

  const reach = createCrashPoints(['after-append'], settings.CRASH_AT);
  const mailbox = createMailboxIntake({
    redis,
    keyspace,
    receiptTtlMs: settings.RECEIPT_TTL_SECONDS * 1000,
    unkeyedReceiptTtlMs: settings.UNKEYED_RECEIPT_TTL_SECONDS * 1000,
    depthMax: settings.MAILBOX_DEPTH_MAX,
    isNearMemoryLimit: () => memory.isNearLimit(),
  });

  const app = await createApi(
    {
      mailbox: {
        ...mailbox,
        async append(command) {
          const appended = await mailbox.append(command);
          reach('after-append');
          return appended;
        },
      },
      mailboxReady: () => redis.status === 'ready',
      wakeUps,
      counts: createCountCache({
        redis: cacheRedis,
        keyPrefix: settings.REDIS_KEY_PREFIX,
        ttlMs: settings.COUNT_CACHE_TTL_MS,
        onUnreadable: (eventId) => logger.warn({ eventId }, 'cached counts that nobody can read were removed'),
      }),
      queries: createEventQueries(collections, settings.STORE_REPLY_MS_MAX),
      erasing: {
        store: createStoreTraces(collections),
        mailboxes: createMailboxTraces({ redis, keyspace }),
      },
      followPublications: (handlers) =>
        subscribeToPublications({ redis: connect(settings.REDIS_URL, 'subscriber'), keyspace, onError, ...handlers }),
      isStoreAway,
      ping: {
        mongodb: () => mongo.db(settings.MONGODB_DATABASE).command({ ping: 1 }),
        redis: () => pingRedis(redis),
      },
      logger,
      registry,
    },
    settings,
  );
  const metrics = await startMetricsServer(registry, settings.METRICS_HOST, settings.METRICS_PORT);
  const address = await app.listen({ host: settings.API_HOST, port: settings.API_PORT });
  logger.info({ address, metricsPort: metrics.port, pid: process.pid }, 'api ready');

  return {
    async close() {
      await app.close();
      await memory.stop();
      await wakeUps[Symbol.asyncDispose]();
      await metrics[Symbol.asyncDispose]();
      await mongo.close();
      for (const connection of connections) connection.disconnect();
    },
  };
}

const maxTimeExpired = 50;

/** The driver's own labels say which errors of a server are those of one that is going away or not yet there. */
function isStoreAway(error: unknown): boolean {
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true;
  if (!(error instanceof MongoError)) return false;
  // A query that the server gave up.
  if (error.code === maxTimeExpired) return true;
  return (
    error.hasErrorLabel('RetryableReadError') ||
    error.hasErrorLabel('RetryableWriteError') ||
    error.hasErrorLabel('TransientTransactionError')
  );
}
