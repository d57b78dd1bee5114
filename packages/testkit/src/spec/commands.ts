import {
  eventIdFor,
  registrationIdFor,
  type AddRole,
  type CancelSignup,
  type ChangeEventSettings,
  type ChangeRole,
  type CommandId,
  type CreateEvent,
  type DeleteRole,
  type EventId,
  type EventSettings,
  type Instant,
  type Pool,
  type RegistrationId,
  type Role,
  type RolePatch,
  type SignUp,
} from '@rollcall/domain';
import { anOrganizerId, aPoolId, aRoleId, aUserId, commandIdNamed, newCommandId } from './ids.ts';

/** When commands are accepted unless a test says otherwise: a month before the event. */
export const signupTime: Instant = Date.UTC(2030, 4, 1, 9);
/** The event that commands are about unless a test says otherwise. */
export const theEventId: EventId = eventIdFor(commandIdNamed('the-event'));

export type RoleParts = Partial<Pick<Role, 'capacity' | 'waitlist' | 'waitlistMax' | 'offerMs'>>;

/** A role with 2 seats and a waitlist; an offer of it holds for an hour. */
export function aRole(
  name = 'volunteers',
  { capacity = 2, waitlist = 'auto', waitlistMax, offerMs = 3_600_000 }: RoleParts = {},
): Role {
  const role = { roleId: aRoleId(name), name, capacity, waitlist, offerMs };
  return waitlistMax === undefined ? role : { ...role, waitlistMax };
}

/** So many seats for all of the named roles together. */
export function aPool(name: string, capacity: number, ...roles: readonly string[]): Pool {
  return { poolId: aPoolId(name), capacity, roleIds: roles.map((role) => aRoleId(role)) };
}

export function someSettings(overrides: Partial<EventSettings> = {}): EventSettings {
  return {
    organizerId: anOrganizerId('org-1'),
    title: 'Summer fair',
    startsAt: Date.UTC(2030, 5, 1, 9),
    endsAt: Date.UTC(2030, 5, 1, 17),
    timeZone: 'Europe/Berlin',
    registrationsPerUserMax: 1,
    usersMayMove: false,
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

const staffId = aUserId('olga-of-the-org');

/** The envelope of what people may do for themselves, and staff for them. */
export function personal(
  { commandId = newCommandId(), eventId = theEventId, at = signupTime, by }: Envelope,
  self: string,
) {
  const staff = by === 'staff';
  const actor = { kind: staff ? 'staff' : 'user', userId: staff ? staffId : aUserId(by ?? self) } as const;
  return { commandId, eventId, acceptedAt: at, actor };
}

/** The envelope of what staff does alone: `by` names which of them. */
export function byStaff({ commandId = newCommandId(), eventId = theEventId, at = signupTime, by }: Envelope) {
  const userId = by === undefined || by === 'staff' ? staffId : aUserId(by);
  return { commandId, eventId, acceptedAt: at, actor: { kind: 'staff', userId } } as const;
}

export interface EventParts {
  readonly roles?: readonly Role[];
  readonly settings?: Partial<EventSettings>;
  readonly pools?: readonly Pool[];
}

export function createEvent(
  { roles = [aRole()], settings = {}, pools = [] }: EventParts = {},
  parts: Envelope = {},
): CreateEvent {
  return { ...byStaff(parts), type: 'CreateEvent', settings: someSettings(settings), roles, pools };
}

export type ChangeParts = Envelope & Partial<Pick<ChangeEventSettings, 'ifOver' | 'dryRun'>>;

/** Changes settings, pools and status, whichever are given. */
export function changeEvent(
  what: Partial<Pick<ChangeEventSettings, 'settings' | 'pools' | 'status'>>,
  { ifOver = 'refuse', dryRun = false, ...parts }: ChangeParts = {},
): ChangeEventSettings {
  return { ...byStaff(parts), type: 'ChangeEventSettings', settings: {}, pools: {}, ...what, ifOver, dryRun };
}

export const openEvent = (parts: Envelope = {}) => changeEvent({ status: 'open' }, parts);
export const closeEvent = (parts: Envelope = {}) => changeEvent({ status: 'closed' }, parts);
export const cancelEvent = (parts: Envelope = {}) => changeEvent({ status: 'cancelled' }, parts);

export function addRole(role: Role, parts: Envelope = {}): AddRole {
  return { ...byStaff(parts), type: 'AddRole', role };
}

export function changeRole(
  role: string,
  changes: RolePatch,
  { ifOver = 'refuse', dryRun = false, ...parts }: ChangeParts = {},
): ChangeRole {
  return { ...byStaff(parts), type: 'ChangeRole', roleId: aRoleId(role), changes, ifOver, dryRun };
}

export function deleteRole(role: string, parts: Envelope = {}): DeleteRole {
  return { ...byStaff(parts), type: 'DeleteRole', roleId: aRoleId(role) };
}

export type SignUpParts = Envelope & { readonly role?: string } & Pick<
    SignUp,
    'notes' | 'specialRequirements' | 'profile' | 'override'
  >;

/** The user asks for a seat in `volunteers`, or in the named role. */
export function signUp(user: string, { role = 'volunteers', ...parts }: SignUpParts = {}): SignUp {
  const { notes, specialRequirements, profile, override, ...rest } = parts;
  return {
    ...personal(rest, user),
    type: 'SignUp',
    userId: aUserId(user),
    roleId: aRoleId(role),
    ...(notes === undefined ? {} : { notes }),
    ...(specialRequirements === undefined ? {} : { specialRequirements }),
    ...(profile === undefined ? {} : { profile }),
    ...(override === undefined ? {} : { override }),
  };
}

/** Staff signs the user up; with `override` also where there is no seat. */
export function assign(user: string, parts: SignUpParts = {}): SignUp {
  return signUp(user, { by: 'staff', ...parts });
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
    ...personal(parts, 'somebody'),
    type: 'CancelSignup',
    registrationId,
    ...(reason === undefined ? {} : { reason }),
  };
}
