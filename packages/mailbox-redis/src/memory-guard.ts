import { every, type Repeating } from '@rollcall/runtime';
import type { Redis } from 'ioredis';

export interface MemoryGuard {
  /** As of the last look. */
  isNearLimit(): boolean;
  stop(): Promise<void>;
}

/** How often Redis is asked for its memory, in ms. */
const lookEveryMs = 1_000;

/**
 * Watches how full Redis is. At its limit BullMQ stops dead while trimming still works, so new commands are refused well
 * before: at `fractionMax` of `maxmemory`. Without a limit it never refuses.
 */
export function watchMemory(redis: Redis, fractionMax: number, onError: (error: unknown) => void): MemoryGuard {
  let nearLimit = false;
  const look: Repeating = every(
    lookEveryMs,
    async () => {
      const info = await redis.info('memory');
      const used = Number(/^used_memory:(\d+)/m.exec(info)?.[1]);
      const limit = Number(/^maxmemory:(\d+)/m.exec(info)?.[1]);
      nearLimit = limit > 0 && used >= limit * fractionMax;
    },
    onError,
  );
  return { isNearLimit: () => nearLimit, stop: () => look.stop() };
}
