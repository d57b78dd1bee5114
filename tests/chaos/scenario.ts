import type { Arena, Members } from './arena.ts';
import type { Heard } from './load.ts';

/** Something that goes wrong while people sign up, and that is over when it resolves. */
export interface Scenario {
  readonly name: string;
  /** Of the replica set that it needs. */
  readonly members: Members;
  /** Accepted commands are lost with it. */
  readonly destroys?: boolean;
  /** So long people come at least, for a harm that takes its time. */
  readonly secondsMin?: number;
  /** Why it can't be played on this machine; undefined when it can. */
  readonly whyNot?: () => string | undefined;
  /** @returns what shows that it has happened @throws AssertionError when it has not */
  readonly harm: (arena: Arena, heard: Heard) => Promise<string>;
}
