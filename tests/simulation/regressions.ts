import type { Scenario } from './simulate.ts';

/** Runs that once went wrong, and why. */
export const regressions: readonly (readonly [why: string, Scenario])[] = [
  ['a creation that the rules refuse kept its mailbox waiting for ever', { seed: 17, commands: 60, without: [] }],
  ['with few attempts nobody ended the commit of a dead worker', { seed: 194, commands: 83, without: [] }],
];
