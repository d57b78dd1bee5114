import { setTimeout as delay } from 'node:timers/promises';
import type { EventLock } from '@rollcall/engine';
import { every } from '@rollcall/runtime';
import type { Redis } from 'ioredis';
import Redlock, { type Lock } from 'redlock';
import type { Keyspace } from './keyspace.ts';

export interface EventLockOptions {
  /** One, or an odd number of independent masters. */
  readonly clients: readonly Redis[];
  readonly keyspace: Keyspace;
  /** How long a lock outlives a holder that has died, in ms. */
  readonly ttlMs: number;
  /** How often a holder renews it, in ms; well below `ttlMs`. */
  readonly renewEveryMs: number;
  /** How long taking it may last before it counts as taken by somebody else, in ms. */
  readonly deadlineMs: number;
  readonly onError: (error: unknown) => void;
}

/** The event lock by Redlock: one attempt, renewed while `fn` runs; trouble with it is never trouble for `fn`. */
export function createEventLock(options: EventLockOptions): EventLock {
  const { clients, keyspace, ttlMs, renewEveryMs, deadlineMs, onError } = options;
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
    async withEventLock(eventId, fn) {
      const taken = await takeOnce(keyspace.lock(eventId));
      if (taken === undefined) return { kind: 'busy' };
      let lock = taken;
      const renewal = every(
        renewEveryMs,
        async () => {
          lock = await lock.extend(ttlMs);
        },
        onError,
      );
      try {
        return { kind: 'done', value: await fn() };
      } finally {
        await renewal.stop();
        // It may have expired under us; then somebody else holds it or nobody does, and both are fine.
        await lock.unlock().catch(onError);
      }
    },
  };
}

/** Every worker works at once. Slower, and still correct: the store judges. For tests that prove it. */
export const noEventLock: EventLock = {
  async withEventLock(_eventId, fn) {
    return { kind: 'done', value: await fn() };
  },
};
