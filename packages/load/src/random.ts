/** The next number from 0 to 1, without 1. */
export type Random = () => number;

/**
 * Numbers that follow from a seed (mulberry32), so that a run can be repeated. `stream`: of one seed, numbers that have nothing to
 * do with each other. What somebody does is drawn from a stream of their own, so it is the same whichever process sends it.
 */
export function createRandom(seed: number, stream = 0): Random {
  let state = scramble(scramble(seed) + Math.imul(stream, 0x9e3779b9));
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number from 0, below `count`. */
export const below = (random: Random, count: number): number => Math.floor(random() * count);

/** A number between the two. */
export const between = (random: Random, from: number, to: number): number => from + random() * (to - from);

function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
