import type { EventCounts, EventId } from '@rollcall/domain';
import type { CountCache } from '@rollcall/engine';
import { copyOf } from './copy.ts';

export interface InMemoryCountCache extends CountCache {
  /** Writes past all rules, as a hand would; undefined: removes. */
  put(eventId: EventId, counts: EventCounts | undefined): void;
  /** 0: nothing is cached. */
  versionOf(eventId: EventId): number;
  snapshot(): () => void;
  flush(): void;
}

export function createInMemoryCountCache(): InMemoryCountCache {
  let kept = new Map<EventId, EventCounts>();
  const put = (eventId: EventId, counts: EventCounts | undefined): void => {
    if (counts === undefined) kept.delete(eventId);
    else kept.set(eventId, copyOf(counts));
  };
  return {
    put,
    versionOf: (eventId) => kept.get(eventId)?.version ?? 0,
    snapshot() {
      const then = new Map(kept);
      return () => {
        kept = new Map(then);
      };
    },
    flush: () => kept.clear(),
    async setIfNewer(counts) {
      const before = kept.get(counts.eventId);
      if (before !== undefined && before.version >= counts.version) return false;
      put(counts.eventId, counts);
      return true;
    },
    async replace(eventId, seen, counts) {
      const before = kept.get(eventId);
      if (before?.version !== seen.version || before.commitId !== seen.commitId) return false;
      put(eventId, counts);
      return true;
    },
    async read(eventIds) {
      const found = new Map<EventId, EventCounts>();
      for (const eventId of eventIds) {
        const counts = kept.get(eventId);
        if (counts !== undefined) found.set(eventId, copyOf(counts));
      }
      return found;
    },
  };
}
