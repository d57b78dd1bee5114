import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventCounts, EventId } from '@rollcall/domain';
import type { CountCache, EventQueries } from '@rollcall/engine';
import { singleFlight } from '../single-flight.ts';
import { within } from '../within.ts';

export interface Counting {
  /**
   * Of one event. Who asks together is answered together, and what the cache lacks is counted once. `versionMin` is one that
   * exists: a cache that is behind it is waited for a moment, and then the store counts. Older counts than that are of a
   * store that was set back.
   */
  ofEvent(eventId: EventId, versionMin?: number): Promise<EventCounts | undefined>;
  /** Of a page of events: one read of the cache, and one aggregation for what it lacks. `versionMinOf` as above. */
  ofEvents(
    eventIds: readonly EventId[],
    versionMinOf?: (eventId: EventId) => number,
  ): Promise<ReadonlyMap<EventId, EventCounts>>;
}

export interface CountingOptions {
  readonly cache: CountCache;
  readonly queries: Pick<EventQueries, 'countEvent' | 'countEvents'>;
  /** How long the cache may take before the store is asked, in ms. */
  readonly cacheMsMax: number;
  /** How long the cache is given to reach a version that exists, in ms: workers refresh it right after each commit. */
  readonly waitMsMax: number;
  /** Told how many events the store has counted. */
  readonly onCounted: (events: number) => void;
  readonly onFault: (message: string, error: unknown) => void;
}

/** Between two looks at a cache that is behind, in ms. */
const lookAgainMs = 10;

export function createCounting(options: CountingOptions): Counting {
  const { cache, queries, cacheMsMax, waitMsMax, onCounted, onFault } = options;

  /** Undefined: it could not be asked, and is not worth filling either. */
  async function cached(eventIds: readonly EventId[]): Promise<ReadonlyMap<EventId, EventCounts> | undefined> {
    try {
      return await within(cacheMsMax, cache.read(eventIds));
    } catch (error) {
      onFault('count cache not read', error);
      return undefined;
    }
  }

  /** Waited for, so that who comes next finds it filled. */
  async function fill(counts: EventCounts): Promise<void> {
    try {
      await within(cacheMsMax, cache.setIfNewer(counts));
    } catch (error) {
      onFault('count cache not filled', error);
    }
  }

  const count = singleFlight(async (eventId: EventId) => {
    const counts = await queries.countEvent(eventId);
    onCounted(1);
    return counts;
  });
  const countAndFill = singleFlight(async (eventId: EventId) => {
    const counts = await count(eventId);
    if (counts !== undefined) await fill(counts);
    return counts;
  });
  const cachedOrCounted = singleFlight(async (eventId: EventId) => {
    const found = await cached([eventId]);
    return found === undefined ? count(eventId) : (found.get(eventId) ?? countAndFill(eventId));
  });

  async function ofEvent(eventId: EventId, versionMin = 0): Promise<EventCounts | undefined> {
    const until = performance.now() + waitMsMax;
    for (;;) {
      const counts = await cachedOrCounted(eventId);
      if (counts === undefined || counts.version >= versionMin) return counts;
      if (performance.now() >= until) return countAndFill(eventId);
      await delay(lookAgainMs);
    }
  }

  return {
    ofEvent,
    async ofEvents(eventIds, versionMinOf = () => 0) {
      if (eventIds.length === 0) return new Map();
      const found = await cached(eventIds);
      const counts = new Map(found);
      const missing = eventIds.filter((eventId) => !counts.has(eventId));
      const behind = [...counts.values()].filter(({ eventId, version }) => version < versionMinOf(eventId));
      const counted = missing.length === 0 ? [] : [...(await queries.countEvents(missing)).values()];
      if (missing.length > 0) onCounted(missing.length);
      if (found !== undefined) await Promise.all(counted.map(fill));
      const reached = await Promise.all(behind.map(({ eventId }) => ofEvent(eventId, versionMinOf(eventId))));
      for (const fresh of [...counted, ...reached]) if (fresh !== undefined) counts.set(fresh.eventId, fresh);
      return counts;
    },
  };
}
