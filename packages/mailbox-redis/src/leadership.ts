import { every, type Repeating } from '@rollcall/runtime';
import type { Keyspace } from './keyspace.ts';
import { createRenewedLock, type LockOptions } from './renewed-lock.ts';

export interface LeadershipOptions extends LockOptions {
  readonly keyspace: Keyspace;
  /** Pause before somebody who stands by, or who has failed, tries to lead, in ms. */
  readonly tryEveryMs: number;
  /** What the leader does until it is told to stop. */
  readonly lead: (signal: AbortSignal) => Promise<void>;
}

/**
 * Sees to it that one of all processes that ask for it leads. After it died the next one takes over within `ttlMs` and
 * `tryEveryMs`, after an orderly stop within `tryEveryMs`. One that was paused may lead for a moment beside its successor.
 */
export function startLeadership({ keyspace, tryEveryMs, lead, ...options }: LeadershipOptions): Repeating {
  const lock = createRenewedLock(options);
  const stopping = new AbortController();
  const trying = every(
    tryEveryMs,
    async () => {
      await lock.withLock(keyspace.relay, (lost) => lead(AbortSignal.any([lost, stopping.signal])));
    },
    options.onError,
  );
  return {
    async stop() {
      stopping.abort();
      await trying.stop();
    },
  };
}
