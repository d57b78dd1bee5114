import type { Scheduler } from './scheduler.ts';

/** Keys that run out, as Redlock takes them. */
export interface Locks {
  /** @returns whether it is the holder's now */
  take(key: string, holder: object, ttlMs: number): boolean;
  /** @returns whether it still was the holder's */
  renew(key: string, holder: object, ttlMs: number): boolean;
  release(key: string, holder: object): void;
  snapshot(): () => void;
  flush(): void;
}

interface Held {
  readonly holder: object;
  readonly until: number;
}

export function createLocks(scheduler: Scheduler): Locks {
  let held = new Map<string, Held>();
  const holderOf = (key: string): object | undefined => {
    const lock = held.get(key);
    return lock === undefined || lock.until <= scheduler.now() ? undefined : lock.holder;
  };
  const put = (key: string, holder: object, ttlMs: number) => held.set(key, { holder, until: scheduler.now() + ttlMs });
  return {
    take(key, holder, ttlMs) {
      if (holderOf(key) !== undefined) return false;
      put(key, holder, ttlMs);
      return true;
    },
    renew(key, holder, ttlMs) {
      if (holderOf(key) !== holder) return false;
      put(key, holder, ttlMs);
      return true;
    },
    release(key, holder) {
      if (holderOf(key) === holder) held.delete(key);
    },
    snapshot() {
      const then = new Map(held);
      return () => {
        held = new Map(then);
      };
    },
    flush: () => held.clear(),
  };
}
