import {
  eventIdFor,
  registrationIdFor,
  type CancelSignup,
  type ChangeEventSettings,
  type CommandId,
  type CreateEvent,
  type EventId,
  type EventSettings,
  type Instant,
  type RegistrationId,
  type Role,
  type SignUp,
} from '@rollcall/domain';
import { anOrganizerId, aRoleId, aUserId, commandIdNamed, newCommandId } from './ids.ts';

/** When commands are accepted unless a test says otherwise: a month before the event. */
export const signupTime: Instant = Date.UTC(2030, 4, 1, 9);
/** The event that commands are about unless a test says otherwise. */
export const theEventId: EventId = eventIdFor(commandIdNamed('the-event'));

export interface RoleParts {
  readonly capacity?: number;
  readonly waitlist?: Role['waitlist'];
}

/** A role with 2 seats and a waitlist. */
export function aRole(name = 'volunteers', { capacity = 2, waitlist = 'auto' }: RoleParts = {}): Role {
  return { roleId: aRoleId(name), name, capacity, waitlist };
}

export function someSettings(overrides: Partial<EventSettings> = {}): EventSettings {
  return {
    organizerId: anOrganizerId('org-1'),
    title: 'Summer fair',
    startsAt: Date.UTC(2030, 5, 1, 9),
    endsAt: Date.UTC(2030, 5, 1, 17),
    timeZone: 'Europe/Berlin',
    registrationsPerUserMax: 1,
    ...overrides,
  };
}

/** What every builder of a command takes besides what the command is about. */
export interface Envelope {
  readonly commandId?: CommandId;
  readonly eventId?: EventId;
  readonly at?: Instant;
  /** Who asks: a user by default; `staff` acts for the organizer. */
  readonly by?: string;
}

function envelope({ commandId = newCommandId(), eventId = theEventId, at = signupTime, by }: Envelope, self: string) {
  const staff = by === 'staff';
  const actor = { kind: staff ? 'staff' : 'user', userId: aUserId(staff ? 'olga-of-the-org' : (by ?? self)) } as const;
  return { commandId, eventId, acceptedAt: at, actor };
}

export interface EventParts {
  readonly roles?: readonly Role[];
  readonly settings?: Partial<EventSettings>;
}

export function createEvent({ roles = [aRole()], settings = {} }: EventParts = {}, parts: Envelope = {}): CreateEvent {
  return { ...envelope({ by: 'staff', ...parts }, ''), type: 'CreateEvent', settings: someSettings(settings), roles };
}

export function openEvent(parts: Envelope = {}): ChangeEventSettings {
  return { ...envelope({ by: 'staff', ...parts }, ''), type: 'ChangeEventSettings', status: 'open' };
}

export function closeEvent(parts: Envelope = {}): ChangeEventSettings {
  return { ...openEvent(parts), status: 'closed' };
}

export type SignUpParts = Envelope & { readonly role?: string } & Pick<
    SignUp,
    'notes' | 'specialRequirements' | 'profile'
  >;

/** The user asks for a seat in `volunteers`, or in the named role. */
export function signUp(
  user: string,
  { role = 'volunteers', notes, specialRequirements, profile, ...parts }: SignUpParts = {},
): SignUp {
  return {
    ...envelope(parts, user),
    type: 'SignUp',
    userId: aUserId(user),
    roleId: aRoleId(role),
    ...(notes === undefined ? {} : { notes }),
    ...(specialRequirements === undefined ? {} : { specialRequirements }),
    ...(profile === undefined ? {} : { profile }),
  };
}

/** The user who signed up cancels, unless `by` says who else does. */
export function cancel(signedUp: SignUp, parts: Envelope & { readonly reason?: string } = {}): CancelSignup {
  return cancelById(registrationIdFor(signedUp.commandId), {
    eventId: signedUp.eventId,
    by: signedUp.userId,
    ...parts,
  });
}

export function cancelById(
  registrationId: RegistrationId,
  { reason, ...parts }: Envelope & { readonly reason?: string } = {},
): CancelSignup {
  return {
    ...envelope(parts, 'somebody'),
    type: 'CancelSignup',
    registrationId,
    ...(reason === undefined ? {} : { reason }),
  };
}
