import type { EventCounts, EventId } from '@rollcall/domain';
import type { CountCache, EventQueries } from '@rollcall/engine';
import { singleFlight } from './single-flight.ts';
import { within } from './within.ts';

export interface Counting {
  /** Of one event. Who asks together is answered together. */
  ofEvent(eventId: EventId): Promise<EventCounts | undefined>;
  /** Of a page of events: one read of the cache, and one aggregation for what it lacks. */
  ofEvents(eventIds: readonly EventId[]): Promise<ReadonlyMap<EventId, EventCounts>>;
}

export interface CountingOptions {
  readonly cache: CountCache;
  readonly queries: Pick<EventQueries, 'countEvent' | 'countEvents'>;
  /** How long the cache may take before the store is asked, in ms. */
  readonly cacheMsMax: number;
  readonly onFault: (message: string, error: unknown) => void;
}

export function createCounting({ cache, queries, cacheMsMax, onFault }: CountingOptions): Counting {
  async function cached(eventIds: readonly EventId[]): Promise<ReadonlyMap<EventId, EventCounts>> {
    try {
      return await within(cacheMsMax, cache.read(eventIds));
    } catch (error) {
      onFault('count cache not read', error);
      return new Map();
    }
  }

  /** Not awaited: the next reader is as well served by counting again. */
  function fillBack(counts: EventCounts): void {
    cache.setIfNewer(counts).catch((error: unknown) => onFault('count cache not filled', error));
  }

  const ofEvent = singleFlight(async (eventId: EventId) => {
    const hit = (await cached([eventId])).get(eventId);
    if (hit !== undefined) return hit;
    const counts = await queries.countEvent(eventId);
    if (counts !== undefined) fillBack(counts);
    return counts;
  });

  return {
    ofEvent,
    async ofEvents(eventIds) {
      if (eventIds.length === 0) return new Map();
      const counts = new Map(await cached(eventIds));
      const missing = eventIds.filter((eventId) => !counts.has(eventId));
      if (missing.length === 0) return counts;
      for (const [eventId, fresh] of await queries.countEvents(missing)) {
        counts.set(eventId, fresh);
        fillBack(fresh);
      }
      return counts;
    },
  };
}
