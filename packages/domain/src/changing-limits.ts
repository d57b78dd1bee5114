import type { ChangeEventSettings, ChangeRole, IfOver, Instant } from './command.ts';
import { accept, reject, type Decision, type Rejection } from './decision.ts';
import type { Limit } from './shortage.ts';
import type { DomainEvent } from './domain-event.ts';
import { occasionOf } from './leaving.ts';
import { reachedOf, rolesUnder, taken } from './limits.ts';
import { activeIn, cancelSome, leftToDo } from './obligation.ts';
import { planFor, preview } from './plan.ts';
import { enforce, overOf } from './enforce.ts';
import { settle, type Rest } from './settle.ts';
import type { EventState, ExistingEvent, RoleState } from './state.ts';

interface LimitsChange {
  readonly current: ExistingEvent;
  readonly next: ExistingEvent;
  /** Those that may have been lowered. */
  readonly limits: readonly Limit[];
  /** What changes of the event itself. */
  readonly facts: readonly DomainEvent[];
  readonly command: ChangeEventSettings | ChangeRole;
  readonly decidedAt: Instant;
}

/** Lowered limits are kept or not, as the command says; raised ones give seats to those who wait. */
export function changeLimits(state: EventState, change: LimitsChange): Decision {
  const { current, next, facts, command } = change;
  const plan = planFor(state, next, occasionOf(command, change.decidedAt));
  let rest: Rest | undefined;
  if (next.status === 'cancelled') {
    // Everybody loses their place, whatever the limits.
    if (command.dryRun) rest = cancelSome(plan);
    else if (activeIn(plan) > 0) rest = { kind: 'cancel' };
  } else {
    const exceeded = change.limits.filter((limit) => overOf(next, limit) > overOf(current, limit));
    const refusal = refusalToExceed(next, exceeded, command.ifOver);
    if (refusal !== undefined) return reject(refusal);
    for (const roleId of next.roles.keys()) plan.freed.add(roleId);
    rest = (command.ifOver === 'demote' ? enforce(plan, exceeded) : undefined) ?? settle(plan);
  }
  plan.facts.push(...leftToDo(plan, rest));
  return command.dryRun ? accept(preview(plan)) : accept(...facts, ...plan.facts);
}

function refusalToExceed(
  next: ExistingEvent,
  [first, ...others]: readonly Limit[],
  ifOver: IfOver,
): Rejection | undefined {
  if (first === undefined) return undefined;
  switch (ifOver) {
    case 'keep':
      return undefined;
    case 'refuse': {
      const reached = reachedOf(next, first);
      if (reached === undefined) return undefined;
      return { reason: 'capacity-below-taken', ...first, ...reached, over: reached.taken - reached.capacity };
    }
    case 'demote': {
      const roles = [first, ...others].flatMap((limit) => rolesUnder(next, limit));
      const roleId = roles.find((id) => hasSeatsWithoutWaitlist(next.roles.get(id)));
      return roleId === undefined ? undefined : { reason: 'waitlist-off', roleId };
    }
  }
}

function hasSeatsWithoutWaitlist(roleState: RoleState | undefined): boolean {
  return roleState !== undefined && roleState.role.waitlist === 'off' && taken(roleState) > 0;
}
