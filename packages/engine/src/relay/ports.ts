import type { EventCounts, EventId, Instant } from '@rollcall/domain';
import type { CountCache, Head } from '../ports.ts';
import type { EventQueries } from '../queries.ts';

/** Where following changes can go on. Only the store that gave it out knows what it says. */
export type ResumePoint = string & { readonly __brand: 'ResumePoint' };

/** An event's document was written: one change per batch, however much was decided in it. */
export interface EventChange {
  readonly eventId: EventId;
  /** What it says since; undefined: it was deleted. */
  readonly head: Head | undefined;
  readonly committedAt: Instant;
}

export interface ChangeStep {
  /** Undefined where nothing happened: then only the resume point has moved. */
  readonly change: EventChange | undefined;
  /** All changes up to this one lie before it. */
  readonly resumePoint: ResumePoint;
}

export interface EventHead extends Head {
  readonly eventId: EventId;
}

/** The store does not have the changes after this point any more: what they were has to be found from the events themselves. */
export class ChangesLostError extends Error {
  override readonly name = 'ChangesLostError';
}

/** Committed changes of all events. */
export interface EventChanges {
  /** A point that everything which is committed from now on lies behind. */
  now(): Promise<ResumePoint>;
  /**
   * In the order of their commits, each at least once, with a step at least every second. Ends when `signal` is aborted.
   *
   * @throws ChangesLostError
   */
  follow(from: ResumePoint, signal: AbortSignal): AsyncIterable<ChangeStep>;
  readResumePoint(): Promise<ResumePoint | undefined>;
  storeResumePoint(point: ResumePoint): Promise<void>;
  /** In order of ids, those behind `after`. */
  readHeads(after: EventId | undefined, countMax: number): Promise<readonly EventHead[]>;
}

/** Tells the APIs of counts. May fail or be lost: they look by themselves, only later. */
export interface CountsChannel {
  publish(counts: EventCounts): Promise<void>;
}

/** Where a test can have the relay killed. */
export const relayPoints = [
  'relay-elected',
  'relay-heads-read',
  'relay-change-read',
  'relay-counted',
  'relay-cached',
  'relay-published',
  'relay-point-stored',
] as const;
export type RelayPoint = (typeof relayPoints)[number];

/** What was wrong with the cache, and has been put right. */
export interface CountsRepair {
  readonly eventId: EventId;
  readonly kind:
    /** A change was committed, and nothing is cached of the event. */
    | 'missing'
    | 'behind'
    /** Of a version that the event has not, or not any more: the store was restored to an earlier state. */
    | 'ahead'
    /** Of the right version by another commit: restored as well, and other decisions since. */
    | 'other-commit'
    /** Right version and commit, other numbers: somebody else wrote them. */
    | 'other-counts'
    /** The event is gone. */
    | 'gone';
  readonly cached: Head | undefined;
  readonly stored: Head | undefined;
}

export interface RelayObserver {
  /** Whether this process leads since. */
  leads(isLeading: boolean): void;
  /** The changes after the stored point are gone, or there is no such point: all heads are compared. */
  changesLost(): void;
  /** `lagMs`: since the commit. */
  relayed(lagMs: number): void;
  /** The cache was not as the registrations are. */
  repaired(repair: CountsRepair): void;
  warned(message: string, eventId: EventId | undefined, error: unknown): void;
}

export interface TrueCountsPorts {
  readonly cache: CountCache;
  readonly queries: Pick<EventQueries, 'countEvent' | 'readHead'>;
  readonly observer: Pick<RelayObserver, 'repaired'>;
  readonly reach: (point: RelayPoint) => void;
  /** Ends early, and without an error, when the signal is aborted. */
  readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export interface RelayPorts extends TrueCountsPorts {
  readonly changes: EventChanges;
  readonly channel: CountsChannel;
  readonly observer: RelayObserver;
  readonly now: () => Instant;
}
