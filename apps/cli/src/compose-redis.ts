import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createCountCache } from '@rollcall/counts-redis';
import type { EventCounts, EventId } from '@rollcall/domain';
import type { ErasePorts } from '@rollcall/engine';
import {
  connectRedis,
  createKeyspace,
  createMailboxIntake,
  createMailboxTraces,
  createWakeUps,
  untilReady,
  type ConnectionUse,
} from '@rollcall/mailbox-redis';
import { createEventQueries, createStoreTraces } from '@rollcall/store-mongo';
import type { Database } from './compose.ts';
import type { Environment } from './environment.ts';
import { UsageError } from './usage-error.ts';

// Apart from compose.ts: whoever does without Redis does without its drivers, which take 60 MB.

const commandTimeoutMs = 5_000;
const connectMsMax = 10_000;
const readMsMax = 120_000;

export interface Counts extends AsyncDisposable {
  /** Undefined when the cache has nothing of the event. */
  read(eventId: EventId): Promise<EventCounts | undefined>;
}

export async function openCounts(environment: Environment): Promise<Counts> {
  const { url, keyPrefix } = environment.counts();
  const redis = await connected(url, 'commands', 'the Redis of the count cache does not answer');
  // It is never written to, so how long counts would last means nothing.
  const cache = createCountCache({ redis, keyPrefix, ttlMs: 1 });
  return {
    read: async (eventId) => (await cache.read([eventId])).get(eventId),
    async [Symbol.asyncDispose]() {
      redis.disconnect();
    },
  };
}

export interface Erasing extends AsyncDisposable {
  readonly ports: ErasePorts;
}

/** As long as it takes to see a command decided: nobody sends these again. */
const receiptTtlMs = 3_600_000;
/** Somebody who is to be forgotten does not wait until there is room. */
const depthMax = 10_000_000;

/** What it takes to send commands into mailboxes past the API, and to see them decided. */
export async function openErasing(environment: Environment, { collections }: Database): Promise<Erasing> {
  const { url, keyPrefix } = environment.mailboxes();
  const silent = 'the Redis of the mailboxes does not answer';
  const redis = await connected(url, 'commands', silent);
  const queueRedis = await connected(url, 'queue', silent);
  const keyspace = createKeyspace(keyPrefix);
  const wakeUps = createWakeUps(queueRedis, keyspace, () => undefined);
  const intake = createMailboxIntake({
    redis,
    keyspace,
    receiptTtlMs,
    unkeyedReceiptTtlMs: receiptTtlMs,
    depthMax,
    isNearMemoryLimit: () => false,
  });
  return {
    ports: {
      store: createStoreTraces(collections),
      queries: createEventQueries(collections, readMsMax),
      intake,
      mailboxes: createMailboxTraces({ redis, keyspace }),
      wakeUps,
      newToken: () => randomBytes(16).toString('base64url'),
      pause: async (ms) => {
        await delay(ms);
      },
      elapsed: () => performance.now(),
    },
    async [Symbol.asyncDispose]() {
      await wakeUps[Symbol.asyncDispose]();
      for (const connection of [redis, queueRedis]) connection.disconnect();
    },
  };
}

/** @throws UsageError that says `silent` when nobody answers in time. */
async function connected(url: string, use: ConnectionUse, silent: string): Promise<ReturnType<typeof connectRedis>> {
  const redis = connectRedis({ url, use, commandTimeoutMs, onError: () => undefined });
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new UsageError(silent)), connectMsMax);
  try {
    await Promise.race([untilReady(redis), promise]);
    return redis;
  } catch (error) {
    redis.disconnect();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
