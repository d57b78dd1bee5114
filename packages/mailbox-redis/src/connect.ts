import calculateSlot from 'cluster-key-slot';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { RedisClient } from './client.ts';
import { parseClusterUrl, type ClusterAddress } from './cluster-url.ts';
import { inTurn, toOwnerOf } from './connectors.ts';
import { queueTag } from './keyspace.ts';
import { commandsOfManyKeys } from './scripts.ts';

/**
 * What a connection is for.
 * `commands`: fails within `commandTimeoutMs`, is connected anew when nothing came for twice as long, and never sends a command twice, so that a caller can say what it knows.
 * `queue`: BullMQ's own, for adding. `blocking`: BullMQ's, for waiting; it never gives up. `subscriber`: listens only.
 */
export type ConnectionUse = 'commands' | 'queue' | 'blocking' | 'subscriber';

export interface ConnectOptions {
  /** Of one server; or of a cluster, as redis-cluster://host:port,host:port: some of its masters, it tells of the others. */
  readonly url: string;
  readonly use: ConnectionUse;
  readonly commandTimeoutMs: number;
  readonly onError: (error: unknown) => void;
}

type Options = Omit<RedisOptions, 'replyMapping'>;

/** Reconnects for ever, soon at first and then every half second. */
const retryStrategy = (attempt: number) => Math.min(attempt * 50, 500);
const connectTimeout = 2_000;
/** How often a cluster is asked who has what, in ms: so soon a master that was lost is looked for again. */
const slotsRefreshInterval = 1_000;

/** A client that tells its troubles to `onError`. @throws Error when the URL can't be read. */
export function connectRedis({ url, use, commandTimeoutMs, onError }: ConnectOptions): RedisClient {
  const address = parseClusterUrl(url);
  const options = { ...optionsFor(use, commandTimeoutMs), retryStrategy, connectTimeout };
  const redis = address === undefined ? new Redis(url, options) : connectToCluster(address, use, options);
  redis.on('error', onError);
  redis.on('node error', onError);
  return redis;
}

function connectToCluster(address: ClusterAddress, use: ConnectionUse, options: Options): RedisClient {
  switch (use) {
    case 'commands':
      return connectToAll(address, options);
    case 'queue':
    case 'blocking':
    case 'subscriber':
      return new Redis({ ...options, ...toOneOf(address, use), ...address.login });
  }
}

/**
 * Whoever needs one server of a cluster has an ordinary connection to it, which says when it had to be made anew. BullMQ loses
 * a blocking connection for good when a master of a cluster stands still for longer than it waits.
 */
function toOneOf(address: ClusterAddress, use: Exclude<ConnectionUse, 'commands'>): Options {
  switch (use) {
    case 'queue':
    case 'blocking':
      return {
        Connector: toOwnerOf(calculateSlot(queueTag), address),
        // It has been given to another master. Nothing was done yet: to be sent again, to that one.
        reconnectOnError: ({ message }) => (message.startsWith('MOVED') ? 2 : false),
      };
    case 'subscriber':
      // What is published on one of them is heard on all.
      return { Connector: inTurn(address) };
  }
}

function connectToAll({ nodes, login }: ClusterAddress, options: Options): Cluster {
  const { enableOfflineQueue = true, enableAutoPipelining = false, retryStrategy: _, ...ofNode } = options;
  const cluster = new Cluster([...nodes], {
    clusterRetryStrategy: retryStrategy,
    slotsRefreshInterval,
    enableOfflineQueue,
    enableAutoPipelining,
    // Their first argument is a number, which would be taken for the key that says where it goes.
    autoPipeliningIgnoredCommands: commandsOfManyKeys,
    // What was redirected has not been done yet. Of what was on a connection that is closed nobody knows.
    maxRedirections: 5,
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    redisOptions: { ...ofNode, ...login },
  });
  // Otherwise connected by the first command, while the others are refused.
  cluster.on('+node', (node: Redis) => void node.connect().catch(() => undefined));
  return cluster;
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

/**
 * Waits for as long as the client goes on trying; of a cluster, until each of its masters can be used or is given up.
 * @throws Error when it was disconnected meanwhile.
 */
export async function untilReady(redis: RedisClient): Promise<void> {
  if (redis.status !== 'ready') {
    await new Promise<void>((resolve, reject) => {
      redis.once('ready', resolve);
      redis.once('end', () => reject(new Error('the connection to Redis has ended')));
    });
  }
  if (redis instanceof Cluster) await Promise.allSettled(redis.nodes('master').map(untilReady));
}
