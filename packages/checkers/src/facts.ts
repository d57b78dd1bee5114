import {
  isErasedId,
  registrationIdFor,
  type DomainEvent,
  type EventImported,
  type JournalEntry,
  type RegistrationEvent,
  type RegistrationImported,
  type UserErased,
} from '@rollcall/domain';
import { canonical } from './canonical.ts';
import { standing, type Folded } from './folded.ts';
import { factsOf } from './history.ts';
import type { Watch } from './watch.ts';

/** What a fact says of before is how it was: counts are folded from facts alone, and would drift. */
export const watchFacts = (): Watch => ({
  check: 'facts',
  fact(before, fact, entry) {
    const isTrue = 'registrationId' in fact ? fitsRegistration(before, fact, entry) : fitsEvent(before, fact, entry);
    if (isTrue) return undefined;
    return `${fact.type}${'registrationId' in fact ? ` of ${fact.registrationId}` : ''} does not follow on what was`;
  },
});

type EventFact = Exclude<DomainEvent, RegistrationEvent>;

function fitsEvent(before: Folded, fact: EventFact, entry: JournalEntry): boolean {
  const { status, settings, pools, roles } = before;
  if (fact.type === 'EventCreated') return status === undefined;
  // Of an event that Rollcall leads nothing is imported.
  if (fact.type === 'EventImported') return (status === undefined || before.importing) && keepsRoles(before, fact);
  if (status === undefined) return false;
  switch (fact.type) {
    case 'EventSettingsChanged': {
      const changed = Object.keys({ ...fact.before, ...fact.after });
      const then = Object.entries(settings ?? {}).filter(([name]) => changed.includes(name));
      return same(fact.before, Object.fromEntries(then));
    }
    case 'PoolsChanged':
      return same(fact.before, pools);
    case 'EventOpened':
      return status === 'draft' || status === 'closed';
    case 'EventClosed':
      return status === 'open';
    case 'EventCancelled':
      return status !== 'cancelled';
    case 'RoleAdded':
      return !roles.has(fact.role.roleId) && [...roles.values()].every(({ name }) => name !== fact.role.name);
    case 'RoleRenamed':
      return fact.before === roles.get(fact.roleId)?.name;
    case 'RoleCapacityChanged':
      return fact.before === roles.get(fact.roleId)?.capacity;
    case 'RoleWaitlistChanged': {
      const { waitlist, waitlistMax, offerMs } = roles.get(fact.roleId) ?? {};
      return same(fact.before, { waitlist, waitlistMax, offerMs });
    }
    case 'RoleDeleted':
      return same(fact.role, roles.get(fact.role.roleId)) && (before.rows.get(fact.role.roleId)?.active ?? 0) === 0;
    case 'ChangePreviewed':
      return factsOf(entry).length === 1;
    case 'UserErased':
      return isErased(before, fact) && factsOf(entry).length === 1;
    case 'ImportFinished':
      return before.importing;
    case 'ImportResumed':
      return !before.importing && before.legacyId !== undefined;
    case 'ObligationIncurred':
    case 'ObligationDischarged':
      // `obligations` looks at these.
      return true;
  }
}

function fitsRegistration(before: Folded, fact: RegistrationEvent, entry: JournalEntry): boolean {
  const registration = before.registrations.get(fact.registrationId);
  const { roles } = before;
  if (!roles.has(fact.roleId)) return false;
  if (fact.type === 'RegistrationConfirmed' || fact.type === 'RegistrationWaitlisted') {
    return registration === undefined && fact.registrationId === registrationIdFor(entry.commandId);
  }
  if (fact.type === 'RegistrationImported') return fitsImport(before, fact, entry);
  if (registration === undefined || registration.userId !== fact.userId) return false;
  const stands = standing(registration);
  if (stands === undefined) return false;
  if (fact.type === 'RegistrationMoved') {
    const { previousRoleId, previousSequence, previousStanding } = fact;
    const { roleId, sequence } = registration;
    return previousRoleId === roleId && previousSequence === sequence && previousStanding === stands;
  }
  if (fact.roleId !== registration.roleId) return false;
  const attendedAt = registration.status === 'confirmed' ? registration.attendedAt : undefined;
  switch (fact.type) {
    case 'RegistrationOffered':
      return stands === 'waitlist';
    case 'RegistrationPromoted':
    case 'RegistrationCancelled':
      return fact.previousStanding === stands;
    case 'RegistrationDemoted':
      return fact.previousStanding === stands;
    case 'RegistrationUpdated':
      return fact.fields.length > 0;
    case 'RegistrationCheckedIn':
      return stands === 'confirmed' && attendedAt === undefined && fact.attendedAt === entry.acceptedAt;
    case 'RegistrationCheckInUndone':
      return attendedAt !== undefined && fact.attendedAt === attendedAt;
  }
}

/** No role goes that somebody is registered for. */
function keepsRoles({ rows }: Folded, { roles }: EventImported): boolean {
  const kept = new Set(roles.map(({ roleId }) => roleId));
  return [...rows].every(([roleId, row]) => kept.has(roleId) || row.active === 0);
}

/** Said while the system before leads the event: of a new one, or of the same user's. What was cancelled stays so. */
function fitsImport(before: Folded, fact: RegistrationImported, { commandId }: JournalEntry): boolean {
  const registration = before.registrations.get(fact.registrationId);
  if (!before.importing) return false;
  if (fact.history !== undefined && registration !== undefined) return false;
  if (registration === undefined) {
    return fact.registrationId === registrationIdFor(commandId) && fact.previous === undefined;
  }
  if (registration.userId !== fact.userId) return false;
  const stands = standing(registration);
  if (stands === undefined) return fact.previous === undefined && fact.status === 'cancelled';
  const { roleId, sequence } = registration;
  return same(fact.previous, { roleId, sequence, standing: stands });
}

/** Everything before it names them by the other id: that was rewritten together with it. */
function isErased({ registrations }: Folded, { registrationIds, erasedAs, acts }: UserErased): boolean {
  if (!isErasedId(erasedAs) || registrationIds.length + acts === 0) return false;
  return registrationIds.every((registrationId) => registrations.get(registrationId)?.userId === erasedAs);
}

const same = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);
