import type { Scenario } from './simulate.ts';

/** Runs that once went wrong, and why. */
export const regressions: readonly (readonly [why: string, Scenario])[] = [
  ['a creation that the rules refuse kept its mailbox waiting for ever', { seed: 9, commands: 46, without: [] }],
  ['with few attempts nobody ended the commit of a dead worker', { seed: 13, commands: 72, without: [] }],
];
