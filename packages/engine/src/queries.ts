import type {
  Answer,
  CommandId,
  EventCounts,
  EventId,
  EventSettings,
  EventStatus,
  Instant,
  OrganizerId,
  Profile,
  RegistrationId,
  Role,
  RoleCounts,
  RoleId,
  UserId,
} from '@rollcall/domain';

export interface EventView {
  readonly eventId: EventId;
  readonly version: number;
  readonly status: EventStatus;
  readonly settings: EventSettings;
  readonly roles: readonly Role[];
}

export interface RegistrationView {
  readonly registrationId: RegistrationId;
  readonly eventId: EventId;
  readonly userId: UserId;
  readonly roleId: RoleId;
  readonly status: 'confirmed' | 'waitlist' | 'cancelled';
  readonly registrationDate: Instant;
  readonly registeredBy: UserId;
  readonly notes?: string;
  readonly specialRequirements?: string;
  readonly profile?: Profile;
  readonly cancelledAt?: Instant;
  /** From 1; only while it waits. */
  readonly waitlistPosition?: number;
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
  /** Newest first. @throws InvalidCursorError */
  listRegistrationsOfUser(userId: UserId, cursor: string | undefined, limit: number): Promise<Page<RegistrationView>>;
  findAnswers(eventId: EventId, commandIds: readonly CommandId[]): Promise<readonly Answer[]>;
  getRoleAvailability(
    eventId: EventId,
    roleId: RoleId,
  ): Promise<(RoleCounts & { readonly available: number }) | undefined>;
  getEventSignupCounts(eventId: EventId): Promise<ReadonlyMap<RoleId, { confirmed: number; waitlist: number }>>;
  /** Active registrations of the user at the event. */
  getUserSignupCount(eventId: EventId, userId: UserId): Promise<number>;
}
