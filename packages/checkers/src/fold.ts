import type { DomainEvent, EventSettings, Pool, Role, RoleId, UserErased } from '@rollcall/domain';
import { foldRegistration } from './fold-registration.ts';
import type { Folded } from './folded.ts';
import { countLimits } from './limits.ts';

/** Folds one fact in. Facts that can't follow are folded as far as they go: telling that is the business of a check. */
export function foldFact(folded: Folded, fact: DomainEvent, version: number): void {
  switch (fact.type) {
    case 'EventCreated':
      folded.status = 'draft';
      folded.settings = fact.settings;
      folded.pools = fact.pools;
      for (const role of fact.roles) folded.roles.set(role.roleId, role);
      return countAnew(folded);
    case 'EventImported':
      folded.status = 'draft';
      folded.settings = fact.settings;
      folded.pools = fact.pools;
      folded.legacyId = fact.legacyId;
      folded.importing = true;
      folded.roles.clear();
      for (const role of fact.roles) folded.roles.set(role.roleId, role);
      return countAnew(folded);
    case 'ImportFinished':
      folded.status = fact.status;
      folded.importing = false;
      return;
    case 'ImportResumed':
      folded.status = 'draft';
      folded.importing = true;
      return;
    case 'EventSettingsChanged': {
      if (folded.settings === undefined) return;
      const kept = Object.entries(folded.settings).filter(([name]) => !(name in fact.before));
      // What was removed stands in `before` alone, and nothing is removed that an event must have.
      folded.settings = { ...Object.fromEntries(kept), ...fact.after } as unknown as EventSettings;
      return countAnew(folded);
    }
    case 'PoolsChanged':
      folded.pools = fact.after;
      return countAnew(folded);
    case 'EventOpened':
      folded.status = 'open';
      return;
    case 'EventClosed':
      folded.status = 'closed';
      return;
    case 'EventCancelled':
      folded.status = 'cancelled';
      return;
    case 'RoleAdded':
      folded.roles.set(fact.role.roleId, fact.role);
      return countAnew(folded);
    case 'RoleRenamed':
      return changeRole(folded, fact.roleId, (role) => ({ ...role, name: fact.after }));
    case 'RoleCapacityChanged':
      return changeRole(folded, fact.roleId, (role) => ({ ...role, capacity: fact.after }));
    case 'RoleWaitlistChanged':
      return changeRole(folded, fact.roleId, ({ roleId, name, capacity }) => ({
        roleId,
        name,
        capacity,
        ...fact.after,
      }));
    case 'RoleDeleted':
      folded.roles.delete(fact.role.roleId);
      folded.pools = folded.pools.map((pool) => without(pool, fact.role.roleId));
      return countAnew(folded);
    case 'ObligationIncurred':
      folded.obligation = fact.obligation;
      return;
    case 'ObligationDischarged':
      folded.obligation = undefined;
      return;
    case 'ChangePreviewed':
      return;
    case 'UserErased':
      return foldErasure(folded, fact, version);
    case 'RegistrationConfirmed':
    case 'RegistrationWaitlisted':
    case 'RegistrationOffered':
    case 'RegistrationPromoted':
    case 'RegistrationMoved':
    case 'RegistrationDemoted':
    case 'RegistrationCancelled':
    case 'RegistrationUpdated':
    case 'RegistrationCheckedIn':
    case 'RegistrationCheckInUndone':
    case 'RegistrationImported':
      return foldRegistration(folded, fact, version);
  }
}

/** The decisions before it name them so already, where they were read after it. */
function foldErasure({ registrations }: Folded, { registrationIds, erasedAs }: UserErased, version: number): void {
  for (const registrationId of registrationIds) {
    const registration = registrations.get(registrationId);
    if (registration === undefined || registration.userId === erasedAs) continue;
    registrations.set({ ...registration, userId: erasedAs }, version);
  }
}

function changeRole(folded: Folded, roleId: RoleId, change: (role: Role) => Role): void {
  const role = folded.roles.get(roleId);
  if (role === undefined) return;
  folded.roles.set(roleId, change(role));
  countAnew(folded);
}

const without = (pool: Pool, roleId: RoleId): Pool => ({
  ...pool,
  roleIds: pool.roleIds.filter((id) => id !== roleId),
});

function countAnew(folded: Folded): void {
  const { settings, pools, roles, rows } = folded;
  if (settings !== undefined) folded.limits = countLimits({ settings, pools, roles, rows });
}
