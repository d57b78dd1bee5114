import type { Pool } from './command.ts';
import type { PoolId, RoleId } from './ids.ts';
import { poolsOf, takenInEvent, takenInPool, type SharedSeats } from './limits.ts';
import type { ExistingEvent } from './state.ts';

/** What is taken of shared limits, counted once and kept up to date: for decisions of many steps, and for all roles at once. */
export interface SeatTally extends SharedSeats {
  /** A seat of the role was taken (1) or freed (-1). */
  shift(roleId: RoleId, by: 1 | -1): void;
}

export function createSeatTally(current: ExistingEvent): SeatTally {
  const { pools } = current;
  const perPool = new Map<PoolId, number>();
  let inEvent: number | undefined;
  const inPool = (pool: Pool): number => {
    const known = perPool.get(pool.poolId);
    if (known !== undefined) return known;
    const seats = takenInPool(current, pool);
    perPool.set(pool.poolId, seats);
    return seats;
  };
  return {
    inPool,
    inEvent: () => (inEvent ??= takenInEvent(current)),
    shift(roleId, by) {
      // What was not asked for yet is counted when it is, and then as it is by then.
      for (const { poolId } of poolsOf(pools, roleId)) {
        const known = perPool.get(poolId);
        if (known !== undefined) perPool.set(poolId, known + by);
      }
      if (inEvent !== undefined) inEvent += by;
    },
  };
}
