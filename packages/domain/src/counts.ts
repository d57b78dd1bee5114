import type { CommitId, EventId, RoleId } from './ids.ts';
import { roomIn } from './limits.ts';
import { createSeatTally } from './shared-seats.ts';
import type { ExistingEvent } from './state.ts';

export interface RoleCounts {
  /** Null: unlimited. */
  readonly capacity: number | null;
  readonly confirmed: number;
  /** Those in line; who has been offered a seat has left it. */
  readonly waitlist: number;
  readonly offered: number;
  /** Seats that all limits leave free; null: unlimited. */
  readonly available: number | null;
}

/** Exact counts of an event at one version. */
export interface EventCounts {
  readonly eventId: EventId;
  readonly version: number;
  readonly commitId: CommitId;
  readonly roles: ReadonlyMap<RoleId, RoleCounts>;
}

/** The counts of all roles, with what all limits leave. */
export function roleCountsOf(current: ExistingEvent): ReadonlyMap<RoleId, RoleCounts> {
  const counts = new Map<RoleId, RoleCounts>();
  const shared = createSeatTally(current);
  for (const [roleId, roleState] of current.roles) {
    const { role, confirmed, waitlist, offered } = roleState;
    const available = roomIn(current, roleState, shared);
    counts.set(roleId, { capacity: role.capacity, confirmed, waitlist, offered, available });
  }
  return counts;
}
