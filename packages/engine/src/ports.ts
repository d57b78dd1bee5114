import type {
  ActiveRegistration,
  Answer,
  CancelCause,
  Command,
  CommandBody,
  CommandId,
  CommitId,
  DomainEvent,
  ErasureStep,
  EventCounts,
  EventId,
  ExistingEvent,
  Instant,
  JournalEntry,
  Profile,
  Registration,
  RegistrationId,
  RemovalCode,
  RoleId,
  Standing,
  UserId,
  UserTraces,
} from '@rollcall/domain';

import type { Named } from './mentions.ts';

export interface NewCommand {
  readonly commandId: CommandId;
  readonly eventId: EventId;
  /** Keyed hash of the request body. */
  readonly bodyHash: string;
  /** Whether its sender can repeat it: then its receipt is kept for long. */
  readonly keyed: boolean;
  readonly body: CommandBody;
}

export type AppendResult =
  /** `ahead`: how many commands stood before this one. */
  | { readonly kind: 'new'; readonly ahead: number; readonly wakeUpDue: boolean }
  /** Accepted before; `bodyHash` is the one that came with it then. */
  | { readonly kind: 'repeat'; readonly bodyHash: string; readonly wakeUpDue: boolean }
  /** The mailbox is at its cap, or Redis near its memory limit: nothing was taken. */
  | { readonly kind: 'full' };

export type MailboxEntry =
  | { readonly kind: 'command'; readonly entryId: string; readonly bodyHash: string; readonly command: Command }
  /** The command can't be read, but it has an id and so gets a decision. */
  | {
      readonly kind: 'unreadable';
      readonly entryId: string;
      readonly commandId: CommandId;
      readonly acceptedAt: Instant;
    }
  /** Not even an id can be read: kept aside for people to look at. */
  | { readonly kind: 'dead'; readonly entryId: string };

/** What a worker tells everybody after a commit. */
export interface Publication {
  readonly answers: readonly Answer[];
  readonly counts: EventCounts | undefined;
}

/** Where a mailbox stands, for the sweeper and the metrics. */
export interface MailboxHead {
  readonly entryId: string;
  readonly acceptedAt: Instant | undefined;
  readonly depth: number;
}

export interface PendingCommand {
  /** How many stand before it now. */
  readonly ahead: number;
  /** Undefined when the entry can't be read. */
  readonly senderId: UserId | undefined;
}

/** Where commands go in: the API's side of the mailboxes. */
export interface MailboxIntake {
  append(command: NewCommand): Promise<AppendResult>;
  /** Where a command stands that has a receipt and is still in the mailbox; undefined otherwise. */
  findPending(eventId: EventId, commandId: CommandId): Promise<PendingCommand | undefined>;
  /** Drops the receipt of a command that is neither in the mailbox nor in the journal, so that it can be taken again. */
  forget(eventId: EventId, commandId: CommandId): Promise<void>;
}

/** Each event's accepted, undecided commands in arrival order: the worker's side. */
export interface Mailbox {
  /** From the head, at most `countMax`, in order; removes nothing. */
  readHead(eventId: EventId, countMax: number): Promise<readonly MailboxEntry[]>;
  /** Copies an entry aside; it leaves the mailbox with the next `done`. */
  bury(eventId: EventId, entryId: string): Promise<void>;
  /** Publishes, removes exactly these entries, and answers how many are left; with none left the event is no longer dirty. */
  done(eventId: EventId, entryIds: readonly string[], publication: Publication | undefined): Promise<number>;
  /** The events whose mailbox may have something. */
  dirtyEvents(): Promise<readonly EventId[]>;
  /** The head, or undefined after making sure that an empty mailbox is not dirty. */
  check(eventId: EventId): Promise<MailboxHead | undefined>;
}

export interface WakeUps {
  /** Says that the event's mailbox has something. Any number of them may become one. */
  add(eventId: EventId): Promise<void>;
}

export type LockOutcome<T> = { readonly kind: 'busy' } | { readonly kind: 'done'; readonly value: T };

