import type { Actor, Instant, SignUp } from './command.ts';
import { accept, reject, type Decision, type Rejection } from './decision.ts';
import type { Shortage } from './shortage.ts';
import { registrationIdFor, type RegistrationId, type RoleId, type UserId } from './ids.ts';
import { shortageOf } from './limits.ts';
import {
  standingOf,
  waitlistPosition,
  type ActiveRegistration,
  type EventState,
  type ExistingEvent,
  type RoleState,
  type WorkingSet,
} from './state.ts';

export function signUp(state: EventState, current: ExistingEvent, command: SignUp): Decision {
  const { commandId, userId, roleId, actor, override = false } = command;
  const refusal = refusalToTakeSignups(current, actor, command.acceptedAt);
  if (refusal !== undefined) return reject(refusal);
  const roleState = current.roles.get(roleId);
  if (roleState === undefined) return reject({ reason: 'role-not-found', roleId });
  const active = state.working.activeByUser.get(userId);
  if (active !== undefined) {
    const held = heldIn(active, roleId);
    if (held !== undefined) return reject(alreadyRegistered(state.working, held));
    const { registrationsPerUserMax } = current.settings;
    const registrations = countedOf(active);
    if (registrations >= registrationsPerUserMax) {
      return reject({ reason: 'limit-reached', registrationsPerUserMax, registrations });
    }
  }

  const registrationId = registrationIdFor(commandId);
  const sequence = state.version + 1;
  const shortage = shortageOf(current, roleState) ?? othersWaiting(roleState);
  if (shortage === undefined)
    return accept({ type: 'RegistrationConfirmed', registrationId, userId, roleId, sequence });
  if (override && actor.kind === 'staff') {
    return accept({ type: 'RegistrationConfirmed', registrationId, userId, roleId, sequence, override: true });
  }
  return queue(roleState, shortage, { registrationId, userId, roleId, sequence });
}

/**
 * Users sign up while the event is open, from `signupOpensAt` and before `signupClosesAt`; staff until it is cancelled.
 * Nobody once it is over.
 */
export function refusalToTakeSignups(current: ExistingEvent, actor: Actor, at: Instant): Rejection | undefined {
  const { status, settings } = current;
  const { endsAt, signupOpensAt, signupClosesAt } = settings;
  if (actor.kind === 'staff') {
    if (status === 'cancelled') return { reason: 'event-cancelled' };
  } else if (status !== 'open') {
    return { reason: 'event-not-open', status };
  }
  if (at >= endsAt) return { reason: 'event-over', endsAt };
  if (actor.kind === 'staff') return undefined;
  if (signupOpensAt !== undefined && at < signupOpensAt) return { reason: 'signups-not-open-yet', signupOpensAt };
  if (signupClosesAt !== undefined && at >= signupClosesAt) return { reason: 'signups-closed', signupClosesAt };
  return undefined;
}

/** While people wait, whoever comes goes behind them, also when a seat is free. */
export function othersWaiting({ role: { roleId }, waitlist }: RoleState): Shortage | undefined {
  return waitlist === 0 ? undefined : { reason: 'others-waiting', roleId, waitlist };
}

export function heldIn(active: readonly ActiveRegistration[], roleId: RoleId): ActiveRegistration | undefined {
  return active.find((registration) => registration.roleId === roleId);
}

/** Who waits to move holds one place, not two. */
function countedOf(active: readonly ActiveRegistration[]): number {
  const isHeld = (id: RegistrationId | undefined) => active.some(({ registrationId }) => registrationId === id);
  return active.filter((registration) => registration.status === 'confirmed' || !isHeld(registration.replaces)).length;
}

export function alreadyRegistered(working: WorkingSet, held: ActiveRegistration): Rejection {
  const { registrationId, status } = held;
  // Who has an offer has left the line.
  const place = standingOf(held) === 'waitlist' ? waitlistPosition(working, held) : undefined;
  return {
    reason: 'already-registered',
    registrationId,
    status,
    ...(place === undefined ? {} : { waitlistPosition: place }),
  };
}

interface Queued {
  readonly registrationId: RegistrationId;
  readonly userId: UserId;
  readonly roleId: RoleId;
  readonly sequence: number;
  readonly replaces?: RegistrationId;
}

/** To the end of the line, or why there is none. */
export function queue({ role, waitlist }: RoleState, because: Shortage, queued: Queued): Decision {
  if (role.waitlist === 'off') return reject(because);
  const { roleId, waitlistMax } = role;
  if (waitlistMax !== undefined && waitlist >= waitlistMax) {
    return reject({ reason: 'waitlist-full', roleId, waitlistMax, waitlist });
  }
  return accept({ type: 'RegistrationWaitlisted', ...queued, waitlistPosition: waitlist + 1, because });
}
