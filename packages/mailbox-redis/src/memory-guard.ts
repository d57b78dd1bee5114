import { every, type Repeating } from '@rollcall/runtime';
import type { RedisClient } from './client.ts';
import { mastersOf } from './masters.ts';

export interface MemoryGuard {
  /** As of the last look. */
  isNearLimit(): boolean;
  stop(): Promise<void>;
}

/** How often Redis is asked for its memory, in ms. */
const lookEveryMs = 1_000;

/**
 * Watches how full Redis is. At its limit BullMQ stops dead while trimming still works, so new commands are refused well
 * before: at `fractionMax` of `maxmemory`, of any master of a cluster. Without a limit it never refuses.
 */
export function watchMemory(redis: RedisClient, fractionMax: number, onError: (error: unknown) => void): MemoryGuard {
  let nearLimit = false;
  const look: Repeating = every(
    lookEveryMs,
    async () => {
      // A master that is away takes nothing anyway.
      const answers = await Promise.allSettled(mastersOf(redis).map((master) => master.info('memory')));
      nearLimit = answers.some((answer) => answer.status === 'fulfilled' && isNear(answer.value, fractionMax));
      const failed = answers.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    },
    onError,
  );
  return { isNearLimit: () => nearLimit, stop: () => look.stop() };
}

function isNear(info: string, fractionMax: number): boolean {
  const used = Number(/^used_memory:(\d+)/m.exec(info)?.[1]);
  const limit = Number(/^maxmemory:(\d+)/m.exec(info)?.[1]);
  return limit > 0 && used >= limit * fractionMax;
}
