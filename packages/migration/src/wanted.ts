import type {
  EventSettings,
  Instant,
  LegacyAction,
  Profile,
  RegistrationId,
  Role,
  RoleId,
  UserId,
} from '@rollcall/domain';
import type { LegacyId } from './legacy.ts';

/** What Rollcall is to have of an event of the old system: its disagreements are settled by the rules. */
export interface WantedEvent {
  readonly legacyId: LegacyId;
  readonly settings: EventSettings;
  readonly roles: readonly Role[];
  /** The old system's names of the roles, for what is written back. */
  readonly legacyRoleIds: ReadonlyMap<RoleId, string>;
  /** What it becomes once Rollcall leads it. */
  readonly status: 'open' | 'closed' | 'cancelled';
  /** In the order in which they came: those who wait stand in line like this. At most one active one per user and role. */
  readonly registrations: readonly WantedRegistration[];
}

export interface WantedRegistration {
  /** Of the document; undefined for one that only an event's list of signups tells of. */
  readonly legacyId: LegacyId | undefined;
  /** What its id in Rollcall follows from when it is new there: the same however often it is read. */
  readonly key: string;
  readonly userId: UserId;
  readonly roleId: RoleId;
  readonly status: 'confirmed' | 'waitlist' | 'cancelled';
  readonly registrationDate: Instant;
  readonly registeredBy: UserId;
  /** Only while it is confirmed. */
  readonly attendedAt?: Instant;
  /** Only when it is cancelled. */
  readonly cancelledAt?: Instant;
  readonly notes?: string;
  readonly specialRequirements?: string;
  readonly profile?: Profile;
  readonly history: readonly LegacyAction[];
}

/** A registration that Rollcall has of an imported event. */
export interface HeldRegistration {
  readonly registrationId: RegistrationId;
  readonly legacyId: LegacyId | undefined;
  readonly userId: UserId;
  readonly roleId: RoleId;
  readonly status: 'confirmed' | 'waitlist' | 'cancelled';
  readonly sequence: number;
  readonly registrationDate: Instant;
  readonly registeredBy: UserId;
  readonly attendedAt?: Instant;
  readonly cancelledAt?: Instant;
  readonly notes?: string;
  readonly specialRequirements?: string;
  readonly profile?: Profile;
}

/** Where an imported event stands in Rollcall. */
export interface HeldHead {
  readonly version: number;
  /** Whether the old system still leads it. */
  readonly importing: boolean;
  readonly status: 'draft' | 'open' | 'closed' | 'cancelled';
}

/** What Rollcall has of an imported event, read at one moment. */
export interface HeldEvent extends HeldHead {
  readonly settings: EventSettings;
  readonly roles: readonly Role[];
  readonly registrations: readonly HeldRegistration[];
}
