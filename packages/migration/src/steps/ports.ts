import type { EventId, Instant } from '@rollcall/domain';
import type { ImportCommand } from '../commands.ts';
import type { LegacyId } from '../legacy.ts';
import type { LegacyResumePoint, LegacyStore } from '../ports.ts';
import type { HeldEvent, HeldHead, WantedEvent } from '../wanted.ts';

/** Where a test can have the migration killed. */
export const migrationPoints = [
  'import-before-commit',
  'import-after-commit',
  'backfill-point-stored',
  'backfill-imported',
  'shadow-brought-over',
  'shadow-point-stored',
  'cutover-begun',
  'cutover-frozen',
  'cutover-equal',
  'cutover-opened',
  'mirror-originals-kept',
  'mirror-written',
  'cleanup-removed',
  'rollback-begun',
  'rollback-resumed',
  'rollback-restored',
  'rollback-written',
  'rollback-given-back',
  'rollback-unfrozen',
] as const;
export type MigrationPoint = (typeof migrationPoints)[number];

/** What became of a try to bring an event up to date. */
export type Applied =
  | { readonly kind: 'applied'; readonly version: number }
  /** It is not of the version that the commands were made for, or somebody else came between: look again. */
  | { readonly kind: 'moved' }
  /** The rules refuse one of the commands; what came before it stays. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Rollcall's side. */
export interface RollcallSide {
  /** Where these events stand; one that there is not, or that is being taken out, is not in the answer. */
  heads(eventIds: readonly EventId[]): Promise<ReadonlyMap<EventId, HeldHead>>;
  /** At one moment; undefined when there is no such event, or it is being taken out. */
  readHeld(eventId: EventId): Promise<HeldEvent | undefined>;
  /** `version`: what the event must be of, 0 for one that is still to be made: what is left of one that was taken out goes before. */
  apply(eventId: EventId, version: number, commands: readonly ImportCommand[]): Promise<Applied>;
  /** The events to which registrations of the old system were imported, by their ids there. */
  eventsOf(registrations: readonly LegacyId[]): Promise<readonly LegacyId[]>;
  /** Events of which Rollcall has decided something since this answered, until the signal is aborted. */
  changedEvents(signal: AbortSignal): Promise<AsyncIterable<readonly LegacyId[]>>;
  /** Takes an event out that the old system leads; safe to repeat. @returns false when Rollcall leads it */
  removeImported(eventId: EventId): Promise<boolean>;
}

/**
 * How far an event has come.
 *
 * - `stopped`: no rule says what to do with some of it, so it is not in Rollcall.
 * - `shadowed`: Rollcall has it and follows the old system, which leads.
 * - `cutting-over`: the old system may be frozen, and Rollcall may lead already.
 * - `cut-over`: Rollcall leads.
 * - `cleaned`: and the old system's copy is gone.
 * - `rolling-back`: what happened in Rollcall is on its way back. Nothing may be imported meanwhile.
 * - `giving-back`: all of it is there, and the old system may lead already. Nothing may be written back any more: who signs up
 *   there now would be taken out again.
 */
export const phases = [
  'stopped',
  'shadowed',
  'cutting-over',
  'cut-over',
  'cleaned',
  'rolling-back',
  'giving-back',
] as const;
export type Phase = (typeof phases)[number];

export interface EventProgress {
  readonly legacyId: LegacyId;
  readonly eventId: EventId;
  readonly phase: Phase;
  readonly since: Instant;
  /** How many of each kind were found. */
  readonly findings: Readonly<Record<string, number>>;
  /** What the old system says of its signups was removed: a rollback needs the backup. */
  readonly wasCleaned?: true;
  /** While it is rolled back: what it was in Rollcall, which an event that imports does not say any more. */
  readonly ledStatus?: WantedEvent['status'];
}

/** What the old system's event said of its signups before the mirror wrote over it. */
export interface MirrorOriginal {
  readonly roles: readonly { readonly id: unknown; readonly signups: unknown }[];
  readonly signedUp: unknown;
}

export interface RunState {
  /** Where following the old system's changes goes on; from before the first event was imported. */
  readonly resumePoint?: LegacyResumePoint;
  readonly backup?: {
    readonly folder: string;
    readonly manifestSha256: string;
    /** The moment that it is of, to the second below. */
    readonly at: Instant;
  };
  /** Of the mapping with its rules: it must stay the same as long as events are shadowed. */
  readonly mappingFingerprint?: string;
  /** Until then a mirror may write to the old system's events. */
  readonly mirrorUntil?: Instant;
  /** Until then events may be brought over by one that follows the old system. */
  readonly shadowUntil?: Instant;
}

/** A step can't be done now; the message says what has to be done before it. Nothing was changed. */
export class StepRefusedError extends Error {
  override readonly name = 'StepRefusedError';
}

/** The mirror would write over what is put back, and the shadow bring back what is taken out. */
export function refuseBeside(what: 'mirror' | 'shadow', run: RunState, now: Instant): void {
  const until = (what === 'mirror' ? run.mirrorUntil : run.shadowUntil) ?? 0;
  if (until <= now) return;
  const seconds = Math.ceil((until - now) / 1_000);
  throw new StepRefusedError(
    `rollcall migrate ${what} is running: stop it first (one that was killed is forgotten in ${seconds} s)`,
  );
}

/** What has to outlive a kill. Kept beside the events, in Rollcall's database. */
export interface MigrationState {
  readRun(): Promise<RunState>;
  patchRun(changes: RunState): Promise<void>;
  find(legacyIds: readonly LegacyId[]): Promise<ReadonlyMap<LegacyId, EventProgress>>;
  put(progress: EventProgress): Promise<void>;
  /**
   * Only as long as the event is in that phase still; undefined: in none. Who follows the old system must not write over what
   * a cutover says of the event meanwhile.
   *
   * @returns whether it was
   */
  putFrom(phase: Phase | undefined, progress: EventProgress): Promise<boolean>;
  remove(legacyId: LegacyId): Promise<void>;
  /** In the order of their ids. */
  list(phases: readonly Phase[]): AsyncIterable<EventProgress>;
  countByPhase(): Promise<ReadonlyMap<Phase, number>>;
  /** Keeps the first only. */
  keepOriginal(legacyId: LegacyId, original: MirrorOriginal): Promise<void>;
  findOriginal(legacyId: LegacyId): Promise<MirrorOriginal | undefined>;
  dropOriginal(legacyId: LegacyId): Promise<void>;
}

/** What a step tells of its work, for progress bars, logs, metrics and the report. */
export interface MigrationObserver {
  /** `of`: undefined where nobody knows. */
  progress(step: { readonly done: number; readonly of: number | undefined; readonly what: string }): void;
  warned(message: string, legacyId: LegacyId | undefined, error: unknown): void;
}

export interface MigrationPorts {
  readonly legacy: LegacyStore;
  readonly rollcall: RollcallSide;
  readonly state: MigrationState;
  readonly observer: MigrationObserver;
  readonly now: () => Instant;
  /** Ends early, and without an error, when the signal is aborted. */
  readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly reach: (point: MigrationPoint) => void;
}

export interface MigrationLimits {
  /** Events that are worked on at once. */
  readonly eventsAtOnce: number;
  /** Small events are read together: so many at most, whose documents have so many bytes. */
  readonly eventsPerRead: number;
  readonly bytesPerRead: number;
  /** How often an event is looked at again in a row because it moved meanwhile. */
  readonly attemptsMax: number;
  /** How many examples of what was found are kept per event and kind. */
  readonly examplesMax: number;
}
