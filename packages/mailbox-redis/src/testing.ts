import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import type { RedisClient } from './client.ts';
import { connectRedis, untilReady, type ConnectionUse } from './connect.ts';
import type { JobWorkerOptions } from './job-worker.ts';
import { createKeyspace, type Keyspace } from './keyspace.ts';
import { createWritePause } from './write-pause.ts';

/** What each suite runs on. */
export const redisKinds = [
  { kind: 'one server', url: inject('redisUrl') },
  { kind: 'a cluster of three masters', url: inject('redisClusterUrl') },
] as const;

/** Connections and a key prefix of a test's own on a shared server. */
export interface TestRedis {
  readonly keyPrefix: string;
  readonly keyspace: Keyspace;
  connect(use: ConnectionUse): Promise<RedisClient>;
  /** For a worker of two jobs at a time. */
  jobOptions(onError: (error: unknown) => void): Promise<JobWorkerOptions>;
  close(): void;
}

export function testRedis(url: string): TestRedis {
  const connections: RedisClient[] = [];
  const ignore = () => undefined;
  const keyPrefix = `t${randomBytes(6).toString('hex')}:`;
  const keyspace = createKeyspace(keyPrefix);
  const open = (use: ConnectionUse) => connectRedis({ url, use, commandTimeoutMs: 5_000, onError: ignore });

  async function connect(use: ConnectionUse): Promise<RedisClient> {
    const redis = open(use);
    connections.push(redis);
    await untilReady(redis);
    return redis;
  }

  return {
    keyPrefix,
    keyspace,
    connect,
    async jobOptions(onError) {
      const redis = await connect('commands');
      return {
        connect: () => open('blocking'),
        queueRedis: await connect('queue'),
        keyspace,
        concurrency: 2,
        jobLockMs: 5_000,
        stalledEveryMs: 2_000,
        stuckMs: 20_000,
        writes: createWritePause({ redis, keyspace, pauseMsMax: 1_000, onBegin: ignore, onEnd: ignore }),
        onReplaced: ignore,
        onError,
      };
    },
    close() {
      for (const redis of connections) redis.disconnect();
    },
  };
}
