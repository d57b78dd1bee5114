import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { LockOutcome } from '@rollcall/engine';
import { every } from '@rollcall/runtime';
import Redlock, { type Lock } from 'redlock';
import type { RedisClient } from './client.ts';

export interface LockOptions {
  /** One, or an odd number of independent masters. */
  readonly clients: readonly RedisClient[];
  /** How long a lock outlives a holder that has died, in ms. */
  readonly ttlMs: number;
  /** How often a holder renews it, in ms; well below `ttlMs`. */
  readonly renewEveryMs: number;
  /** How long taking it may last before it counts as taken by somebody else, in ms. */
  readonly deadlineMs: number;
  readonly onError: (error: unknown) => void;
}

export interface RenewedLock {
  /** One attempt. `lost` is aborted when the lock has not been renewed for as long as it lasts: somebody else may hold it. */
  withLock<T>(key: string, fn: (lost: AbortSignal) => Promise<T>): Promise<LockOutcome<T>>;
}

/** Locks by Redlock: one attempt, renewed while `fn` runs; trouble with a lock is never trouble for `fn`. */
export function createRenewedLock({ clients, ttlMs, renewEveryMs, deadlineMs, onError }: LockOptions): RenewedLock {
  const redlock = new Redlock([...clients], { retryCount: 0, driftFactor: 0.01 });
  redlock.on('clientError', onError);

  async function takeOnce(key: string): Promise<Lock | undefined> {
    let late = false;
    const taking = redlock.lock(key, ttlMs).then(
      (lock) => {
        // Nobody waits for it any more.
        if (late) void lock.unlock().catch(onError);
        return lock;
      },
      () => undefined,
    );
    return Promise.race([
      taking,
      delay(deadlineMs, undefined, { ref: false }).then(() => {
        late = true;
        return undefined;
      }),
    ]);
  }

  return {
    async withLock(key, fn) {
      const taken = await takeOnce(key);
      if (taken === undefined) return { kind: 'busy' };
      let lock = taken;
      let renewedAt = performance.now();
      const lost = new AbortController();
      const renewal = every(
        renewEveryMs,
        async () => {
          const begunAt = performance.now();
          lock = await lock.extend(ttlMs);
          renewedAt = begunAt;
        },
        (error) => {
          onError(error);
          if (performance.now() - renewedAt >= ttlMs) lost.abort();
        },
      );
      try {
        return { kind: 'done', value: await fn(lost.signal) };
      } finally {
        await renewal.stop();
        // It may have expired under us; then somebody else holds it or nobody does, and both are fine.
        await lock.unlock().catch(onError);
      }
    },
  };
}
