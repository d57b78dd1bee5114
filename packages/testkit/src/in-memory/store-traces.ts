import type { StoreTraces } from '@rollcall/engine';
import { tracesOf } from './erasure.ts';
import type { InMemoryEventStore } from './event-store.ts';

export function createInMemoryStoreTraces(store: InMemoryEventStore): StoreTraces {
  return {
    async findEventsOf(userId, signal) {
      if (signal?.aborted === true) return [];
      const events = [...store.documents()];
      const named = events.filter(([, documents]) => {
        const { registrationIds, decisions } = tracesOf(documents, userId);
        return registrationIds.length + decisions.length > 0;
      });
      return named.map(([eventId]) => eventId);
    },
  };
}
