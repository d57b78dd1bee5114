import type { CancelSignup, ChangeEventSettings, Command, CreateEvent, SignUp } from './command.ts';
import { accept, reject, type Decision, type Rejection } from './decision.ts';
import type { DomainEvent, RegistrationPromoted } from './domain-event.ts';
import { registrationIdFor } from './ids.ts';
import {
  waitlistPosition,
  type EventState,
  type ExistingEvent,
  type Registration,
  type RoleState,
  type WorkingSet,
} from './state.ts';

/**
 * Decides one command against the state: what happens, or why it is refused. Pure; the same state and command give the
 * same decision. The state must hold the working set of the command (see WorkingSet).
 *
 * @throws Error when the working set lacks what the rules need: a fault of the loader, never of the command.
 */
export function decide(state: EventState, command: Command): Decision {
  if (command.type === 'CreateEvent') return createEvent(state, command);
  const { current } = state;
  if (current === undefined) return reject({ reason: 'event-not-found' });
  switch (command.type) {
    case 'ChangeEventSettings':
      return changeEventSettings(current, command);
    case 'SignUp':
      return signUp(state, current, command);
    case 'CancelSignup':
      return cancelSignup(state, current, command);
  }
}

function createEvent(state: EventState, command: CreateEvent): Decision {
  if (state.current !== undefined) return reject({ reason: 'event-exists' });
  return accept({ type: 'EventCreated', settings: command.settings, roles: command.roles });
}

/** draft → open ⇄ closed. To be what it is already is accepted and changes nothing. */
function changeEventSettings(current: ExistingEvent, command: ChangeEventSettings): Decision {
  const from = current.status;
  const to = command.status;
  if (from === to) return accept();
  const allowed = to === 'open' ? from === 'draft' || from === 'closed' : from === 'open';
  if (!allowed) return reject({ reason: 'status-change-refused', from, to });
  return accept({ type: to === 'open' ? 'EventOpened' : 'EventClosed' });
}

function signUp(state: EventState, current: ExistingEvent, command: SignUp): Decision {
  const refusal = refusalToTakeSignups(current, command.acceptedAt);
  if (refusal !== undefined) return reject(refusal);

  const roleState = current.roles.get(command.roleId);
  if (roleState === undefined) return reject({ reason: 'role-not-found', roleId: command.roleId });

  const active = state.working.activeByUser.get(command.userId) ?? [];
  const held = active.find((registration) => registration.roleId === command.roleId);
  if (held !== undefined) return reject(alreadyRegistered(state.working, held));
  const { registrationsPerUserMax } = current.settings;
  if (active.length >= registrationsPerUserMax) {
    return reject({ reason: 'limit-reached', registrationsPerUserMax, registrations: active.length });
  }

  const registration = {
    registrationId: registrationIdFor(command.commandId),
    userId: command.userId,
    roleId: command.roleId,
    sequence: state.version + 1,
  };
  const { role, confirmed, waitlist } = roleState;
  // While people wait, a new signup goes behind them, also when a seat is free.
  if (waitlist === 0 && confirmed < role.capacity) return accept({ type: 'RegistrationConfirmed', ...registration });
  if (role.waitlist === 'off') {
    return reject({ reason: 'role-full', roleId: role.roleId, capacity: role.capacity, taken: confirmed });
  }
  return accept({ type: 'RegistrationWaitlisted', ...registration, waitlistPosition: waitlist + 1 });
}

/** Signups are taken while the event is open, from `signupOpensAt` and before `signupClosesAt`; never once it is over. */
function refusalToTakeSignups(current: ExistingEvent, at: number): Rejection | undefined {
  const { status, settings } = current;
  if (status !== 'open') return { reason: 'event-not-open', status };
  if (at >= settings.endsAt) return { reason: 'event-over', endsAt: settings.endsAt };
  if (settings.signupOpensAt !== undefined && at < settings.signupOpensAt) {
    return { reason: 'signups-not-open-yet', signupOpensAt: settings.signupOpensAt };
  }
  if (settings.signupClosesAt !== undefined && at >= settings.signupClosesAt) {
    return { reason: 'signups-closed', signupClosesAt: settings.signupClosesAt };
  }
  return undefined;
}

function alreadyRegistered(working: WorkingSet, held: Registration): Rejection {
  const { registrationId } = held;
  if (held.status !== 'waitlist') return { reason: 'already-registered', registrationId, status: 'confirmed' };
  const place = waitlistPosition(working, held);
  return {
    reason: 'already-registered',
    registrationId,
    status: 'waitlist',
    ...(place === undefined ? {} : { waitlistPosition: place }),
  };
}

/** Users cancel their own; to anybody but staff, somebody else's registration does not exist. */
function cancelSignup(state: EventState, current: ExistingEvent, command: CancelSignup): Decision {
  const { registrationId, actor } = command;
  const registration = state.working.registrations.get(registrationId);
  if (registration === undefined || (actor.kind === 'user' && registration.userId !== actor.userId)) {
    return reject({ reason: 'registration-not-found', registrationId });
  }
  if (registration.status === 'cancelled') return reject({ reason: 'already-cancelled', registrationId });
  if (command.acceptedAt >= current.settings.endsAt)
    return reject({ reason: 'event-over', endsAt: current.settings.endsAt });

  const { userId, roleId, sequence, status } = registration;
  const cancelled: DomainEvent = {
    type: 'RegistrationCancelled',
    registrationId,
    userId,
    roleId,
    sequence,
    previousStatus: status,
  };
  const roleState = current.roles.get(roleId);
  if (roleState === undefined || status !== 'confirmed') return accept(cancelled);
  const promoted = promotionInto(state.working, roleState);
  return promoted === undefined ? accept(cancelled) : accept(cancelled, promoted);
}

/** Who gets the seat that this decision frees: the earliest in line, if the role is not still over-full without it. */
function promotionInto(working: WorkingSet, roleState: RoleState): RegistrationPromoted | undefined {
  const { role, confirmed, waitlist } = roleState;
  if (waitlist === 0 || confirmed - 1 >= role.capacity) return undefined;
  const first = working.waiting.get(role.roleId)?.[0];
  if (first === undefined)
    throw new Error(`role ${role.roleId}: the head of its waitlist of ${waitlist} was not loaded`);
  const { registrationId, userId, roleId, sequence } = first;
  return { type: 'RegistrationPromoted', registrationId, userId, roleId, sequence };
}
