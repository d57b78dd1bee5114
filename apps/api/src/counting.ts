import type { EventCounts, EventId } from '@rollcall/domain';
import type { CountCache, EventQueries } from '@rollcall/engine';
import { singleFlight } from './single-flight.ts';
import { within } from './within.ts';

export interface Counting {
  /** Of one event, and where the cache is behind `versionMin`, as they are now. Who asks together is answered together. */
  ofEvent(eventId: EventId, versionMin?: number): Promise<EventCounts | undefined>;
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

  const count = singleFlight(async (eventId: EventId) => {
    const counts = await queries.countEvent(eventId);
    if (counts !== undefined) fillBack(counts);
    return counts;
  });
  const cachedOrCounted = singleFlight(
    async (eventId: EventId) => (await cached([eventId])).get(eventId) ?? count(eventId),
  );

  return {
    async ofEvent(eventId, versionMin = 0) {
      const counts = await cachedOrCounted(eventId);
      return counts === undefined || counts.version >= versionMin ? counts : count(eventId);
    },
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
