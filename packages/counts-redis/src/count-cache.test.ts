import { randomBytes } from 'node:crypto';
import { countCacheContract } from '@rollcall/testkit';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { createCountCache } from './count-cache.ts';

countCacheContract('Redis hashes', async () => {
  const redis = new Redis(inject('redisUrl'));
  return {
    cache: createCountCache({ redis, keyPrefix: `t${randomBytes(6).toString('hex')}:`, ttlMs: 60_000 }),
    async close() {
      redis.disconnect();
    },
  };
});
