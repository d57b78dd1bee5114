import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { connectRedis, untilReady, type ConnectionUse } from './connect.ts';
import { createKeyspace, type Keyspace } from './keyspace.ts';

/** Connections and a key prefix of a test's own on a shared server. */
export interface TestRedis {
  readonly keyspace: Keyspace;
  connect(use: ConnectionUse): Promise<Redis>;
  close(): void;
}

export function testRedis(url: string): TestRedis {
  const connections: Redis[] = [];
  return {
    keyspace: createKeyspace(`t${randomBytes(6).toString('hex')}:`),
    async connect(use) {
      const redis = connectRedis({ url, use, commandTimeoutMs: 5_000, onError: () => undefined });
      connections.push(redis);
      await untilReady(redis);
      return redis;
    },
    close() {
      for (const redis of connections) redis.disconnect();
    },
  };
}
