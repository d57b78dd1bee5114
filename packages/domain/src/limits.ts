import type { Pool } from './command.ts';
import type { Limit, Shortage } from './shortage.ts';
import type { RoleId } from './ids.ts';
import type { ExistingEvent, RoleState } from './state.ts';

/** More than these nobody needs, and a decision looks at all of them. */
export const rolesMax = 100;
export const poolsMax = 50;

/** Seats that are taken or held. */
export const taken = ({ confirmed, offered }: RoleState): number => confirmed + offered;

/** A limit with what it allows and what is taken of it. */
interface Reached {
  readonly capacity: number;
  readonly taken: number;
}

/** What is taken of the limits that roles share, kept by whoever asks often. */
export interface SharedSeats {
  inPool(pool: Pool): number;
  inEvent(): number;
}

/** Pools are replaced and never changed, so what is known of them holds as long as they do. */
const poolsPerRole = new WeakMap<readonly Pool[], ReadonlyMap<RoleId, readonly Pool[]>>();

/** The pools that hold a role, in their order. */
export function poolsOf(pools: readonly Pool[], roleId: RoleId): readonly Pool[] {
  if (pools.length === 0) return pools;
  let perRole = poolsPerRole.get(pools);
  if (perRole === undefined) {
    const lists = new Map<RoleId, Pool[]>();
    for (const pool of pools) {
      for (const id of pool.roleIds) {
        const list = lists.get(id);
        if (list === undefined) lists.set(id, [pool]);
        else list.push(pool);
      }
    }
    perRole = lists;
    poolsPerRole.set(pools, perRole);
  }
  return perRole.get(roleId) ?? [];
}

/**
 * Why the role has no seat, or undefined when all limits have room.
 *
 * @param vacated where a seat is given up in the same moment: it does not count in the limits that both roles share
 * @param shared without it they are counted anew
 */
export function shortageOf(
  current: ExistingEvent,
  roleState: RoleState,
  vacated?: RoleId,
  shared?: SharedSeats,
): Exclude<Shortage, { reason: 'others-waiting' }> | undefined {
  const { roleId, capacity } = roleState.role;
  if (capacity !== null) {
    const seats = taken(roleState);
    if (seats >= capacity) return { reason: 'role-full', roleId, capacity, taken: seats };
  }
  const left = vacated === undefined ? [] : poolsOf(current.pools, vacated);
  for (const pool of poolsOf(current.pools, roleId)) {
    const seats = shared?.inPool(pool) ?? takenInPool(current, pool);
    if ((left.includes(pool) ? seats - 1 : seats) >= pool.capacity) {
      return { reason: 'pool-full', roleId, poolId: pool.poolId, capacity: pool.capacity, taken: seats };
    }
  }
  const all = current.settings.capacity;
  if (all === undefined) return undefined;
  const seats = shared?.inEvent() ?? takenInEvent(current);
  if ((vacated === undefined ? seats : seats - 1) < all) return undefined;
  return { reason: 'event-full', roleId, capacity: all, taken: seats };
}

/** How many more seats all limits leave a role; null: as many as are wanted. */
export function roomIn(
  current: ExistingEvent,
  { role, confirmed, offered }: RoleState,
  shared?: SharedSeats,
): number | null {
  const rooms: number[] = role.capacity === null ? [] : [role.capacity - confirmed - offered];
  for (const pool of poolsOf(current.pools, role.roleId)) {
    rooms.push(pool.capacity - (shared?.inPool(pool) ?? takenInPool(current, pool)));
  }
  const all = current.settings.capacity;
  if (all !== undefined) rooms.push(all - (shared?.inEvent() ?? takenInEvent(current)));
  return rooms.length === 0 ? null : Math.max(0, Math.min(...rooms));
}

/** The capacity of a limit and what is taken of it; undefined for a limit that is not there, or unlimited. */
export function reachedOf(current: ExistingEvent, limit: Limit): Reached | undefined {
  switch (limit.limit) {
    case 'role': {
      const roleState = current.roles.get(limit.roleId);
      if (roleState === undefined || roleState.role.capacity === null) return undefined;
      return { capacity: roleState.role.capacity, taken: taken(roleState) };
    }
    case 'pool': {
      const pool = current.pools.find(({ poolId }) => poolId === limit.poolId);
      return pool && { capacity: pool.capacity, taken: takenInPool(current, pool) };
    }
    case 'event': {
      const { capacity } = current.settings;
      return capacity === undefined ? undefined : { capacity, taken: takenInEvent(current) };
    }
  }
}

/** The roles whose seats a limit counts. */
export function rolesUnder(current: ExistingEvent, limit: Limit): readonly RoleId[] {
  switch (limit.limit) {
    case 'role':
      return [limit.roleId];
    case 'pool':
      return current.pools.find(({ poolId }) => poolId === limit.poolId)?.roleIds ?? [];
    case 'event':
      return [...current.roles.keys()];
  }
}

/** The roles that may have room when a seat of this one is freed: itself and those that share a limit with it. */
export function rolesSharing(current: ExistingEvent, roleId: RoleId): ReadonlySet<RoleId> {
  if (current.settings.capacity !== undefined) return new Set(current.roles.keys());
  const roles = new Set([roleId]);
  for (const pool of poolsOf(current.pools, roleId)) for (const other of pool.roleIds) roles.add(other);
  return roles;
}

export function takenInPool(current: ExistingEvent, { roleIds }: Pool): number {
  let seats = 0;
  for (const roleId of roleIds) {
    const roleState = current.roles.get(roleId);
    if (roleState !== undefined) seats += taken(roleState);
  }
  return seats;
}

export function takenInEvent(current: ExistingEvent): number {
  let seats = 0;
  for (const roleState of current.roles.values()) seats += taken(roleState);
  return seats;
}
