import type { EventStatus, Instant } from './command.ts';
import type { DomainEvent } from './domain-event.ts';
import type { RegistrationId, RoleId } from './ids.ts';

/** A refusal is a value: a stable reason code and the facts behind it. */
export type Rejection =
  | { readonly reason: 'event-not-found' }
  | { readonly reason: 'event-exists' }
  | { readonly reason: 'event-not-open'; readonly status: EventStatus }
  | { readonly reason: 'event-over'; readonly endsAt: Instant }
  | { readonly reason: 'status-change-refused'; readonly from: EventStatus; readonly to: EventStatus }
  | { readonly reason: 'signups-not-open-yet'; readonly signupOpensAt: Instant }
  | { readonly reason: 'signups-closed'; readonly signupClosesAt: Instant }
  | { readonly reason: 'role-not-found'; readonly roleId: RoleId }
  | { readonly reason: 'role-full'; readonly roleId: RoleId; readonly capacity: number; readonly taken: number }
  | {
      readonly reason: 'already-registered';
      readonly registrationId: RegistrationId;
      readonly status: 'confirmed' | 'waitlist';
      readonly waitlistPosition?: number;
    }
  | { readonly reason: 'limit-reached'; readonly registrationsPerUserMax: number; readonly registrations: number }
  | { readonly reason: 'registration-not-found'; readonly registrationId: RegistrationId }
  | { readonly reason: 'already-cancelled'; readonly registrationId: RegistrationId }
  /** The command could not be read, or not be decided; staff find it in the journal. */
  | { readonly reason: 'unprocessable' };

export type Reason = Rejection['reason'];

export type Decision =
  | { readonly outcome: 'accepted'; readonly domainEvents: readonly DomainEvent[] }
  | { readonly outcome: 'rejected'; readonly rejection: Rejection };

export const accept = (...domainEvents: readonly DomainEvent[]): Decision => ({ outcome: 'accepted', domainEvents });
export const reject = (rejection: Rejection): Decision => ({ outcome: 'rejected', rejection });
