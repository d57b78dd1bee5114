import type { EventLock } from '@rollcall/engine';

/** A lock that nobody gets: its holder is dead or paused. */
export const takenLock: EventLock = { withEventLock: async () => ({ kind: 'busy' }) };

/** A lock that everybody gets, which is the lock switched off. */
export const noLock: EventLock = { withEventLock: async (_eventId, fn) => ({ kind: 'done', value: await fn() }) };
