import { Redis, type RedisOptions } from 'ioredis';

/**
 * What a connection is for.
 * `commands`: fails within `commandTimeoutMs`, is connected anew when nothing came for twice as long, and never sends a command twice, so that a caller can say what it knows.
 * `queue`: BullMQ's own, for adding. `blocking`: BullMQ's, for waiting; it never gives up. `subscriber`: listens only.
 */
export type ConnectionUse = 'commands' | 'queue' | 'blocking' | 'subscriber';

export interface ConnectOptions {
  readonly url: string;
  readonly use: ConnectionUse;
  readonly commandTimeoutMs: number;
  readonly onError: (error: unknown) => void;
}

type Options = Omit<RedisOptions, 'replyMapping'>;

/** Reconnects for ever, soon at first and then every half second. */
const retryStrategy = (attempt: number) => Math.min(attempt * 50, 500);

/** A client that tells its troubles to `onError`. */
export function connectRedis({ url, use, commandTimeoutMs, onError }: ConnectOptions): Redis {
  const redis = new Redis(url, { ...optionsFor(use, commandTimeoutMs), retryStrategy, connectTimeout: 2_000 });
  redis.on('error', onError);
  return redis;
}

function optionsFor(use: ConnectionUse, commandTimeoutMs: number): Options {
  // A connection that died without a word would be used until the system gives it up, after a quarter of an hour.
  const timeouts = { commandTimeout: commandTimeoutMs, socketTimeout: 2 * commandTimeoutMs };
  switch (use) {
    case 'commands':
      return {
        ...timeouts,
        // Many requests of one turn of the event loop travel, and are synced to disk, together.
        enableAutoPipelining: true,
        // Not connected is known at once, and what was sent is not sent again behind the caller's back.
        enableOfflineQueue: false,
        autoResendUnfulfilledCommands: false,
        maxRetriesPerRequest: 0,
      };
    case 'queue':
      return { ...timeouts, enableOfflineQueue: false, maxRetriesPerRequest: 0 };
    case 'blocking':
      return { maxRetriesPerRequest: null };
    case 'subscriber':
      return { maxRetriesPerRequest: null, autoResubscribe: true };
  }
}

/** Waits for as long as the client goes on trying. @throws Error when it was disconnected meanwhile. */
export async function untilReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return;
  await new Promise<void>((resolve, reject) => {
    redis.once('ready', resolve);
    redis.once('end', () => reject(new Error('the connection to Redis has ended')));
  });
}
