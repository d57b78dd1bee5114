import type { EventId } from '@rollcall/domain';
import type { EventView } from '@rollcall/engine';
import { LRUCache } from 'lru-cache';
import { singleFlight } from '../single-flight.ts';

/**
 * The events that this process has seen, so that commands are taken while the store is away and cost it nothing while it
 * is there. What is kept may be old: it may let a command through, for the worker decides, but it never refuses one by
 * itself. Before that the event is loaded again, by one query at a time however many ask.
 */
export interface KnownEvents {
  /** Without waiting; undefined when the event has not been seen. */
  peek(eventId: EventId): EventView | undefined;
  /** Undefined when there is no such event; nothing is remembered of it. */
  find(eventId: EventId): Promise<EventView | undefined>;
  /** As it is in the store now. */
  load(eventId: EventId): Promise<EventView | undefined>;
}

export interface KnownEventsOptions {
  readonly countMax: number;
  readonly findEvent: (eventId: EventId) => Promise<EventView | undefined>;
}

export function createKnownEvents({ countMax, findEvent }: KnownEventsOptions): KnownEvents {
  const known = new LRUCache<EventId, EventView>({ max: countMax });

  const load = singleFlight(async (eventId: EventId) => {
    const view = await findEvent(eventId);
    if (view === undefined) known.delete(eventId);
    else known.set(eventId, view);
    return view;
  });

  return {
    peek: (eventId) => known.get(eventId),
    load,
    find: async (eventId) => known.get(eventId) ?? load(eventId),
  };
}
