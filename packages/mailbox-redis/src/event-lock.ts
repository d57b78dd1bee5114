import type { EventLock } from '@rollcall/engine';
import type { Keyspace } from './keyspace.ts';
import { createRenewedLock, type LockOptions } from './renewed-lock.ts';

export interface EventLockOptions extends LockOptions {
  readonly keyspace: Keyspace;
}

/** The event lock. Whoever loses it under the work goes on: the store judges their commits. */
export function createEventLock({ keyspace, ...options }: EventLockOptions): EventLock {
  const lock = createRenewedLock(options);
  return { withEventLock: (eventId, fn) => lock.withLock(keyspace.lock(eventId), fn) };
}

/** Every worker works at once. Slower, and still correct: the store judges. For tests that prove it. */
export const noEventLock: EventLock = {
  async withEventLock(_eventId, fn) {
    return { kind: 'done', value: await fn() };
  },
};
