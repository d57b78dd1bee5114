import type { EventCounts, EventId, RoleCounts } from '@rollcall/domain';
import { sameHead } from '../memory.ts';
import type { Head } from '../ports.ts';
import type { CountsRepair, TrueCountsPorts } from './ports.ts';

/** Makes the cache say what the registrations say. All of it may be done twice, at the same time, and out of order. */
export interface TrueCounts {
  /**
   * Once an event has come to `head`, or beyond.
   *
   * @returns its counts, for those who want to be told; undefined when it is gone, or where `settle` has to say
   */
  bringTo(eventId: EventId, head: Head | undefined): Promise<EventCounts | undefined>;
  /** Counts the events of which something is cached, and leaves it to `settle` where that is another number. */
  compare(eventIds: readonly EventId[]): Promise<void>;
  /** Looks once more, a moment later, at all that has contradicted the store, and puts right what still does. @returns what is true of them */
  settle(signal?: AbortSignal): Promise<readonly EventCounts[]>;
}

/**
 * How long a contradiction must last before it is believed, in ms: a primary that was just elected may for a moment not
 * show what its predecessor had committed.
 */
const confirmMs = 1_000;

export function createTrueCounts({ cache, queries, observer, reach, pause }: TrueCountsPorts): TrueCounts {
  /** What was seen in the cache and is not what the store says. */
  let doubts = new Map<EventId, EventCounts>();
  const cachedOf = async (eventId: EventId) => (await cache.read([eventId])).get(eventId);

  async function bringTo(eventId: EventId, head: Head | undefined): Promise<EventCounts | undefined> {
    const cached = await cachedOf(eventId);
    if (cached !== undefined && head !== undefined) {
      // The worker that committed has done it.
      if (sameHead(cached, head)) return cached;
      // Or the one after it has, whose change is on its way: asked for after the cache, the event is at least as new.
      if (cached.version > head.version && isAtOrBehind(cached, await queries.readHead(eventId))) return cached;
    }
    const counted = await queries.countEvent(eventId);
    reach('relay-counted');
    if (cached !== undefined && (counted === undefined || counted.version <= cached.version)) {
      if (counted !== undefined && sameCounts(cached, counted)) return cached;
      doubts.set(eventId, cached);
      return undefined;
    }
    if (counted !== undefined && (await cache.setIfNewer(counted))) {
      report(eventId, cached === undefined ? 'missing' : 'behind', cached, counted);
    }
    reach('relay-cached');
    return counted;
  }

  /** What was seen before, contradicts the store, and is still there; whatever else has come is left alone. */
  async function replaceIfStill(seen: EventCounts): Promise<EventCounts | undefined> {
    const { eventId } = seen;
    const cached = await cachedOf(eventId);
    if (!sameHead(cached, seen)) return cached;
    const counted = await queries.countEvent(eventId);
    const kind = contradictionOf(cached ?? seen, counted);
    if (kind !== undefined && (await cache.replace(eventId, seen, counted))) report(eventId, kind, seen, counted);
    reach('relay-cached');
    return counted;
  }

  function report(
    eventId: EventId,
    kind: CountsRepair['kind'],
    cached: EventCounts | undefined,
    stored: EventCounts | undefined,
  ): void {
    observer.repaired({ eventId, kind, cached: headOf(cached), stored: headOf(stored) });
  }

  return {
    bringTo,
    async compare(eventIds) {
      for (const [eventId, cached] of await cache.read(eventIds)) {
        if (contradictionOf(cached, await queries.countEvent(eventId)) !== undefined) doubts.set(eventId, cached);
      }
    },
    async settle(signal) {
      if (doubts.size === 0) return [];
      const seen = doubts;
      doubts = new Map();
      // Where an event has only moved on, its new counts are on their way to the cache.
      await pause(confirmMs, signal);
      const settled: EventCounts[] = [];
      for (const cached of seen.values()) {
        const counts = await replaceIfStill(cached);
        if (counts !== undefined) settled.push(counts);
      }
      return settled;
    },
  };
}

/** Whether what is cached is of a past, or of the present, of an event that has this head. */
function isAtOrBehind(cached: Head, head: Head | undefined): boolean {
  return head !== undefined && (cached.version < head.version || sameHead(cached, head));
}

function contradictionOf(cached: EventCounts, counted: EventCounts | undefined): CountsRepair['kind'] | undefined {
  if (counted === undefined) return 'gone';
  if (cached.version > counted.version) return 'ahead';
  if (cached.version < counted.version) return 'behind';
  if (cached.commitId !== counted.commitId) return 'other-commit';
  return sameCounts(cached, counted) ? undefined : 'other-counts';
}

function sameCounts(one: EventCounts, other: EventCounts): boolean {
  if (!sameHead(one, other) || one.roles.size !== other.roles.size) return false;
  return [...one.roles].every(([roleId, counts]) => sameRole(counts, other.roles.get(roleId)));
}

const fields = [
  'capacity',
  'confirmed',
  'waitlist',
  'offered',
  'available',
] as const satisfies readonly (keyof RoleCounts)[];

function sameRole(one: RoleCounts, other: RoleCounts | undefined): boolean {
  return other !== undefined && fields.every((field) => one[field] === other[field]);
}

function headOf(counts: EventCounts | undefined): Head | undefined {
  return counts && { version: counts.version, commitId: counts.commitId };
}
