import type { EventId } from '@rollcall/domain';
import type { EventLock } from '@rollcall/engine';

export interface InMemoryEventLock extends EventLock {
  /** The lock runs out under its holder, as it does for a paused process. */
  expire(eventId: EventId): void;
}

/** One lock server: everybody who shares the object shares the locks. */
export function createInMemoryEventLock(): InMemoryEventLock {
  const holders = new Map<EventId, symbol>();
  return {
    async withEventLock(eventId, fn) {
      if (holders.has(eventId)) return { kind: 'busy' };
      const token = Symbol(eventId);
      holders.set(eventId, token);
      try {
        return { kind: 'done', value: await fn() };
      } finally {
        // Only one's own: after it ran out, somebody else may hold it.
        if (holders.get(eventId) === token) holders.delete(eventId);
      }
    },
    expire: (eventId) => void holders.delete(eventId),
  };
}
