import type { EventCounts, EventId } from '@rollcall/domain';
import type { CountCache } from '@rollcall/engine';

export function createInMemoryCountCache(): CountCache {
  const kept = new Map<EventId, EventCounts>();
  return {
    async setIfNewer(counts) {
      const before = kept.get(counts.eventId);
      if (before === undefined || before.version < counts.version) kept.set(counts.eventId, structuredClone(counts));
    },
    async read(eventIds) {
      const found = new Map<EventId, EventCounts>();
      for (const eventId of eventIds) {
        const counts = kept.get(eventId);
        if (counts !== undefined) found.set(eventId, structuredClone(counts));
      }
      return found;
    },
  };
}
