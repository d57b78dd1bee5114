import type { Role } from './command.ts';
import type { DomainEvent, RegistrationEvent, Standing } from './domain-event.ts';
import type { RoleId } from './ids.ts';
import { patchedSettings } from './settings.ts';
import type { EventState, ExistingEvent, RoleState } from './state.ts';
import { foldErasure, foldIntoWorkingSet } from './working-set.ts';

/**
 * Folds one domain event into the state and returns it. The state belongs to the fold and is changed in place: a batch
 * folds thousands of facts, and a copy for each would cost more than everything else that is decided here.
 *
 * Counts follow from the facts alone, so a state whose working set is empty can be brought up to date from the journal.
 *
 * @throws Error when the fact can't follow on the state: then the journal or the loaded state is broken.
 */
export function evolve(state: EventState, domainEvent: DomainEvent): EventState {
  switch (domainEvent.type) {
    case 'EventCreated': {
      const { settings, pools } = domainEvent;
      const roles = new Map<RoleId, RoleState>();
      for (const role of domainEvent.roles) roles.set(role.roleId, emptyRole(role));
      state.current = { status: 'draft', settings, pools, roles };
      return state;
    }
    case 'EventSettingsChanged': {
      const current = existing(state);
      const removed = Object.keys(domainEvent.before).filter((name) => !(name in domainEvent.after));
      const patch = { ...domainEvent.after, ...Object.fromEntries(removed.map((name) => [name, null])) };
      return change(state, { settings: patchedSettings(current.settings, patch) });
    }
    case 'PoolsChanged':
      return change(state, { pools: domainEvent.after });
    case 'EventOpened':
      return change(state, { status: 'open' });
    case 'EventClosed':
      return change(state, { status: 'closed' });
    case 'EventCancelled':
      return change(state, { status: 'cancelled' });
    case 'RoleAdded':
      return changeRoles(state, (roles) => roles.set(domainEvent.role.roleId, emptyRole(domainEvent.role)));
    case 'RoleRenamed':
      return changeRole(state, domainEvent.roleId, { name: domainEvent.after });
    case 'RoleCapacityChanged':
      return changeRole(state, domainEvent.roleId, { capacity: domainEvent.after });
    case 'RoleWaitlistChanged': {
      const { waitlistMax: _, ...kept } = roleStateOf(state, domainEvent.roleId).role;
      return replaceRole(state, { ...kept, ...domainEvent.after });
    }
    case 'RoleDeleted': {
      const { roleId } = domainEvent.role;
      changeRoles(state, (roles) => roles.delete(roleId));
      return change(state, { pools: existing(state).pools.map((pool) => withoutRole(pool, roleId)) });
    }
    case 'ObligationIncurred':
      return change(state, { obligation: domainEvent.obligation });
    case 'ObligationDischarged': {
      const { obligation: _, ...rest } = existing(state);
      state.current = rest;
      return state;
    }
    case 'EventImported': {
      const { legacyId, settings, pools } = domainEvent;
      const before = state.current?.roles;
      const roles = new Map<RoleId, RoleState>();
      for (const role of domainEvent.roles) {
        roles.set(role.roleId, { ...(before?.get(role.roleId) ?? emptyRole(role)), role });
      }
      state.current = { status: 'draft', settings, pools, roles, legacyId, importing: true };
      return state;
    }
    case 'ImportFinished': {
      const { importing: _, ...rest } = existing(state);
      state.current = { ...rest, status: domainEvent.status };
      return state;
    }
    case 'ImportResumed':
      return change(state, { status: 'draft', importing: true });
    case 'ChangePreviewed':
      return state;
    case 'UserErased':
      foldErasure(state.working, domainEvent);
      return state;
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
      // The working set first: it asks how many stood in line before.
      foldIntoWorkingSet(state, roleStateOf(state, domainEvent.roleId), domainEvent);
      count(state, domainEvent);
      return state;
  }
}

const emptyRole = (role: Role): RoleState => ({ role, confirmed: 0, waitlist: 0, offered: 0 });

function withoutRole<P extends { readonly roleIds: readonly RoleId[] }>(pool: P, roleId: RoleId): P {
  return pool.roleIds.includes(roleId) ? { ...pool, roleIds: pool.roleIds.filter((id) => id !== roleId) } : pool;
}

/** How a registration stands before and after a fact; undefined: not at all, or no longer. */
function count(state: EventState, fact: RegistrationEvent): void {
  const { roleId } = fact;
  switch (fact.type) {
    case 'RegistrationConfirmed':
      return shift(state, roleId, undefined, 'confirmed');
    case 'RegistrationWaitlisted':
      return shift(state, roleId, undefined, 'waitlist');
    case 'RegistrationOffered':
      return shift(state, roleId, 'waitlist', 'offered');
    case 'RegistrationPromoted':
      return shift(state, roleId, fact.previousStanding, 'confirmed');
    case 'RegistrationMoved':
      shift(state, fact.previousRoleId, fact.previousStanding, undefined);
      return shift(state, roleId, undefined, 'confirmed');
    case 'RegistrationDemoted':
      return shift(state, roleId, fact.previousStanding, 'waitlist');
    case 'RegistrationCancelled':
      return shift(state, roleId, fact.previousStanding, undefined);
    case 'RegistrationImported': {
      const { previous, status } = fact;
      if (previous !== undefined) shift(state, previous.roleId, previous.standing, undefined);
      return shift(state, roleId, undefined, status === 'cancelled' ? undefined : status);
    }
    case 'RegistrationUpdated':
    case 'RegistrationCheckedIn':
    case 'RegistrationCheckInUndone':
      return;
  }
}

function shift(state: EventState, roleId: RoleId, from: Standing | undefined, to: Standing | undefined): void {
  const roleState = roleStateOf(state, roleId);
  if (from !== undefined) {
    roleState[from] -= 1;
    if (roleState[from] < 0) throw new Error(`event ${state.eventId}: role ${roleId} counts below zero`);
  }
  if (to !== undefined) roleState[to] += 1;
}

function existing(state: EventState): ExistingEvent {
  if (state.current === undefined) throw new Error(`event ${state.eventId}: a fact before its creation`);
  return state.current;
}

function roleStateOf(state: EventState, roleId: RoleId): RoleState {
  const roleState = existing(state).roles.get(roleId);
  if (roleState === undefined) throw new Error(`event ${state.eventId}: a fact about the unknown role ${roleId}`);
  return roleState;
}

function change(state: EventState, changes: Partial<ExistingEvent>): EventState {
  state.current = { ...existing(state), ...changes };
  return state;
}

function changeRoles(state: EventState, by: (roles: Map<RoleId, RoleState>) => unknown): EventState {
  const roles = new Map(existing(state).roles);
  by(roles);
  return change(state, { roles });
}

function changeRole(state: EventState, roleId: RoleId, changes: Partial<Role>): EventState {
  return replaceRole(state, { ...roleStateOf(state, roleId).role, ...changes });
}

function replaceRole(state: EventState, role: Role): EventState {
  const before = roleStateOf(state, role.roleId);
  return changeRoles(state, (roles) => roles.set(role.roleId, { ...before, role }));
}
