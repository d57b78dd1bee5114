import type { DomainEvent, JournalEntry, Registration, RegistrationId, Role, RoleId, UserId } from '@rollcall/domain';
import { factsOf } from './history.ts';

/** An event as its journal tells it, up to one version. Kept in parts that one fact changes in constant time: load runs have long histories. */
export interface Folded {
  readonly roles: Map<RoleId, Role>;
  readonly registrations: Map<RegistrationId, Registration>;
  readonly confirmed: Map<RoleId, number>;
  /** Who waits, per role, in the order in which they joined. */
  readonly lines: Map<RoleId, Set<RegistrationId>>;
  readonly active: Map<string, Set<RegistrationId>>;
}

export const emptyFold = (): Folded => ({
  roles: new Map(),
  registrations: new Map(),
  confirmed: new Map(),
  lines: new Map(),
  active: new Map(),
});

/** Folds one fact in. Facts that can't follow are folded as far as they go: telling that is the business of a check. */
export function foldFact(folded: Folded, fact: DomainEvent): void {
  switch (fact.type) {
    case 'EventCreated':
      for (const role of fact.roles) folded.roles.set(role.roleId, role);
      return;
    case 'EventOpened':
    case 'EventClosed':
      return;
    case 'RegistrationConfirmed':
    case 'RegistrationWaitlisted': {
      const { registrationId, userId, roleId, sequence } = fact;
      const status = fact.type === 'RegistrationConfirmed' ? 'confirmed' : 'waitlist';
      put(folded, { registrationId, userId, roleId, sequence, status });
      return;
    }
    case 'RegistrationPromoted':
    case 'RegistrationCancelled': {
      const before = folded.registrations.get(fact.registrationId);
      const status = fact.type === 'RegistrationPromoted' ? 'confirmed' : 'cancelled';
      if (before !== undefined) put(folded, { ...before, status });
      return;
    }
  }
}

function put(folded: Folded, registration: Registration): void {
  const { registrationId, roleId, userId, status } = registration;
  const before = folded.registrations.get(registrationId);
  if (before?.status === 'confirmed') folded.confirmed.set(before.roleId, seatsTaken(folded, before.roleId) - 1);
  if (before?.status === 'waitlist') folded.lines.get(before.roleId)?.delete(registrationId);
  folded.registrations.set(registrationId, registration);
  if (status === 'confirmed') folded.confirmed.set(roleId, seatsTaken(folded, roleId) + 1);
  if (status === 'waitlist') folded.lines.set(roleId, lineOf(folded, roleId).add(registrationId));
  const active = activeOf(folded, roleId, userId);
  if (status === 'cancelled') active.delete(registrationId);
  else active.add(registrationId);
  folded.active.set(keyOf(roleId, userId), active);
}

/** Folds the journal and shows the event after each decision. */
export function walk(entries: readonly JournalEntry[], look: (after: Folded, entry: JournalEntry) => void): Folded {
  const folded = emptyFold();
  for (const entry of entries) {
    for (const fact of factsOf(entry)) foldFact(folded, fact);
    look(folded, entry);
  }
  return folded;
}

export const seatsTaken = ({ confirmed }: Folded, roleId: RoleId): number => confirmed.get(roleId) ?? 0;

/** The line of a role, first in line first. */
export const lineOf = ({ lines }: Folded, roleId: RoleId): Set<RegistrationId> => lines.get(roleId) ?? new Set();

export const activeOf = ({ active }: Folded, roleId: RoleId, userId: UserId): Set<RegistrationId> =>
  active.get(keyOf(roleId, userId)) ?? new Set();

const keyOf = (roleId: RoleId, userId: UserId): string => `${roleId} ${userId}`;
