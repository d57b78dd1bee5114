import type { RoleId } from './ids.ts';
import { shortageOf, taken } from './limits.ts';
import { headOf, offer, promote, replacedBy, roleIn, type Plan } from './plan.ts';
import { standingOf, type ActiveRegistration, type RoleState, type WaitingRegistration } from './state.ts';
import type { Obligation } from './domain-event.ts';

/** What would be too much for one decision, and is left to an obligation. */
export type Rest = Pick<Obligation, 'kind' | 'limits'>;

/**
 * Gives the seats that the plan has freed to those who wait, as many as one decision may. Of the first of each line, the
 * earliest for whom all limits have room is next.
 */
export function settle(plan: Plan): Rest | undefined {
  const { status, settings } = plan.current;
  if (status === 'cancelled' || plan.occasion.acceptedAt >= settings.endsAt) return undefined;
  for (;;) {
    const next = nextInLine(plan);
    if (next === undefined) return undefined;
    // Who moves changes two registrations.
    const cost = isOffered(plan, next) || replacedBy(plan, next) === undefined ? 1 : 2;
    if (plan.changes + cost > plan.changesMax) return { kind: 'promote' };
    if (isOffered(plan, next)) offer(plan, next);
    else promote(plan, next);
  }
}

function nextInLine(plan: Plan): WaitingRegistration | undefined {
  let next: WaitingRegistration | undefined;
  for (const roleId of plan.freed) {
    const roleState = plan.current.roles.get(roleId);
    // A line whose own role is full need not be loaded.
    if (roleState === undefined || roleState.waitlist === 0 || isFull(roleState)) continue;
    const head = headOf(plan, roleState);
    if (head === undefined || (next !== undefined && next.sequence < head.sequence)) continue;
    if (hasRoom(plan, roleState, head)) next = head;
  }
  return next;
}

function isFull(roleState: RoleState): boolean {
  return roleState.role.capacity !== null && taken(roleState) >= roleState.role.capacity;
}

function isOffered(plan: Plan, { roleId }: WaitingRegistration): boolean {
  return roleIn(plan, roleId).role.waitlist === 'offer';
}

function hasRoom(plan: Plan, roleState: RoleState, head: WaitingRegistration): boolean {
  // An offer leaves the old seat with its holder until it is accepted, so there must be room for both.
  const vacated = isOffered(plan, head) ? undefined : seatOf(replacedBy(plan, head));
  return shortageOf(plan.current, roleState, vacated, plan.shared) === undefined;
}

/** The role in which an active registration holds a seat. */
export function seatOf(registration: ActiveRegistration | undefined): RoleId | undefined {
  return registration === undefined || standingOf(registration) === 'waitlist' ? undefined : registration.roleId;
}
