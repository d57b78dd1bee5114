import type { ActiveRegistration, Registration, RegistrationEvent } from '@rollcall/domain';
import { holdsSeat, limitsOf, rowOf, standing, type Folded } from './folded.ts';

export function foldRegistration(folded: Folded, fact: RegistrationEvent, version: number): void {
  const { registrationId, userId, roleId, sequence } = fact;
  const about = { registrationId, userId, roleId, sequence };
  if (fact.type === 'RegistrationConfirmed') return put(folded, { ...about, status: 'confirmed' }, version);
  if (fact.type === 'RegistrationWaitlisted') {
    const { replaces } = fact;
    return put(folded, { ...about, status: 'waitlist', ...(replaces === undefined ? {} : { replaces }) }, version);
  }
  if (fact.type === 'RegistrationImported') {
    const { status, attendedAt } = fact;
    if (status !== 'confirmed') return put(folded, { ...about, status }, version);
    return put(folded, { ...about, status, ...(attendedAt === undefined ? {} : { attendedAt }) }, version);
  }
  const before = folded.registrations.get(registrationId);
  if (before === undefined || before.status === 'cancelled') return;
  const after = changed(before, fact);
  if (after !== undefined) put(folded, after, version);
}

type Change = Exclude<
  RegistrationEvent,
  { type: 'RegistrationConfirmed' | 'RegistrationWaitlisted' | 'RegistrationImported' }
>;

/** What becomes of an active registration; undefined where nothing does that a fold sees. */
function changed(before: ActiveRegistration, fact: Change): Registration | undefined {
  const { registrationId, userId, roleId, sequence } = before;
  const same = { registrationId, userId, roleId, sequence };
  switch (fact.type) {
    case 'RegistrationOffered':
      return before.status === 'waitlist' ? { ...before, offer: { expiresAt: fact.expiresAt } } : undefined;
    case 'RegistrationPromoted':
      return { ...same, status: 'confirmed' };
    case 'RegistrationMoved': {
      const attendedAt = before.status === 'confirmed' ? before.attendedAt : undefined;
      const moved = { ...same, roleId: fact.roleId, sequence: fact.sequence, status: 'confirmed' } as const;
      return attendedAt === undefined ? moved : { ...moved, attendedAt };
    }
    case 'RegistrationDemoted': {
      const replaces = before.status === 'waitlist' ? before.replaces : undefined;
      return { ...same, status: 'waitlist', ...(replaces === undefined ? {} : { replaces }) };
    }
    case 'RegistrationCancelled':
      return { ...same, status: 'cancelled' };
    case 'RegistrationCheckedIn':
      return before.status === 'confirmed' ? { ...before, attendedAt: fact.attendedAt } : undefined;
    case 'RegistrationCheckInUndone':
      return before.status === 'confirmed' ? { ...same, status: 'confirmed' } : undefined;
    case 'RegistrationUpdated':
      return undefined;
  }
}

function put(folded: Folded, after: Registration, version: number): void {
  const { registrationId, roleId } = after;
  const before = folded.registrations.get(registrationId);
  const slot = folded.registrations.set(after, version);
  // Also who was sent to the end of the line that they stood in: rows are kept by sequence.
  const isNew = before === undefined || before.roleId !== roleId || before.sequence !== after.sequence;
  if (isNew) {
    if (before !== undefined) rowOf(folded, before.roleId).stand(slot, standing(before), undefined);
    rowOf(folded, roleId).enter(slot);
  }
  rowOf(folded, roleId).stand(slot, isNew ? undefined : standing(before), standing(after));

  if (before !== undefined && holdsSeat(before)) for (const limit of limitsOf(folded, before.roleId)) limit.taken -= 1;
  if (holdsSeat(after)) for (const limit of limitsOf(folded, roleId)) limit.taken += 1;
}
