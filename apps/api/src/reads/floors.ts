import type { Answer, EventId } from '@rollcall/domain';
import { LRUCache } from 'lru-cache';

/**
 * Versions that this process has told somebody of, or knows to exist: who was answered a decision finds it in what they
 * read here next. The store is the judge: where it knows of no such version, it is forgotten.
 */
export interface Floors {
  /** 0 where nothing is known. */
  of(eventId: EventId): number;
  /** How often one was raised: while it is the same, what was new enough still is. */
  readonly raised: number;
  /** How often that was by a change of an event itself, which may put it on another page. */
  readonly eventsChanged: number;
  raise(eventId: EventId, version: number): void;
  /** Somebody is being answered so. */
  tell(answer: Answer): void;
  /** The store knows of no such version: it was set back. One that was raised meanwhile stays. */
  forget(eventId: EventId, version: number): void;
}

export function createFloors(countMax: number): Floors {
  const versions = new LRUCache<EventId, number>({ max: countMax });
  let raised = 0;
  let eventsChanged = 0;

  function raise(eventId: EventId, version: number): void {
    if (version <= (versions.get(eventId) ?? 0)) return;
    versions.set(eventId, version);
    raised += 1;
  }
  return {
    of: (eventId) => versions.get(eventId) ?? 0,
    get raised() {
      return raised;
    },
    get eventsChanged() {
      return eventsChanged;
    },
    raise,
    tell({ eventId, version, result }) {
      raise(eventId, version);
      if (result.kind === 'created' || result.kind === 'changed' || result.kind === 'role-added') eventsChanged += 1;
    },
    forget(eventId, version) {
      if (versions.get(eventId) === version) versions.delete(eventId);
    },
  };
}
