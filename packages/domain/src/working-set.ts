import type { RegistrationEvent, RegistrationImported, RegistrationWaitlisted, UserErased } from './domain-event.ts';
import type { RegistrationId } from './ids.ts';
import { insertIntoLine, removeFromLine } from './line.ts';
import {
  addToWorkingSet,
  shiftBefore,
  type ActiveRegistration,
  type EventState,
  type Registration,
  type RoleState,
  type WaitingRegistration,
  type WorkingSet,
} from './state.ts';

/** Brings the loaded registrations and lines up to date with a fact. What is not loaded is left alone. */
export function foldIntoWorkingSet({ working }: EventState, roleState: RoleState, fact: RegistrationEvent): void {
  if (working.seated.size > 0) working.seated.clear();
  const { registrationId, userId, roleId, sequence } = fact;
  const base = { registrationId, userId, roleId, sequence };
  switch (fact.type) {
    case 'RegistrationConfirmed':
      return addToWorkingSet(working, { ...base, status: 'confirmed' });
    case 'RegistrationWaitlisted':
      return joinLine(working, roleState, fact);
    case 'RegistrationOffered': {
      const before = working.registrations.get(registrationId);
      leaveLine(working, fact);
      return replace(working, before, {
        ...base,
        ...replacesOf(before),
        status: 'waitlist',
        offer: { expiresAt: fact.expiresAt },
      });
    }
    case 'RegistrationPromoted':
      if (fact.previousStanding === 'waitlist') leaveLine(working, fact);
      return replace(working, working.registrations.get(registrationId), { ...base, status: 'confirmed' });
    case 'RegistrationMoved': {
      const before = working.registrations.get(registrationId);
      if (fact.previousStanding === 'waitlist') {
        leaveLine(working, { registrationId, roleId: fact.previousRoleId, sequence: fact.previousSequence });
      }
      return replace(working, before, { ...base, ...attendanceOf(before), status: 'confirmed' });
    }
    case 'RegistrationDemoted': {
      const before = working.registrations.get(registrationId);
      const waiting: WaitingRegistration = { ...base, ...replacesOf(before), status: 'waitlist' };
      comeBack(working, roleState, waiting);
      return replace(working, before, waiting);
    }
    case 'RegistrationCancelled':
      if (fact.previousStanding === 'waitlist') leaveLine(working, fact);
      return replace(working, working.registrations.get(registrationId), { ...base, status: 'cancelled' });
    case 'RegistrationUpdated':
      return;
    case 'RegistrationCheckedIn': {
      const { attendedAt } = fact;
      return replace(working, working.registrations.get(registrationId), { ...base, status: 'confirmed', attendedAt });
    }
    case 'RegistrationCheckInUndone':
      return replace(working, working.registrations.get(registrationId), { ...base, status: 'confirmed' });
    case 'RegistrationImported':
      return foldImport(working, roleState, fact);
  }
}

/** Whoever was loaded of the registrations stands in the same place, as somebody else. */
export function foldErasure(working: WorkingSet, { registrationIds, erasedAs }: UserErased): void {
  if (working.seated.size > 0) working.seated.clear();
  working.traces.clear();
  for (const registrationId of registrationIds) {
    const before = working.registrations.get(registrationId);
    if (before === undefined) continue;
    const after = { ...before, userId: erasedAs };
    working.registrations.set(registrationId, after);
    if (after.status === 'cancelled') continue;
    const others = (working.activeByUser.get(before.userId) ?? []).filter((held) => held !== before);
    working.activeByUser.set(before.userId, others);
    working.activeByUser.set(erasedAs, [...(working.activeByUser.get(erasedAs) ?? []), after]);
    if (after.status !== 'waitlist') continue;
    const line = working.waiting.get(after.roleId) ?? [];
    const place = line.findIndex((waiting) => waiting.registrationId === registrationId);
    if (place >= 0) line[place] = after;
  }
}

const replacesOf = (before: Registration | undefined): Pick<WaitingRegistration, 'replaces'> =>
  before?.status === 'waitlist' && before.replaces !== undefined ? { replaces: before.replaces } : {};

