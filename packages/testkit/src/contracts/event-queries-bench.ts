import type { EventQueries, EventStore } from '@rollcall/engine';

/** What the parts of the suite work with. */
export interface QueriesBench {
  /** What is committed here is found there. */
  readonly store: EventStore;
  readonly queries: EventQueries;
}
