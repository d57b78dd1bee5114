import type { Limit } from './shortage.ts';
import { reachedOf, rolesUnder, taken } from './limits.ts';
import { changesMax, demote, roleIn, type Plan } from './plan.ts';
import type { Rest } from './settle.ts';
import { NotLoadedError, type ActiveRegistration, type ExistingEvent } from './state.ts';

/**
 * Takes back seats until the limits are kept, as many as one decision may. From the lowest sequence on, whoever fits keeps
 * their seat; the others lose it.
 */
export function enforce(plan: Plan, limits: readonly Limit[]): Rest | undefined {
  const exceeded = limits.filter((limit) => overOf(plan.current, limit) > 0);
  if (exceeded.length === 0) return undefined;
  const seats = seatsUnder(plan, exceeded);
  const surplus = surplusOf(plan, exceeded, seats);
  if (surplus !== undefined && plan.changes + surplus.length <= changesMax) {
    for (const registration of surplus) demote(plan, registration);
    return undefined;
  }
  // Too many for now: the last ones go first, and whoever fits is seen when few are left.
  for (const registration of seats) {
    if (plan.changes >= changesMax) break;
    if (isUnder(plan, registration, limits)) demote(plan, registration);
  }
  return { kind: 'demote', limits };
}

/** Whether a limit that holds this seat is still exceeded. */
function isUnder(plan: Plan, { roleId }: ActiveRegistration, limits: readonly Limit[]): boolean {
  return limits.some((limit) => overOf(plan.current, limit) > 0 && rolesUnder(plan.current, limit).includes(roleId));
}

/** The seats that were given last under these limits, the last first. */
function seatsUnder(plan: Plan, limits: readonly Limit[]): readonly ActiveRegistration[] {
  const roleIds = new Set(limits.flatMap((limit) => rolesUnder(plan.current, limit)));
  const seats = [...roleIds].flatMap((roleId) => {
    const ofRole = plan.working.seated.get(roleId) ?? [];
    if (ofRole.length === 0 && taken(roleIn(plan, roleId)) > 0) throw new NotLoadedError(`the seats of ${roleId}`);
    return ofRole;
  });
  return seats.toSorted((a, b) => b.sequence - a.sequence);
}

/**
 * The seats that do not fit, the last first; undefined when even those that are not loaded, which are older, are too many.
 *
 * @param seats under the limits, the last first
 */
function surplusOf(
  plan: Plan,
  limits: readonly Limit[],
  seats: readonly ActiveRegistration[],
): readonly ActiveRegistration[] | undefined {
  const rooms = limits.map((limit) => {
    const roleIds = new Set(rolesUnder(plan.current, limit));
    const loaded = seats.filter(({ roleId }) => roleIds.has(roleId)).length;
    return { roleIds, room: loaded - overOf(plan.current, limit) };
  });
  if (rooms.some(({ room }) => room < 0)) return undefined;
  const surplus: ActiveRegistration[] = [];
  for (const seat of seats.toReversed()) {
    const needed = rooms.filter(({ roleIds }) => roleIds.has(seat.roleId));
    if (needed.every(({ room }) => room > 0)) for (const one of needed) one.room -= 1;
    else surplus.push(seat);
  }
  return surplus.toReversed();
}

/** By how many a limit is exceeded. */
export function overOf(current: ExistingEvent, limit: Limit): number {
  const reached = reachedOf(current, limit);
  return reached === undefined ? 0 : Math.max(0, reached.taken - reached.capacity);
}
