import type { CommitId, EventId, Instant } from '@rollcall/domain';
import type { EventMemory } from './memory.ts';
import type { CountCache, EngineObserver, EventStore, Mailbox, OfferTimers } from './ports.ts';

export interface DrainPorts {
  readonly store: EventStore;
  readonly mailbox: Mailbox;
  readonly counts: CountCache;
  readonly offerTimers: OfferTimers;
  readonly observer: EngineObserver;
  readonly now: () => Instant;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  readonly newCommitId: () => CommitId;
  readonly pause: (ms: number) => Promise<void>;
  /** Waits a little, longer and spread wider with each failure in a row, so that workers in each other's way part. */
  readonly backOff: (failures: number) => Promise<void>;
}

export interface DrainLimits {
  /** Commands per transaction, 1 to 500: a decision and its consequences stay well below MongoDB's limits. */
  readonly batchSizeMax: number;
  /** How long one event may keep a worker before others get their turn, in ms. */
  readonly drainMsMax: number;
  /** Commits in a row that did not land before the drain gives up and leaves the mailbox to the next wake-up. */
  readonly attemptsMax: number;
  /** How long a drain waits for more when the mailbox is empty, before it lets go of the event, in ms. */
  readonly lingerMs: number;
  /** How long a commit that others wait for may be left alone before it counts as abandoned, in ms. */
  readonly abandonedCommitMs: number;
}

/** Where a worker keeps what it knows of events. */
export interface MemoryOfEvents {
  get(eventId: EventId): EventMemory | undefined;
  set(eventId: EventId, memory: EventMemory): unknown;
  delete(eventId: EventId): unknown;
}
