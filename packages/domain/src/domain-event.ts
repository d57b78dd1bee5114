import type { EventSettings, Instant, Pool, RemovalCode, Role } from './command.ts';
import type { CommandId, RegistrationId, RoleId, UserId } from './ids.ts';
import type { LegacyAction } from './legacy-action.ts';
import type { Limit, Shortage } from './shortage.ts';

/** Past-tense facts. Each says what was before where that matters, so that counts can be folded without the registrations. */
export type DomainEvent =
  | {
      readonly type: 'EventCreated';
      readonly settings: EventSettings;
      readonly roles: readonly Role[];
      readonly pools: readonly Pool[];
    }
  | EventSettingsChanged
  | { readonly type: 'PoolsChanged'; readonly before: readonly Pool[]; readonly after: readonly Pool[] }
  | { readonly type: 'EventOpened' }
  | { readonly type: 'EventClosed' }
  | { readonly type: 'EventCancelled' }
  | { readonly type: 'RoleAdded'; readonly role: Role }
  | { readonly type: 'RoleRenamed'; readonly roleId: RoleId; readonly before: string; readonly after: string }
  | RoleCapacityChanged
  | RoleWaitlistChanged
  | { readonly type: 'RoleDeleted'; readonly role: Role }
  | RegistrationEvent
  | { readonly type: 'ObligationIncurred'; readonly obligation: Obligation }
  | { readonly type: 'ObligationDischarged'; readonly obligation: Obligation }
  | ChangePreviewed
  | UserErased
  | EventImported
  | { readonly type: 'ImportFinished'; readonly status: 'open' | 'closed' | 'cancelled' }
  | { readonly type: 'ImportResumed' };

/** Only the settings that changed: one that was removed stands in `before` alone. */
export interface EventSettingsChanged {
  readonly type: 'EventSettingsChanged';
  readonly before: Partial<EventSettings>;
  readonly after: Partial<EventSettings>;
}

export interface RoleCapacityChanged {
  readonly type: 'RoleCapacityChanged';
  readonly roleId: RoleId;
  readonly before: number | null;
  readonly after: number | null;
}

export type WaitlistRules = Pick<Role, 'waitlist' | 'waitlistMax' | 'offerMs'>;

export interface RoleWaitlistChanged {
  readonly type: 'RoleWaitlistChanged';
  readonly roleId: RoleId;
  readonly before: WaitlistRules;
  readonly after: WaitlistRules;
}

export type RegistrationEvent =
  | RegistrationConfirmed
  | RegistrationWaitlisted
  | RegistrationOffered
  | RegistrationPromoted
  | RegistrationMoved
  | RegistrationDemoted
  | RegistrationCancelled
  | RegistrationUpdated
  | RegistrationCheckedIn
  | RegistrationCheckInUndone
  | RegistrationImported;

interface AboutRegistration {
  readonly registrationId: RegistrationId;
  readonly userId: UserId;
  readonly roleId: RoleId;
  /** The version of the decision that put the registration into its role's line. */
  readonly sequence: number;
}

/** A registration's standing, as counts see it: `offered` waits and has a seat held. */
export type Standing = 'confirmed' | 'waitlist' | 'offered';

export interface RegistrationConfirmed extends AboutRegistration {
  readonly type: 'RegistrationConfirmed';
  /** Staff gave a seat that was not free. */
  readonly override?: true;
}

export interface RegistrationWaitlisted extends AboutRegistration {
  readonly type: 'RegistrationWaitlisted';
  /** The place in line when it was given, from 1. */
  readonly waitlistPosition: number;
  /** Why there was no seat. */
  readonly because: Shortage;
  /** The registration that is given up when this one gets its seat: it waits for a move. */
  readonly replaces?: RegistrationId;
}

/** First in line, and a seat is held. */
export interface RegistrationOffered extends AboutRegistration {
  readonly type: 'RegistrationOffered';
  readonly expiresAt: Instant;
}

/** From the waitlist to a seat. */
export interface RegistrationPromoted extends AboutRegistration {
  readonly type: 'RegistrationPromoted';
  readonly previousStanding: 'waitlist' | 'offered';
}

