import type { EventStatus, Instant } from './command.ts';
import type { DomainEvent } from './domain-event.ts';
import type { PoolId, RegistrationId, RoleId } from './ids.ts';
import type { Limit, Shortage } from './shortage.ts';

/** What is wrong with settings that a schema can't see. */
export type SettingsRule =
  | 'starts-before-it-ends'
  | 'signups-open-before-they-close'
  | 'role-names-differ'
  | 'role-ids-differ'
  | 'pool-ids-differ'
  | 'pool-has-capacity-and-roles'
  | 'pool-roles-exist';

/** A refusal is a value: a stable reason code and the facts behind it (see reasons.ts). */
export type Rejection =
  | { readonly reason: 'event-not-found' }
  | { readonly reason: 'event-exists' }
  | { readonly reason: 'event-not-open'; readonly status: EventStatus }
  | { readonly reason: 'event-cancelled' }
  | { readonly reason: 'event-over'; readonly endsAt: Instant }
  | { readonly reason: 'status-change-refused'; readonly from: EventStatus; readonly to: EventStatus }
  | { readonly reason: 'signups-not-open-yet'; readonly signupOpensAt: Instant }
  | { readonly reason: 'signups-closed'; readonly signupClosesAt: Instant }
  | { readonly reason: 'cancels-closed'; readonly cancelClosesAt: Instant }
  | { readonly reason: 'settings-invalid'; readonly rule: SettingsRule }
  | { readonly reason: 'role-not-found'; readonly roleId: RoleId }
  | { readonly reason: 'role-name-taken'; readonly roleId: RoleId; readonly name: string }
  | { readonly reason: 'too-many-roles'; readonly rolesMax: number }
  | { readonly reason: 'too-many-pools'; readonly poolsMax: number }
  | {
      readonly reason: 'role-in-use';
      readonly roleId: RoleId;
      readonly confirmed: number;
      readonly waitlist: number;
      readonly offered: number;
    }
  | {
      readonly reason: 'capacity-below-taken';
      readonly limit: Limit['limit'];
      readonly roleId?: RoleId;
      readonly poolId?: PoolId;
      readonly capacity: number;
      readonly taken: number;
      readonly over: number;
    }
  | { readonly reason: 'waitlist-off'; readonly roleId: RoleId }
  | Shortage
  | {
      readonly reason: 'waitlist-full';
      readonly roleId: RoleId;
      readonly waitlistMax: number;
      readonly waitlist: number;
    }
  | {
      readonly reason: 'already-registered';
      readonly registrationId: RegistrationId;
      readonly status: 'confirmed' | 'waitlist';
      readonly waitlistPosition?: number;
    }
  | { readonly reason: 'limit-reached'; readonly registrationsPerUserMax: number; readonly registrations: number }
  | { readonly reason: 'registration-not-found'; readonly registrationId: RegistrationId }
  | { readonly reason: 'already-cancelled'; readonly registrationId: RegistrationId }
  | { readonly reason: 'moves-by-staff-only' }
  | { readonly reason: 'same-role'; readonly roleId: RoleId }
  | { readonly reason: 'move-pending'; readonly registrationId: RegistrationId }
  | {
      readonly reason: 'no-offer';
      readonly registrationId: RegistrationId;
      readonly status: 'confirmed' | 'waitlist';
    }
  | { readonly reason: 'offer-expired'; readonly registrationId: RegistrationId; readonly expiresAt: Instant }
  | { readonly reason: 'offer-still-open'; readonly registrationId: RegistrationId; readonly expiresAt: Instant }
  | { readonly reason: 'not-confirmed'; readonly registrationId: RegistrationId }
  | { readonly reason: 'already-checked-in'; readonly registrationId: RegistrationId; readonly attendedAt: Instant }
  | { readonly reason: 'not-checked-in'; readonly registrationId: RegistrationId }
  /** The system before leads the event still. */
  | { readonly reason: 'event-importing' }
  /** It does not, or never did. */
  | { readonly reason: 'not-importing' }
  /** The command could not be read, or not be decided; staff find it in the journal. */
  | { readonly reason: 'unprocessable' };

export type Reason = Rejection['reason'];

export type Decision =
  | { readonly outcome: 'accepted'; readonly domainEvents: readonly DomainEvent[] }
  | { readonly outcome: 'rejected'; readonly rejection: Rejection };

export const accept = (...domainEvents: readonly DomainEvent[]): Decision => ({ outcome: 'accepted', domainEvents });
export const reject = (rejection: Rejection): Decision => ({ outcome: 'rejected', rejection });
