import type { CommandId, EventId, OrganizerId, RegistrationId, RoleId, UserId } from './ids.ts';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** Who asks. The API decides from the token whether somebody acts as staff of the event's organizer. */
export interface Actor {
  readonly kind: 'user' | 'staff';
  readonly userId: UserId;
}

/** What the person is called, from the token or given by staff. Stored on the registration, never in the journal. */
export interface Profile {
  readonly displayName: string;
  readonly email?: string;
}

/** `off`: a full role refuses. `auto`: it queues, and whoever is first in line is confirmed as soon as a seat frees. */
export type WaitlistMode = 'off' | 'auto';

export interface Role {
  readonly roleId: RoleId;
  readonly name: string;
  /** Seats; a whole number from 0. */
  readonly capacity: number;
  readonly waitlist: WaitlistMode;
}

export interface EventSettings {
  readonly organizerId: OrganizerId;
  readonly title: string;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  /** An IANA name, for those who show the times. */
  readonly timeZone: string;
  readonly location?: string;
  readonly signupOpensAt?: Instant;
  readonly signupClosesAt?: Instant;
  /** How many active registrations one user may hold at this event. */
  readonly registrationsPerUserMax: number;
}

export type EventStatus = 'draft' | 'open' | 'closed' | 'cancelled';

interface CommandBase {
  readonly commandId: CommandId;
  readonly eventId: EventId;
  readonly actor: Actor;
  /** When the mailbox took the command: windows are judged by it, not by when a worker came to it. */
  readonly acceptedAt: Instant;
}

export interface CreateEvent extends CommandBase {
  readonly type: 'CreateEvent';
  readonly settings: EventSettings;
  readonly roles: readonly Role[];
}

export interface ChangeEventSettings extends CommandBase {
  readonly type: 'ChangeEventSettings';
  readonly status: 'open' | 'closed';
}

export interface SignUp extends CommandBase {
  readonly type: 'SignUp';
  readonly userId: UserId;
  readonly roleId: RoleId;
  readonly notes?: string;
  readonly specialRequirements?: string;
  readonly profile?: Profile;
}

export interface CancelSignup extends CommandBase {
  readonly type: 'CancelSignup';
  readonly registrationId: RegistrationId;
  readonly reason?: string;
}

export type Command = CreateEvent | ChangeEventSettings | SignUp | CancelSignup;

type WithoutEnvelope<C> = C extends Command ? Omit<C, 'commandId' | 'eventId' | 'acceptedAt'> : never;
/** A command before the mailbox took it: its id, event and time of acceptance travel beside it. */
export type CommandBody = WithoutEnvelope<Command>;
