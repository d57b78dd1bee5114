import type { DomainEvent, RegistrationConfirmed, RegistrationWaitlisted } from './domain-event.ts';
import type { RegistrationId, RoleId } from './ids.ts';
import type { EventState, ExistingEvent, Registration, RoleState, WorkingSet } from './state.ts';
import { addToWorkingSet } from './state.ts';

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
      const roles = new Map<RoleId, RoleState>();
      for (const role of domainEvent.roles) roles.set(role.roleId, { role, confirmed: 0, waitlist: 0 });
      state.current = { status: 'draft', settings: domainEvent.settings, roles };
      return state;
    }
    case 'EventOpened':
      state.current = { ...existing(state), status: 'open' };
      return state;
    case 'EventClosed':
      state.current = { ...existing(state), status: 'closed' };
      return state;
    case 'RegistrationConfirmed':
      roleState(state, domainEvent.roleId).confirmed += 1;
      addToWorkingSet(state.working, registrationOf(domainEvent, 'confirmed'));
      return state;
    case 'RegistrationWaitlisted':
      joinWaitlist(state, domainEvent);
      return state;
    case 'RegistrationPromoted': {
      const role = roleState(state, domainEvent.roleId);
      role.waitlist -= 1;
      role.confirmed += 1;
      leaveWaitlist(state.working, domainEvent.roleId, domainEvent.registrationId, domainEvent.sequence);
      setStatus(state.working, domainEvent.registrationId, 'confirmed');
      return checkCounts(state, role);
    }
    case 'RegistrationCancelled': {
      const role = roleState(state, domainEvent.roleId);
      role[domainEvent.previousStatus] -= 1;
      if (domainEvent.previousStatus === 'waitlist') {
        leaveWaitlist(state.working, domainEvent.roleId, domainEvent.registrationId, domainEvent.sequence);
      }
      setStatus(state.working, domainEvent.registrationId, 'cancelled');
      return checkCounts(state, role);
    }
  }
}

function existing(state: EventState): ExistingEvent {
  if (state.current === undefined) throw new Error(`event ${state.eventId}: a fact before its creation`);
  return state.current;
}

function roleState(state: EventState, roleId: RoleId): RoleState {
  const role = existing(state).roles.get(roleId);
  if (role === undefined) throw new Error(`event ${state.eventId}: a fact about the unknown role ${roleId}`);
  return role;
}

function checkCounts(state: EventState, role: RoleState): EventState {
  if (role.confirmed < 0 || role.waitlist < 0) {
    throw new Error(`event ${state.eventId}: role ${role.role.roleId} counts below zero`);
  }
  return state;
}

function registrationOf(
  fact: RegistrationConfirmed | RegistrationWaitlisted,
  status: 'confirmed' | 'waitlist',
): Registration {
  return {
    registrationId: fact.registrationId,
    userId: fact.userId,
    roleId: fact.roleId,
    status,
    sequence: fact.sequence,
  };
}

function joinWaitlist(state: EventState, fact: RegistrationWaitlisted): void {
  const { working } = state;
  const role = roleState(state, fact.roleId);
  const registration = registrationOf(fact, 'waitlist');
  const line = working.waiting.get(fact.roleId);
  if (line !== undefined) line.push(registration);
  // With nobody in line the head is known without having been loaded. Otherwise a line of our own would lack those before.
  else if (role.waitlist === 0) working.waiting.set(fact.roleId, [registration]);
  role.waitlist += 1;
  const departed = working.departed.get(fact.roleId)?.length ?? 0;
  working.placeAtLoad.set(fact.registrationId, role.waitlist + departed);
  addToWorkingSet(working, registration);
}

function leaveWaitlist(working: WorkingSet, roleId: RoleId, registrationId: RegistrationId, sequence: number): void {
  const line = working.waiting.get(roleId);
  const place = line?.findIndex((waiting) => waiting.registrationId === registrationId) ?? -1;
  if (place >= 0) line?.splice(place, 1);
  const departed = working.departed.get(roleId);
  if (departed === undefined) working.departed.set(roleId, [sequence]);
  else departed.push(sequence);
}

function setStatus(working: WorkingSet, registrationId: RegistrationId, status: 'confirmed' | 'cancelled'): void {
  const before = working.registrations.get(registrationId);
  if (before === undefined) return;
  const after: Registration = { ...before, status };
  working.registrations.set(registrationId, after);
  const active = working.activeByUser.get(before.userId);
  const place = active?.findIndex((held) => held.registrationId === registrationId) ?? -1;
  if (active === undefined || place < 0) return;
  if (status === 'cancelled') active.splice(place, 1);
  else active[place] = after;
}
