import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { connectRedis, untilReady, type ConnectionUse } from './connect.ts';
import type { JobWorkerOptions } from './job-worker.ts';
import { createKeyspace, type Keyspace } from './keyspace.ts';
import { createWritePause } from './write-pause.ts';

/** Connections and a key prefix of a test's own on a shared server. */
export interface TestRedis {
  readonly keyspace: Keyspace;
  connect(use: ConnectionUse): Promise<Redis>;
  /** For a worker of two jobs at a time. */
  jobOptions(onError: (error: unknown) => void): Promise<JobWorkerOptions>;
  close(): void;
}

export function testRedis(url: string): TestRedis {
  const connections: Redis[] = [];
  const ignore = () => undefined;
  const keyspace = createKeyspace(`t${randomBytes(6).toString('hex')}:`);
  const open = (use: ConnectionUse) => connectRedis({ url, use, commandTimeoutMs: 5_000, onError: ignore });

  async function connect(use: ConnectionUse): Promise<Redis> {
    const redis = open(use);
    connections.push(redis);
    await untilReady(redis);
    return redis;
  }

  return {
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