const attendanceOf = (before: Registration | undefined) =>
  before?.status === 'confirmed' && before.attendedAt !== undefined ? { attendedAt: before.attendedAt } : {};

function joinLine(working: WorkingSet, { waitlist }: RoleState, fact: RegistrationWaitlisted): void {
  const { registrationId, userId, roleId, sequence, replaces } = fact;
  const registration: WaitingRegistration = {
    registrationId,
    userId,
    roleId,
    sequence,
    status: 'waitlist',
    ...(replaces === undefined ? {} : { replaces }),
  };
  const line = working.waiting.get(roleId);
  if (line !== undefined) insertIntoLine(line, registration, waitlist);
  // With nobody in line it is known without having been loaded.
  else if (waitlist === 0) working.waiting.set(roleId, [registration]);
  working.placeAtLoad.set(registrationId, waitlist + 1 - shiftBefore(working, roleId, sequence));
  addToWorkingSet(working, registration);
}

/** Whoever is new there is loaded from then on; of who was there before that is known only when they are. */
function foldImport(working: WorkingSet, roleState: RoleState, fact: RegistrationImported): void {
  const { registrationId, userId, roleId, sequence, status, previous, attendedAt } = fact;
  const base = { registrationId, userId, roleId, sequence };
  const before = working.registrations.get(registrationId);
  const stoodThere = previous?.standing === 'waitlist' && previous.roleId === roleId;
  if (previous?.standing === 'waitlist') leaveLine(working, { registrationId, ...previous });
  const after: Registration =
    status === 'confirmed'
      ? { ...base, status, ...(attendedAt === undefined ? {} : { attendedAt }) }
      : { ...base, status };
  if (after.status === 'waitlist') {
    const length = roleState.waitlist - (stoodThere ? 1 : 0);
    const line = working.waiting.get(roleId);
    if (line !== undefined) insertIntoLine(line, after, length);
    else if (length === 0) working.waiting.set(roleId, [after]);
    shiftLine(working, roleId, sequence, 1);
  }
  // Nobody is told a place while the system before leads the event.
  working.placeAtLoad.delete(registrationId);
  if (before !== undefined) replace(working, before, after);
  else if (previous === undefined) addToWorkingSet(working, after);
}

function comeBack(working: WorkingSet, { waitlist }: RoleState, registration: WaitingRegistration): void {
  const { roleId, sequence } = registration;
  const line = working.waiting.get(roleId);
  if (line !== undefined) insertIntoLine(line, registration, waitlist);
  else if (waitlist === 0) working.waiting.set(roleId, [registration]);
  shiftLine(working, roleId, sequence, 1);
  const place = (working.waiting.get(roleId)?.indexOf(registration) ?? -1) + 1;
  if (place > 0) working.placeAtLoad.set(registration.registrationId, place - shiftBefore(working, roleId, sequence));
}

function leaveLine(
  working: WorkingSet,
  left: Pick<WaitingRegistration, 'registrationId' | 'roleId' | 'sequence'>,
): void {
  const line = working.waiting.get(left.roleId);
  if (line !== undefined) removeFromLine(line, left);
  shiftLine(working, left.roleId, left.sequence, -1);
}

function shiftLine(working: WorkingSet, roleId: WaitingRegistration['roleId'], sequence: number, by: 1 | -1): void {
  const shifts = working.lineShifts.get(roleId);
  if (shifts === undefined) working.lineShifts.set(roleId, [{ sequence, by }]);
  else shifts.push({ sequence, by });
}

function replace(working: WorkingSet, before: Registration | undefined, after: Registration): void {
  if (before === undefined) return;
  working.registrations.set(after.registrationId, after);
  const active = working.activeByUser.get(before.userId);
  if (active !== undefined) replaceActive(active, after.registrationId, after);
}

function replaceActive(active: ActiveRegistration[], registrationId: RegistrationId, after: Registration): void {
  const place = active.findIndex((held) => held.registrationId === registrationId);
  if (place < 0) return;
  if (after.status === 'cancelled') active.splice(place, 1);
  else active[place] = after;
}
