import type { Limit } from './shortage.ts';
import { reachedOf, rolesUnder, taken } from './limits.ts';
import { demote, roleIn, type Plan } from './plan.ts';
import type { Rest } from './settle.ts';
import { NotLoadedError, type ActiveRegistration, type ExistingEvent } from './state.ts';

/**
 * Takes back seats until the limits are kept, as many as one decision may. From the lowest sequence on, whoever fits keeps
 * their seat; the others lose it, the last first.
 */
export function enforce(plan: Plan, limits: readonly Limit[]): Rest | undefined {
  const exceeded = limits.filter((limit) => overOf(plan.current, limit) > 0);
  const [first] = exceeded;
  if (first === undefined) return undefined;
  const left = plan.changesMax - plan.changes;
  const surplus = surplusOf(plan, exceeded, seatsUnder(plan, exceeded));
  // Where so many are too many that it can't be seen yet who fits: the last under one limit, the narrowest first.
  const lost = surplus ?? seatsUnder(plan, [first]).slice(0, overOf(plan.current, first));
  for (const registration of lost.slice(0, left)) demote(plan, registration);
  return surplus === undefined || surplus.length > left ? { kind: 'demote', limits } : undefined;
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
