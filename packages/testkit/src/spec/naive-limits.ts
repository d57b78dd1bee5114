import type { IfOver, PoolId, Rejection, RoleId, Shortage } from '@rollcall/domain';
import {
  holdsSeat,
  naiveLine,
  note,
  type NaiveEvent,
  type NaiveMoment,
  type NaiveRow,
  type NaiveWorld,
} from './naive-rows.ts';

export interface NaiveLimit {
  readonly limit: 'role' | 'pool' | 'event';
  readonly roleId?: RoleId;
  readonly poolId?: PoolId;
  readonly capacity: number;
  readonly roleIds: readonly RoleId[];
}

/** Every limit of the event that has a number: of its roles, of its pools in their order, and its own. */
export function naiveLimits({ settings, roles, pools }: NaiveEvent): readonly NaiveLimit[] {
  const limits: NaiveLimit[] = [];
  for (const { roleId, capacity } of roles) {
    if (capacity !== null) limits.push({ limit: 'role', roleId, capacity, roleIds: [roleId] });
  }
  for (const { poolId, capacity, roleIds } of pools) limits.push({ limit: 'pool', poolId, capacity, roleIds });
  if (settings.capacity !== undefined) {
    limits.push({ limit: 'event', capacity: settings.capacity, roleIds: roles.map(({ roleId }) => roleId) });
  }
  return limits;
}

export const seatsIn = (rows: readonly NaiveRow[], { roleIds }: NaiveLimit) =>
  rows.filter((row) => holdsSeat(row) && roleIds.includes(row.roleId));

/** Why the role has no seat; `leaving` gives up its own for it, at once. */
export function shortageFor(
  world: NaiveWorld,
  event: NaiveEvent,
  roleId: RoleId,
  leaving?: NaiveRow,
): Shortage | undefined {
  const full = fullLimit(world, event, roleId, leaving);
  if (full !== undefined) return full;
  const waitlist = naiveLine(world, roleId).length;
  return waitlist > 0 ? { reason: 'others-waiting', roleId, waitlist } : undefined;
}

/** The first limit without room for one more in this role. */
export function fullLimit(
  world: NaiveWorld,
  event: NaiveEvent,
  roleId: RoleId,
  leaving?: NaiveRow,
): Shortage | undefined {
  for (const limit of naiveLimits(event)) {
    if (!limit.roleIds.includes(roleId)) continue;
    const { capacity, poolId } = limit;
    const seats = seatsIn(world.rows, limit);
    const taken = seats.length;
    if (seats.filter((row) => row !== leaving).length < capacity) continue;
    if (poolId !== undefined) return { reason: 'pool-full', roleId, poolId, capacity, taken };
    return { reason: limit.limit === 'role' ? 'role-full' : 'event-full', roleId, capacity, taken };
  }
  return undefined;
}

const isSame = (a: NaiveLimit, b: NaiveLimit) => a.limit === b.limit && a.roleId === b.roleId && a.poolId === b.poolId;

/** The limits that the change makes over-full, or more over-full than they were. */
function lowered(rows: readonly NaiveRow[], before: NaiveEvent, after: NaiveEvent): readonly NaiveLimit[] {
  return naiveLimits(after).filter((limit) => {
    const over = seatsIn(rows, limit).length - limit.capacity;
    const was = naiveLimits(before).find((other) => isSame(other, limit));
    const wasOver = was === undefined ? 0 : Math.max(0, seatsIn(rows, was).length - was.capacity);
    return over > wasOver;
  });
}

/** What the rules say about lowering a limit: a refusal, or nothing and then it happens. */
export function refusedToLower(
  { rows }: NaiveWorld,
  before: NaiveEvent,
  after: NaiveEvent,
  ifOver: IfOver,
): Rejection | undefined {
  const limits = lowered(rows, before, after);
  const [first] = limits;
  if (first === undefined) return undefined;
  switch (ifOver) {
    case 'keep':
      return undefined;
    case 'refuse': {
      const { roleIds: _roleIds, ...limit } = first;
      const taken = seatsIn(rows, first).length;
      return { reason: 'capacity-below-taken', ...limit, taken, over: taken - first.capacity };
    }
    case 'demote': {
      const isOff = (id: RoleId) => after.roles.some(({ roleId, waitlist }) => roleId === id && waitlist === 'off');
      const roleId = limits
        .flatMap((limit) => limit.roleIds.filter((id) => seatsIn(rows, limit).some((seat) => seat.roleId === id)))
        .find(isOff);
      return roleId === undefined ? undefined : { reason: 'waitlist-off', roleId };
    }
  }
}

/** Of the seats under the lowered limits, from the earliest on, whoever fits keeps theirs; the others wait again, the last first. */
export function demote(world: NaiveWorld, before: NaiveEvent, after: NaiveEvent, moment: NaiveMoment): void {
  const limits = lowered(world.rows, before, after);
  const seats = world.rows.filter((row) => limits.some((limit) => seatsIn([row], limit).length > 0));
  const kept: NaiveRow[] = [];
  const surplus: NaiveRow[] = [];
  for (const row of seats.toSorted((a, b) => a.sequence - b.sequence)) {
    const fits = limits.every(
      (limit) => seatsIn([...kept, row], limit).length <= limit.capacity || seatsIn([row], limit).length === 0,
    );
    (fits ? kept : surplus).push(row);
  }
  for (const last of surplus.toReversed()) {
    last.status = 'waitlist';
    last.offerExpiresAt = undefined;
    last.attendedAt = undefined;
    note(moment, 'demoted', last);
  }
}
