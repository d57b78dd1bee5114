import type { CommitId, EventId, RoleId } from './ids.ts';

export interface RoleCounts {
  readonly capacity: number;
  readonly confirmed: number;
  readonly waitlist: number;
}

/** Exact counts of an event at one version. */
export interface EventCounts {
  readonly eventId: EventId;
  readonly version: number;
  readonly commitId: CommitId;
  readonly roles: ReadonlyMap<RoleId, RoleCounts>;
}
