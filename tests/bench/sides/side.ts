import type { Exchanges } from '../generator/task.ts';
import type { Measured } from '../measure.ts';

export const sideNames = ['ceiling', 'rollcall', 'jobPerSignup', 'mongoCounter', 'postgresCounter', 'legacy'] as const;
export type SideName = (typeof sideNames)[number];

/** How a side is set where it can be set; stated in the result. */
export type Setting = Readonly<Record<string, number | string>>;

/** One way to take signups, running: with the processes that it consists of besides the servers. */
export interface Contender extends AsyncDisposable {
  readonly side: SideName;
  readonly setting: Setting;
  readonly processes: readonly Measured[];
  /** Something new to sign up for, without any signups. */
  newEvent(capacity: number): Promise<SignupTarget>;
}

export interface SignupTarget {
  readonly origin: string;
  readonly path: string;
  readonly body: string;
  /** What an accepted signup is answered. */
  readonly status: number;
  /** To be called before the first signup of a run: `count` signups, of the users `firstUser` and following. */
  follow(firstUser: number, count: number): Promise<Following>;
  /** What the database says after the last run. `signups`: how many there were in all runs. */
  check(signups: number): Promise<Check>;
}

export interface Following {
  /** Resolves when all are decided, with the time of each user's decision, in ms since 1970. */
  decided(exchanges: Exchanges): Promise<Float64Array>;
}

/** Numbers that people can look at, and what is wrong with them, if anything. */
export interface Check {
  readonly facts: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

export const nothingToCheck: Check = { facts: {}, faults: [] };
