import type { EventSettings, Role } from './command.ts';
import type { RegistrationId, RoleId, UserId } from './ids.ts';

/** Past-tense facts. Each says what was before where that matters, so that counts can be folded without the registrations. */
export type DomainEvent =
  | { readonly type: 'EventCreated'; readonly settings: EventSettings; readonly roles: readonly Role[] }
  | { readonly type: 'EventOpened' }
  | { readonly type: 'EventClosed' }
  | RegistrationConfirmed
  | RegistrationWaitlisted
  | RegistrationPromoted
  | RegistrationCancelled;

interface AboutRegistration {
  readonly registrationId: RegistrationId;
  readonly userId: UserId;
  readonly roleId: RoleId;
  /** The version of the decision that put the registration into its role's line. */
  readonly sequence: number;
}

export interface RegistrationConfirmed extends AboutRegistration {
  readonly type: 'RegistrationConfirmed';
}

export interface RegistrationWaitlisted extends AboutRegistration {
  readonly type: 'RegistrationWaitlisted';
  /** The place in line when it was given, from 1. */
  readonly waitlistPosition: number;
}

/** From the waitlist to a seat. */
export interface RegistrationPromoted extends AboutRegistration {
  readonly type: 'RegistrationPromoted';
}

export interface RegistrationCancelled extends AboutRegistration {
  readonly type: 'RegistrationCancelled';
  readonly previousStatus: 'confirmed' | 'waitlist';
}
