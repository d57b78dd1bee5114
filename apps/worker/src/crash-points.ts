import { relayPoints, type EventLock, type EventStore, type Mailbox } from '@rollcall/engine';
import type { Reach } from '@rollcall/runtime';

/** Where a test can have a worker killed. */
export const workerPoints = [
  ...relayPoints,
  'after-read',
  'in-transaction',
  'after-commit',
  'after-done',
  'before-release',
] as const;
export type WorkerPoint = (typeof workerPoints)[number];

export interface Reached {
  readonly store: EventStore;
  readonly mailbox: Mailbox;
  readonly lock: EventLock;
}

/** The same, with the points around what they do. `in-transaction` is the store's own. */
export function reaching({ store, mailbox, lock }: Reached, reach: Reach<WorkerPoint>): Reached {
  return {
    store: {
      ...store,
      async commit(batch) {
        const outcome = await store.commit(batch);
        reach('after-commit');
        return outcome;
      },
    },
    mailbox: {
      ...mailbox,
      async readHead(eventId, countMax) {
        const entries = await mailbox.readHead(eventId, countMax);
        if (entries.length > 0) reach('after-read');
        return entries;
      },
      async done(eventId, entryIds, publication) {
        const left = await mailbox.done(eventId, entryIds, publication);
        reach('after-done');
        return left;
      },
    },
    lock: {
      withEventLock: (eventId, fn) =>
        lock.withEventLock(eventId, async () => {
          const value = await fn();
          reach('before-release');
          return value;
        }),
    },
  };
}
