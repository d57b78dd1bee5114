import type { Instant, MoveBetweenRoles } from './command.ts';
import { reject, type Decision } from './decision.ts';
import { registrationIdFor, type RegistrationId } from './ids.ts';
import { conclude, findActive, occasionOf } from './leaving.ts';
import { shortageOf } from './limits.ts';
import { moveTo, planFor } from './plan.ts';
import { seatOf, settle } from './settle.ts';
import { alreadyRegistered, heldIn, othersWaiting, queue, refusalToTakeSignups } from './sign-up.ts';
import type { ActiveRegistration, EventState, ExistingEvent } from './state.ts';

/** The old place is kept unless the new one is free: at once, or when the turn of a second registration comes. */
export function moveBetweenRoles(
  state: EventState,
  current: ExistingEvent,
  command: MoveBetweenRoles,
  decidedAt: Instant,
): Decision {
  const { registrationId, roleId, actor, ifFull } = command;
  const found = findActive(state, registrationId, actor);
  if (found.kind === 'refused') return reject(found.rejection);
  if (actor.kind === 'user' && !current.settings.usersMayMove) return reject({ reason: 'moves-by-staff-only' });
  const refusal = refusalToTakeSignups(current, actor, command.acceptedAt);
  if (refusal !== undefined) return reject(refusal);
  const roleState = current.roles.get(roleId);
  if (roleState === undefined) return reject({ reason: 'role-not-found', roleId });

  const { registration } = found;
  const { userId } = registration;
  if (registration.roleId === roleId) return reject({ reason: 'same-role', roleId });
  const active = state.working.activeByUser.get(userId) ?? [];
  const held = heldIn(active, roleId);
  if (held !== undefined) return reject(alreadyRegistered(state.working, held));
  if (replacesActive(registration, active)) return reject({ reason: 'move-pending', registrationId });

  const sequence = state.version + 1;
  const shortage = shortageOf(current, roleState, seatOf(registration)) ?? othersWaiting(roleState);
  if (shortage === undefined) {
    const plan = planFor(state, current, occasionOf(command, decidedAt));
    moveTo(plan, registration, roleId, sequence);
    return conclude(plan, settle(plan));
  }
  if (ifFull === 'refuse' || roleState.role.waitlist === 'off') return reject(shortage);
  const pending = pendingMoveOf(registrationId, active);
  if (pending !== undefined) return reject({ reason: 'move-pending', registrationId: pending });
  const queued = registrationIdFor(command.commandId);
  return queue(roleState, shortage, { registrationId: queued, userId, roleId, sequence, replaces: registrationId });
}

function replacesActive(registration: ActiveRegistration, active: readonly ActiveRegistration[]): boolean {
  return (
    registration.status === 'waitlist' &&
    registration.replaces !== undefined &&
    active.some(({ registrationId }) => registrationId === registration.replaces)
  );
}

/** The registration that waits to replace this one. */
function pendingMoveOf(
  registrationId: RegistrationId,
  active: readonly ActiveRegistration[],
): RegistrationId | undefined {
  return active.find((other) => other.status === 'waitlist' && other.replaces === registrationId)?.registrationId;
}