/** To a seat of another role; `roleId` and `sequence` are those of the new one. */
export interface RegistrationMoved extends AboutRegistration {
  readonly type: 'RegistrationMoved';
  readonly previousRoleId: RoleId;
  readonly previousSequence: number;
  readonly previousStanding: Standing;
}

/** Back to the waitlist, with the sequence kept: its role, pool or event has fewer seats now. */
export interface RegistrationDemoted extends AboutRegistration {
  readonly type: 'RegistrationDemoted';
  readonly previousStanding: 'confirmed' | 'offered';
}

export type CancelCause = 'user' | 'staff' | 'declined' | 'expired' | 'moved' | 'event-cancelled' | 'imported';

export interface RegistrationCancelled extends AboutRegistration {
  readonly type: 'RegistrationCancelled';
  readonly previousStanding: Standing;
  readonly cause: CancelCause;
  /** Of a removal by staff. */
  readonly reasonCode?: RemovalCode;
}

/** Texts changed; what they say stands on the registration alone. */
export interface RegistrationUpdated extends AboutRegistration {
  readonly type: 'RegistrationUpdated';
  readonly fields: readonly ('notes' | 'specialRequirements')[];
}

export interface RegistrationCheckedIn extends AboutRegistration {
  readonly type: 'RegistrationCheckedIn';
  readonly attendedAt: Instant;
}

export interface RegistrationCheckInUndone extends AboutRegistration {
  readonly type: 'RegistrationCheckInUndone';
  /** What was taken back. */
  readonly attendedAt: Instant;
}

/** The event is as the system before says, which leads it: it was made, or all that is said of it was replaced. */
export interface EventImported {
  readonly type: 'EventImported';
  readonly legacyId: string;
  readonly settings: EventSettings;
  readonly roles: readonly Role[];
  readonly pools: readonly Pool[];
}

/** A registration is as the system before says; what it says in words stands on the registration alone. */
export interface RegistrationImported extends AboutRegistration {
  readonly type: 'RegistrationImported';
  readonly status: 'confirmed' | 'waitlist' | 'cancelled';
  /** Where it stood, unless it is new or was cancelled before. */
  readonly previous?: { readonly roleId: RoleId; readonly sequence: number; readonly standing: Standing };
  readonly legacyId?: string;
  /** When the system before took it. */
  readonly registeredAt: Instant;
  /** Where that was not its user. */
  readonly registeredBy?: UserId;
  /** While it is confirmed. */
  readonly attendedAt?: Instant;
  /** Of a new one: what had become of it. */
  readonly history?: readonly LegacyAction[];
  /** It took a seat that was not free. */
  readonly overLimit?: true;
}

export interface Effect {
  readonly registrationId: RegistrationId;
  readonly userId: UserId;
  readonly roleId: RoleId;
  readonly effect: 'promoted' | 'offered' | 'demoted' | 'cancelled';
}

/** The answer to a dry run: whom the change would affect. It changed nothing. */
export interface ChangePreviewed {
  readonly type: 'ChangePreviewed';
  readonly effects: readonly Effect[];
  /** False when it would affect more than are listed. */
  readonly complete: boolean;
}

/**
 * Somebody is nobody's business any more. It never names whom: with it the decisions before it have been rewritten in
 * place, which no other fact does.
 */
export interface UserErased {
  readonly type: 'UserErased';
  /** Stands where they stood: on these registrations, and in the decisions that name them or were asked for by them. */
  readonly erasedAs: UserId;
  /** Their registrations that this has changed, cancelled ones too. */
  readonly registrationIds: readonly RegistrationId[];
  /**
   * How many decisions told of them that were about none of their registrations: refusals, and what they did as staff, here
   * or in the system before.
   */
  readonly acts: number;
  /** More of them is left than one decision may change: it takes another. */
  readonly left: boolean;
}

/** What a decision left to do, because it would have changed too many registrations at once. Done before the next command. */
export interface Obligation {
  readonly kind: 'promote' | 'demote' | 'cancel';
  /** The command that it follows from. */
  readonly causationId: CommandId;
  /** When that was accepted: what is done for it is judged by this time. */
  readonly acceptedAt: Instant;
  /** Of `demote`: the limits that must be kept again. */
  readonly limits?: readonly Limit[];
}
