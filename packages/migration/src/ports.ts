import type { Instant } from '@rollcall/domain';
import type { LegacyDocument, LegacyEvent, LegacyId } from './legacy.ts';

/** What the old system's collections and fields are called, as far as reading and freezing them needs it. Fields may be paths. */
export interface LegacyNames {
  readonly database: string;
  readonly collections: {
    readonly events: string;
    readonly registrations: string;
    /** Null: nobody is looked up. */
    readonly users: string | null;
  };
  readonly registration: { readonly eventId: string; readonly userId: string };
  readonly event: { readonly roles: string };
  readonly role: { readonly id: string; readonly signups: string };
  readonly signup: { readonly userId: string };
  /** The fields of a user that are read. */
  readonly userFields: readonly string[];
  /** Where registrations name others than who is registered, if these have to be looked up to know who they are in Rollcall. */
  readonly actors?: {
    readonly registeredBy: string | null;
    readonly actionHistory: string | null;
    readonly performedBy: string | null;
  };
}

/** What the one who runs the migration has to put right; the message says how. */
export class LegacyProblem extends Error {
  override readonly name = 'LegacyProblem';
}

/** The changes since that point are not kept any more, or a collection is gone: all events have to be looked at again. */
export class LegacyChangesLost extends Error {
  override readonly name = 'LegacyChangesLost';
}

/** Where reading the ids of events can go on. */
export type LegacyPosition = string & { readonly __brand: 'LegacyPosition' };

/** Where following the changes can go on. */
export type LegacyResumePoint = string & { readonly __brand: 'LegacyResumePoint' };

export interface LegacyEventId {
  /** Undefined for an `_id` that is none: a document, a date, binary data. */
  readonly legacyId: LegacyId | undefined;
  readonly position: LegacyPosition;
  /** Of the event's document. */
  readonly bytes: number;
}

/** Registrations of one event that does not exist. */
export interface LegacyOrphans {
  /** Undefined where the field is missing, or holds what can't be an id. */
  readonly eventId: LegacyId | undefined;
  readonly count: number;
  /** Ids of a few of them. */
  readonly examples: readonly LegacyId[];
}

export interface LegacyChange {
  readonly collection: 'events' | 'registrations';
  readonly operation: 'insert' | 'update' | 'replace' | 'delete';
  /** The event that it is of. Undefined where that is not known: of a deleted registration. */
  readonly eventId: LegacyId | undefined;
  /** It may have been of another event before: whoever knows which should look at that one as well. */
  readonly registrationId: LegacyId | undefined;
  readonly at: Instant;
}

export interface LegacyStep {
  /** None where nothing has happened: then only the resume point has moved. */
  readonly changes: readonly LegacyChange[];
  /** All of them lie before it. */
  readonly resumePoint: LegacyResumePoint;
}

/** Some events, or all that there are and will be, with exceptions. */
export type EventSet =
  | { readonly kind: 'only'; readonly ids: ReadonlySet<LegacyId> }
  | { readonly kind: 'except'; readonly ids: ReadonlySet<LegacyId> };

export interface LegacyUpdate {
  /** As the document has it: an ObjectId where it is one. */
  readonly id: unknown;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly unset?: readonly string[];
  /** Items that are put at the end of arrays, unless the very same is in there: so that it can be done again. */
  readonly push?: Readonly<Record<string, readonly unknown[]>>;
}

/** What is refused. The two differ after a kill between the collections: freezing or unfreezing again brings them together. */
export interface FrozenEvents {
  readonly inBoth: EventSet;
  readonly inEither: EventSet;
}

/** What is to be written to the legacy side for one event. */
export interface LegacyChanges {
  readonly event: Omit<LegacyUpdate, 'push'> | undefined;
  /** Whole registrations, with their `_id`. */
  readonly inserts: readonly LegacyDocument[];
  readonly updates: readonly LegacyUpdate[];
  readonly deletes: readonly unknown[];
}

/** Rights that the steps need; each is looked for before the first of them. */
export type LegacyRight = 'read' | 'freeze' | 'write' | 'restore';

/** The collections of the old system. */
export interface LegacyStore {
  /** @throws LegacyProblem that names everything that is wrong. */
  check(needs: readonly LegacyRight[]): Promise<void>;

