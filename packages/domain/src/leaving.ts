import type { Actor, CancelSignup, Instant, RemoveFromRole } from './command.ts';
import { accept, reject, type Decision, type Rejection } from './decision.ts';
import type { RegistrationId } from './ids.ts';
import { leftToDo } from './obligation.ts';
import { cancel, planFor, type Plan } from './plan.ts';
import { settle, type Rest } from './settle.ts';
import type { ActiveRegistration, EventState, ExistingEvent } from './state.ts';

export function cancelSignup(
  state: EventState,
  current: ExistingEvent,
  command: CancelSignup,
  decidedAt: Instant,
): Decision {
  const { actor, acceptedAt } = command;
  const found = findActive(state, command.registrationId, actor);
  if (found.kind === 'refused') return reject(found.rejection);
  const { endsAt, cancelClosesAt } = current.settings;
  if (actor.kind === 'user') {
    if (acceptedAt >= endsAt) return reject({ reason: 'event-over', endsAt });
    // A place in line may be left at any time.
    const isSeat = found.registration.status === 'confirmed';
    if (isSeat && cancelClosesAt !== undefined && acceptedAt >= cancelClosesAt) {
      return reject({ reason: 'cancels-closed', cancelClosesAt });
    }
  }
  const plan = planFor(state, current, occasionOf(command, decidedAt));
  cancel(plan, found.registration, actor.kind);
  return conclude(plan, settle(plan));
}

export function removeFromRole(
  state: EventState,
  current: ExistingEvent,
  command: RemoveFromRole,
  decidedAt: Instant,
): Decision {
  const found = findActive(state, command.registrationId, command.actor);
  if (found.kind === 'refused') return reject(found.rejection);
  const plan = planFor(state, current, occasionOf(command, decidedAt));
  cancel(plan, found.registration, 'staff', command.reasonCode);
  return conclude(plan, settle(plan));
}

export type Found =
  | { readonly kind: 'found'; readonly registration: ActiveRegistration }
  | { readonly kind: 'refused'; readonly rejection: Rejection };

/** An active registration that the actor may act on: to users, somebody else's does not exist. */
export function findActive(state: EventState, registrationId: RegistrationId, actor: Actor): Found {
  const registration = state.working.registrations.get(registrationId);
  if (registration === undefined || (actor.kind === 'user' && registration.userId !== actor.userId)) {
    return { kind: 'refused', rejection: { reason: 'registration-not-found', registrationId } };
  }
  if (registration.status !== 'cancelled') return { kind: 'found', registration };
  return { kind: 'refused', rejection: { reason: 'already-cancelled', registrationId } };
}

export const occasionOf = (
  { commandId, acceptedAt }: Pick<CancelSignup, 'commandId' | 'acceptedAt'>,
  decidedAt: Instant,
) => ({ causationId: commandId, acceptedAt, decidedAt });

/** The decision that a plan has become. */
export function conclude(plan: Plan, rest: Rest | undefined): Decision {
  return accept(...plan.facts, ...leftToDo(plan, rest));
}
