import {
  erasedIdFromToken,
  registrationIdFor,
  type AcceptOffer,
  type CheckIn,
  type DeclineOffer,
  type EraseUser,
  type ExpireOffer,
  type Instant,
  type MoveBetweenRoles,
  type RegistrationId,
  type RemoveFromRole,
  type SignUp,
  type UndoCheckIn,
  type UpdateRegistration,
} from '@rollcall/domain';
import { byStaff, personal, signupTime, theEventId, type Envelope } from './commands.ts';
import { aRoleId, aUserId, newCommandId } from './ids.ts';

/** The signup that made the registration, whose user then asks; or its id, with `by` for who asks. */
export type Whose = SignUp | RegistrationId;

const idOf = (whose: Whose): RegistrationId => (typeof whose === 'string' ? whose : registrationIdFor(whose.commandId));

function owners(whose: Whose, parts: Envelope) {
  const from = typeof whose === 'string' ? {} : { eventId: whose.eventId };
  const self = typeof whose === 'string' ? 'somebody' : whose.userId;
  return { ...personal({ ...from, ...parts }, self), registrationId: idOf(whose) };
}

function staffs(whose: Whose, parts: Envelope) {
  const from = typeof whose === 'string' ? {} : { eventId: whose.eventId };
  return { ...byStaff({ ...from, ...parts }), registrationId: idOf(whose) };
}

export type RemoveParts = Envelope & Partial<Pick<RemoveFromRole, 'reasonCode' | 'reason'>>;

/** Staff takes the registration away. */
export function remove(whose: Whose, { reasonCode = 'requested', reason, ...parts }: RemoveParts = {}): RemoveFromRole {
  const removal = { ...staffs(whose, parts), type: 'RemoveFromRole', reasonCode } as const;
  return reason === undefined ? removal : { ...removal, reason };
}

/** To the named role; when that is full it is refused, unless `ifFull` says to queue. */
export function move(
  whose: Whose,
  role: string,
  { ifFull = 'refuse', ...parts }: Envelope & Partial<Pick<MoveBetweenRoles, 'ifFull'>> = {},
): MoveBetweenRoles {
  return { ...owners(whose, parts), type: 'MoveBetweenRoles', roleId: aRoleId(role), ifFull };
}

export function accept(whose: Whose, parts: Envelope = {}): AcceptOffer {
  return { ...owners(whose, parts), type: 'AcceptOffer' };
}

export function decline(whose: Whose, parts: Envelope = {}): DeclineOffer {
  return { ...owners(whose, parts), type: 'DeclineOffer' };
}

/** Rollcall notices that the offer until `expiresAt` has run out: at that moment, unless `at` says otherwise. */
export function expire(whose: Whose, expiresAt: Instant, parts: Omit<Envelope, 'by'> = {}): ExpireOffer {
  const { commandId = newCommandId(), at = expiresAt } = parts;
  const { eventId = typeof whose === 'string' ? theEventId : whose.eventId } = parts;
  const envelope = { commandId, eventId, acceptedAt: at, actor: { kind: 'system' } } as const;
  return { ...envelope, type: 'ExpireOffer', registrationId: idOf(whose), expiresAt };
}

export function update(
  whose: Whose,
  { notes, specialRequirements, ...parts }: Envelope & Pick<UpdateRegistration, 'notes' | 'specialRequirements'> = {},
): UpdateRegistration {
  return {
    ...owners(whose, parts),
    type: 'UpdateRegistration',
    ...(notes === undefined ? {} : { notes }),
    ...(specialRequirements === undefined ? {} : { specialRequirements }),
  };
}

/** By Rollcall itself, unless `by` names staff; the other id follows from the command's. */
export function erase(user: string, parts: Envelope = {}): EraseUser {
  const { commandId = newCommandId(), eventId = theEventId, at = signupTime, by } = parts;
  const actor = by === undefined ? ({ kind: 'system' } as const) : ({ kind: 'staff', userId: aUserId(by) } as const);
  const erasedAs = erasedIdFromToken(commandId.slice(1));
  return { commandId, eventId, acceptedAt: at, actor, type: 'EraseUser', userId: aUserId(user), erasedAs };
}

export function checkIn(whose: Whose, parts: Envelope = {}): CheckIn {
  return { ...staffs(whose, parts), type: 'CheckIn' };
}

export function undoCheckIn(whose: Whose, parts: Envelope = {}): UndoCheckIn {
  return { ...staffs(whose, parts), type: 'UndoCheckIn' };
}
