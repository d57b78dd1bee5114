import type { EventSettings, Limit, Pool, Role, RoleId } from '@rollcall/domain';
import type { RoleRow } from './role-row.ts';

/** A limit with what is taken of it: confirmed registrations and open offers of its roles. */
export interface CountedLimit {
  readonly key: string;
  readonly limit: Limit;
  /** Infinity for a role that has no limit of its own. */
  readonly capacity: number;
  readonly roleIds: ReadonlySet<RoleId>;
  taken: number;
}

export interface CountedLimits {
  readonly all: readonly CountedLimit[];
  /** Those that a seat of the role counts in: its own, its pools' in their order, the event's. */
  readonly ofRole: ReadonlyMap<RoleId, readonly CountedLimit[]>;
}

export const noLimits: CountedLimits = { all: [], ofRole: new Map() };

export const keyOf = (limit: Limit): string => {
  switch (limit.limit) {
    case 'role':
      return `role ${limit.roleId}`;
    case 'pool':
      return `pool ${limit.poolId}`;
    case 'event':
      return 'event';
  }
};

export const overOf = ({ taken, capacity }: CountedLimit): number => Math.max(0, taken - capacity);

interface Countable {
  readonly settings: EventSettings;
  readonly pools: readonly Pool[];
  readonly roles: ReadonlyMap<RoleId, Role>;
  readonly rows: ReadonlyMap<RoleId, RoleRow>;
}

/** Counts anew, as it has to be when roles, pools or capacities have changed; a seat alone only changes `taken`. */
export function countLimits({ settings, pools, roles, rows }: Countable): CountedLimits {
  const count = (limit: Limit, capacity: number, roleIds: Iterable<RoleId>): CountedLimit => {
    const ids = new Set(roleIds);
    let taken = 0;
    for (const roleId of ids) {
      const row = rows.get(roleId);
      if (row !== undefined) taken += row.confirmed + row.offered;
    }
    return { key: keyOf(limit), limit, capacity, roleIds: ids, taken };
  };
  const all = [
    ...[...roles.values()].map(({ roleId, capacity }) =>
      count({ limit: 'role', roleId }, capacity ?? Infinity, [roleId]),
    ),
    ...pools.map(({ poolId, capacity, roleIds }) => count({ limit: 'pool', poolId }, capacity, roleIds)),
    ...(settings.capacity === undefined ? [] : [count({ limit: 'event' }, settings.capacity, roles.keys())]),
  ];
  const ofRole = new Map<RoleId, CountedLimit[]>([...roles.keys()].map((roleId) => [roleId, []]));
  for (const limit of all) for (const roleId of limit.roleIds) ofRole.get(roleId)?.push(limit);
  return { all, ofRole };
}

/**
 * The first of the limits without room, or undefined when all have some.
 *
 * @param vacated the role of a seat that is given up in the same moment: it does not count where both roles share a limit
 */
export function fullLimit(limits: readonly CountedLimit[], vacated: RoleId | undefined): CountedLimit | undefined {
  return limits.find(({ taken, capacity, roleIds }) => {
    const counted = vacated !== undefined && roleIds.has(vacated) ? taken - 1 : taken;
    return counted >= capacity;
  });
}