/** Keeps two workers from doing the same work. Safety does not rest on it: the store's compare-and-set is the judge. */
export interface EventLock {
  /** One attempt. `fn` may outlive the lock; it is told nothing, because its commits are judged anyway. */
  withEventLock<T>(eventId: EventId, fn: () => Promise<T>): Promise<LockOutcome<T>>;
}

export interface CountCache {
  /** Keeps what it has when that is as new or newer. @returns whether it has these now and had not before */
  setIfNewer(counts: EventCounts): Promise<boolean>;
  /** Puts these in the place of what was seen there, older ones too, or removes it; keeps what has come since. @returns whether it did */
  replace(eventId: EventId, seen: Head, counts: EventCounts | undefined): Promise<boolean>;
  /** What it has of these events, in one call. */
  read(eventIds: readonly EventId[]): Promise<ReadonlyMap<EventId, EventCounts>>;
}

export interface Head {
  readonly version: number;
  readonly commitId: CommitId;
}

export interface StoredEvent extends Head {
  /** Settings, status and roles; the counts in it are all zero. */
  readonly current: ExistingEvent;
}

/** What only the store knows of a registration, when it is made or an import says it anew. */
export interface RegistrationOrigin {
  readonly registrationDate: Instant;
  readonly registeredBy: UserId;
  readonly notes?: string;
  readonly specialRequirements?: string;
  readonly profile?: Profile;
  /** What the system before calls it, if it came from there. */
  readonly legacyId?: string;
  /** Texts and profile are those of this registration of the same user, which it is to replace. */
  readonly textsOf?: RegistrationId;
}

export interface Cancellation {
  readonly cancelledAt: Instant;
  readonly cause: CancelCause;
  /** Undefined when Rollcall itself did it. */
  readonly cancelledBy?: UserId;
  readonly reasonCode?: RemovalCode;
  readonly reason?: string;
}

/** Null removes a text; what is left out stays. */
export interface TextChanges {
  readonly notes?: string | null;
  readonly specialRequirements?: string | null;
}

export interface RegistrationWrite {
  /** As it is after the batch: all its fields are to be stored, and those that it lacks removed. */
  readonly registration: Registration;
  /** What it must still be in the store; undefined: it is new. */
  readonly before: Registration['status'] | undefined;
  /** Present exactly when the registration is new. */
  readonly origin?: RegistrationOrigin;
  /** Present exactly when it was cancelled in this batch, or an import has said so again. */
  readonly cancellation?: Cancellation;
  /** An import has said all of it anew: what this and the cancellation lack is removed. Never of a new one. */
  readonly restated?: RegistrationOrigin;
  readonly texts?: TextChanges;
}

export interface CommitBatch {
  readonly eventId: EventId;
  /** What the event's document must still say; undefined: there is none. */
  readonly expected: Head | undefined;
  readonly next: Head;
  /** The event as it is after the batch when anything but its counts changed. */
  readonly changedEvent: ExistingEvent | undefined;
  readonly entries: readonly JournalEntry[];
  /** In any order: the store sees to it that a place in a role is given up before it is taken. */
  readonly writes: readonly RegistrationWrite[];
  /** What is rewritten of what was decided before. */
  readonly erasure?: Erasure;
}

/** A user on the way out: where they stand, the other id is to stand, and their texts are to go. */
export interface Erasure extends Omit<ErasureStep, 'left'> {
  readonly userId: UserId;
  readonly erasedAs: UserId;
}

export type CommitOutcome =
  | 'committed'
  /** Somebody else committed; nothing was written. */
  | 'stale'
  /** Somebody else is about to, or was and has died; nothing was written. */
  | 'contended'
  /** It may or may not have been written. */
  | 'unknown'
  /** A command, or an active registration, is there already; nothing was written. */
  | 'duplicate'
  /** The store will never take this batch: something in it breaks a rule of the store. Nothing was written. */
  | 'refused';

/** Active registrations of a role by how they stand. */
export type StandingCounts = Readonly<Record<Standing, number>>;