  /** In the order of their `_id`, those behind `after`. */
  eventIds(after?: LegacyPosition): AsyncIterable<LegacyEventId>;
  countEvents(): Promise<number>;
  countRegistrations(): Promise<number>;
  /**
   * All of one moment. An event that is not there is missing from the answer.
   *
   * @throws LegacyProblem for two events whose ids read the same: 5 and "5".
   */
  readEvents(ids: readonly LegacyId[]): Promise<readonly LegacyEvent[]>;
  /** Which of these events are there. */
  existing(ids: readonly LegacyId[]): Promise<ReadonlySet<LegacyId>>;
  /** The users in whose field one of these texts stands, by their ids, with that field. One look at all users without an index. */
  usersBy(field: string, texts: readonly string[]): Promise<ReadonlyMap<LegacyId, LegacyDocument>>;
  /** In constant memory. */
  orphans(examplesMax: number): AsyncIterable<LegacyOrphans>;

  /** A point that every change from now on lies behind. */
  now(): Promise<LegacyResumePoint>;
  /**
   * Changes of events and registrations in their order, each at least once, with a step at least every second. Ends when the
   * signal is aborted. Changes of users are not told of.
   *
   * @throws LegacyChangesLost
   */
  changes(from: LegacyResumePoint, signal: AbortSignal): AsyncIterable<LegacyStep>;

  /**
   * From when it answers, MongoDB refuses each insert and update that would leave a document of these events. Deletes get
   * through. What is running is waited for.
   *
   * @throws LegacyProblem if the collections can't be had in time; then no more is frozen than before.
   */
  freeze(ids: readonly LegacyId[]): Promise<void>;
  /** All events there are and will be. */
  freezeAll(): Promise<void>;
  unfreeze(ids: readonly LegacyId[]): Promise<void>;
  unfreezeAll(): Promise<void>;
  /** As the server has it now: an owner who sets a validator of their own ends the freeze. */
  frozen(): Promise<FrozenEvents>;
  /** What is there besides the freeze, as MongoDB's extended JSON. */
  ownValidators(): Promise<string>;

  /** Past the freeze, and safe to repeat. In one transaction where it fits. */
  apply(changes: LegacyChanges): Promise<void>;
  /**
   * Takes fields away from these events; those that have none are passed over, so it can be repeated. A path into the items of
   * an array is written `roles[].currentSignups`.
   *
   * @returns how many events it changed.
   */
  removeFields(ids: readonly LegacyId[], paths: readonly string[]): Promise<number>;
  /** Gives events of a backup the fields that they lack now; items of an array are found by `itemId`, the field of their id. */
  restoreFields(
    documents: AsyncIterable<LegacyDocument>,
    fields: { readonly paths: readonly string[]; readonly itemId: string },
  ): Promise<number>;

  /** A backup that is there and whole is verified and left alone; a half-made one is begun anew. */
  backup(folder: string, progress?: (progress: BackupProgress) => void): Promise<BackupManifest>;
  /**
   * Puts a backup into a database: into collections of another name first, which take their places once they are verified.
   *
   * @throws LegacyProblem if one of them exists and `drop` is not said.
   */
  restore(folder: string, options: RestoreOptions): Promise<void>;
}

export interface BackupProgress {
  readonly collection: string;
  readonly documents: number;
  readonly bytes: number;
}

export interface BackupFile {
  /** Inside of the folder. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface BackupCollection {
  readonly name: string;
  readonly documents: number;
  readonly data: BackupFile;
  readonly metadata: BackupFile;
}

/** What a backup says of itself; written last. */
export interface BackupManifest {
  readonly format: 1;
  readonly tool: string;
  readonly database: string;
  readonly serverVersion: string;
  /** The moment that all collections are of. */
  readonly moment: string;
  readonly collections: readonly BackupCollection[];
}

export interface RestoreOptions {
  readonly database: string;
  /** Whether collections that are there may be replaced. */
  readonly drop: boolean;
  /** Default: all of the backup. */
  readonly only?: readonly string[];
  readonly progress?: (progress: BackupProgress) => void;
}
