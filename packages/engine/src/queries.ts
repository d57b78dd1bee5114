import type {
  Answer,
  CancelCause,
  CommandId,
  CommitId,
  EventCounts,
  EventId,
  EventSettings,
  EventStatus,
  Instant,
  JournalEntry,
  OrganizerId,
  Pool,
  Profile,
  RegistrationId,
  RemovalCode,
  Role,
  RoleCounts,
  RoleId,
  UserId,
} from '@rollcall/domain';
import type { Head, JournalStep, StandingCounts } from './ports.ts';

export interface EventView {
  readonly eventId: EventId;
  readonly version: number;
  readonly status: EventStatus;
  readonly settings: EventSettings;
  readonly roles: readonly Role[];
  readonly pools: readonly Pool[];
  /** What the system before calls it, if it came from there. */
  readonly legacyId?: string;
  /** While the system before leads it. */
  readonly importing?: true;
}

export interface RegistrationView {
  readonly registrationId: RegistrationId;
  readonly eventId: EventId;
  readonly userId: UserId;
  readonly roleId: RoleId;
  readonly status: 'confirmed' | 'waitlist' | 'cancelled';
  readonly sequence: number;
  readonly registrationDate: Instant;
  readonly registeredBy: UserId;
  readonly notes?: string;
  readonly specialRequirements?: string;
  readonly profile?: Profile;
  /** While it waits, and a seat is held for it. */
  readonly offer?: { readonly expiresAt: Instant };
  /** While it waits for a move. */
  readonly replaces?: RegistrationId;
  readonly attendedAt?: Instant;
  readonly cancelledAt?: Instant;
  readonly cancelCause?: CancelCause;
  /** What staff or the user said of it. */
  readonly cancelReasonCode?: RemovalCode;
  readonly cancelReason?: string;
  /** What the system before calls it, if it came from there. */
  readonly legacyId?: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; undefined on the last one. */
  readonly nextCursor: string | undefined;
}

export interface EventListQuery {
  /** Without it: all but drafts. */
  readonly status?: EventStatus;
  /** Events that start at this time or later. */
  readonly from?: Instant;
  /** Drafts are listed only for these organizers. */
  readonly draftsOf: readonly OrganizerId[];
  readonly cursor?: string;
  readonly limit: number;
}

export interface ParticipantsQuery {
  readonly eventId: EventId;
  readonly roleId?: RoleId;
  /** Without it: all, the cancelled ones too. */
  readonly status?: RegistrationView['status'];
}

/** A role's line at one version: the sequences of those who wait without an offer, in order. */
export interface Line {
  readonly version: number;
  readonly commitId: CommitId;
  readonly sequences: readonly number[];
}

/** A cursor that no page of this list gave out. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError';
}

/** The read side of the store. Reads are from the primary with majority, so what was answered is found. */
export interface EventQueries {
  findEvent(eventId: EventId): Promise<EventView | undefined>;
  /** By `startsAt`, then id. @throws InvalidCursorError */
  listEvents(query: EventListQuery): Promise<Page<EventView>>;
  /** Counts of one event, all at the one version that they carry. */
  countEvent(eventId: EventId): Promise<EventCounts | undefined>;
  /** Counts of many events by one aggregation, for pages that the cache can't fill. */
  countEvents(eventIds: readonly EventId[]): Promise<ReadonlyMap<EventId, EventCounts>>;
  findRegistration(eventId: EventId, registrationId: RegistrationId): Promise<RegistrationView | undefined>;
  /** Those of them that there are, in any order; at most a few hundred at a time. */
  findRegistrations(eventId: EventId, registrationIds: readonly RegistrationId[]): Promise<readonly RegistrationView[]>;
  /** Newest first. @throws InvalidCursorError */
  listRegistrationsOfUser(userId: UserId, cursor: string | undefined, limit: number): Promise<Page<RegistrationView>>;
  /** By role, status and sequence. @throws InvalidCursorError */
  listParticipants(
    query: ParticipantsQuery,
    cursor: string | undefined,
    limit: number,
  ): Promise<Page<RegistrationView>>;
  /** All of them in the same order, as they come from the server: a million need no more memory than ten. */
  streamParticipants(query: ParticipantsQuery): AsyncIterable<RegistrationView>;
  /** Costs as much as there are in line; who asks often keeps it and follows the journal. */
  readLine(eventId: EventId, roleId: RoleId): Promise<Line | undefined>;
  /** The version that the event has now. */
  readHead(eventId: EventId): Promise<Head | undefined>;
  /**
   * The decisions from `fromVersion` to `toVersion`, both included, in order. Fewer than were asked for where they say more
   * than 20,000 domain events: then it is cheaper to read anew than to follow them.
   */
  readSteps(eventId: EventId, fromVersion: number, toVersion: number): Promise<readonly JournalStep[]>;
  /**
   * The first decisions after `after`, in order, at most `limit`. Fewer where they say more than 5,000 domain events all
   * together, and still one at least: only an empty list says that nothing is new.
   */
  listJournal(eventId: EventId, after: number, limit: number): Promise<readonly JournalEntry[]>;
  /** All decisions up to a version, in order, as they come from the server: a few at a time, when they are asked for. */
  streamJournal(eventId: EventId, upTo: number): AsyncIterable<JournalEntry>;
  findAnswers(eventId: EventId, commandIds: readonly CommandId[]): Promise<readonly Answer[]>;
  getRoleAvailability(eventId: EventId, roleId: RoleId): Promise<RoleCounts | undefined>;
  getEventSignupCounts(eventId: EventId): Promise<ReadonlyMap<RoleId, StandingCounts>>;
  /** Active registrations of the user at the event. */
  getUserSignupCount(eventId: EventId, userId: UserId): Promise<number>;
}