export interface StandingQuery {
  readonly eventId: EventId;
  readonly roleId: RoleId;
  readonly standing: Standing;
  readonly from: 'first' | 'last';
  readonly countMax: number;
}

export interface OpenOffer {
  readonly eventId: EventId;
  readonly registrationId: RegistrationId;
  readonly expiresAt: Instant;
}

export interface Overdue {
  readonly offers: readonly OpenOffer[];
  readonly obligations: readonly EventId[];
}

/** Tells a worker when an offer runs out. May fail or be lost: the sweeper looks too. */
export interface OfferTimers {
  schedule(offers: readonly OpenOffer[]): Promise<void>;
}

/** A step of an event's history as far as counts need it. */
export interface JournalStep extends Head {
  readonly domainEvents: readonly DomainEvent[];
}

/** All reads are from the primary with majority. */
export interface EventStore {
  loadEvent(eventId: EventId): Promise<StoredEvent | undefined>;
  /** Counts the active registrations per role. Costs as much as there are: only on a take-over without usable memory. */
  countRegistrations(eventId: EventId, roleIds: readonly RoleId[]): Promise<ReadonlyMap<RoleId, StandingCounts>>;
  /**
   * The decisions from `fromVersion` to `toVersion`, both included, in order. Fewer than were asked for where they say more
   * than 20,000 domain events: then it is cheaper to read anew than to follow them.
   */
  readJournal(eventId: EventId, fromVersion: number, toVersion: number): Promise<readonly JournalStep[]>;
  /** The ledger: which of these commands have been decided. */
  findDecisions(eventId: EventId, commandIds: readonly CommandId[]): Promise<readonly JournalEntry[]>;
  /** The users' active registrations, and those named whatever their status. */
  findRegistrations(
    eventId: EventId,
    userIds: readonly UserId[],
    registrationIds: readonly RegistrationId[],
  ): Promise<readonly Registration[]>;
  /** Of a role's registrations of one standing those with the lowest sequences, in order, or with the highest, the last first. */
  findStanding(query: StandingQuery): Promise<readonly ActiveRegistration[]>;
  /** The places in a role's line, from 1, of those who wait with these sequences. */
  findPlaces(eventId: EventId, roleId: RoleId, sequences: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /** All that names the user at the event. Reads the whole journal of it: for what is rare, and nothing else. */
  findTraces(eventId: EventId, userId: UserId): Promise<UserTraces>;
  commit(batch: CommitBatch): Promise<CommitOutcome>;
  /**
   * Offers that have run out, and events with an obligation, of all events: what a worker that died left undone. Without the
   * offers of events that the system before leads: there they run out when Rollcall leads again.
   */
  findOverdue(now: Instant, countMax: number): Promise<Overdue>;
  /** Ends commits that workers have begun and left alone for `idleMsMin`, and answers how many. Their workers decide again. */
  endAbandonedCommits(idleMsMin: number): Promise<number>;
}

/** Where in the store a user is named, at all events. */
export interface StoreTraces {
  /** The events with a decision or a registration that names them. Reads everything: for what is rare, and nothing else. */
  findEventsOf(userId: UserId, signal?: AbortSignal): Promise<readonly EventId[]>;
}

/** What mailboxes hold of a user besides commands on their way. */
export interface MailboxTraces {
  /** The events in whose mailboxes something waits that names the user. */
  findWaitingOf(userId: UserId): Promise<readonly EventId[]>;
  /** Drops the dead letters in which one of these is named, and answers how many. They are searched as the texts that they are. */
  removeDeadLetters(named: Named): Promise<number>;
}

/** What the engine reports of its work. */
export interface EngineObserver {
  batchCommitted(batch: {
    readonly size: number;
    readonly commitMs: number;
    readonly entries: readonly JournalEntry[];
  }): void;
  commitRefused(outcome: Exclude<CommitOutcome, 'committed'>, eventId: EventId): void;
  abandonedCommitsEnded(count: number, eventId: EventId): void;
  lockBusy(eventId: EventId): void;
  /** Something went wrong that the engine could go on from. */
  warned(message: string, eventId: EventId, error: unknown): void;
}
