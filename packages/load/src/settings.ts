import type { Share, Spacing } from './arrivals.ts';

/** What a run is: a scenario may have its own opinion of each, and whoever runs it has the last word. */
export interface LoadSettings {
  /** People who take part. When more arrivals come than there are people, they come again. */
  readonly users: number;
  /** Seats of an event, all its roles together. */
  readonly seats: number;
  readonly events: number;
  /** Arrivals per second, of all processes together. */
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** While the rate rises to what it is to be. */
  readonly rampSeconds: number;
  /** What was due in these first seconds is on the plots, and not in the figures. */
  readonly warmUpSeconds: number;
  readonly spacing: Spacing;
  readonly connections: number;
  readonly seed: number;
  /** How long each request waits for its decision (`Prefer: wait=N`); 0: people ask what became of it. */
  readonly waitSeconds: number;
  /** How long somebody goes on asking for a decision, or repeating what was turned away. */
  readonly patienceSeconds: number;
  /** People on the waitlist before the first arrival. */
  readonly waiting: number;
  /** Live streams that follow the events. */
  readonly streams: number;
  readonly share: Share;
}

/** Where a scenario says nothing else. */
export const commonSettings: LoadSettings = {
  users: 20_000,
  seats: 500,
  events: 1,
  ratePerSecond: 200,
  seconds: 30,
  rampSeconds: 3,
  warmUpSeconds: 0,
  spacing: 'poisson',
  connections: 500,
  seed: 1,
  waitSeconds: 10,
  patienceSeconds: 60,
  waiting: 0,
  streams: 0,
  share: { index: 0, of: 1 },
};
