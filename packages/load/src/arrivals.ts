import type { Random } from './random.ts';

/** `poisson`: as people come who know nothing of each other, with crowds and gaps by chance. `even`: like a clock. */
export type Spacing = 'poisson' | 'even';

export const spacings: readonly Spacing[] = ['poisson', 'even'];

/** Which part of the arrivals one of several processes takes: every `of`-th, from `index`, which begins at 0. */
export interface Share {
  readonly index: number;
  readonly of: number;
}

export interface ArrivalOptions {
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** While the rate rises from nothing to what it is to be. */
  readonly rampSeconds: number;
  readonly spacing: Spacing;
  readonly random: Random;
  readonly share: Share;
}

export interface Arrival {
  /** Which one it is of all, also of those that other processes take. */
  readonly n: number;
  /** ms since the start of the run */
  readonly dueMs: number;
}

/** When somebody comes, in order. Nobody's time depends on what others were answered: the loop is open. */
export function* arrivals(options: ArrivalOptions): Generator<Arrival, void, undefined> {
  const { seconds, spacing, random, share } = options;
  // How many are expected by then; with Poisson the steps between people are exponential in it, whatever the rate is.
  let expected = 0;
  for (let n = 0; ; n += 1) {
    expected += spacing === 'even' ? 1 : -Math.log(1 - random());
    const dueSeconds = whenExpected(expected, options);
    if (dueSeconds >= seconds) return;
    if (n % share.of === share.index) yield { n, dueMs: dueSeconds * 1000 };
  }
}

/** How many come in all. */
export function expectedArrivals({
  ratePerSecond,
  seconds,
  rampSeconds,
}: Pick<ArrivalOptions, 'ratePerSecond' | 'seconds' | 'rampSeconds'>): number {
  const ramp = Math.min(rampSeconds, seconds);
  const inRamp = rampSeconds === 0 ? 0 : (ratePerSecond * ramp * ramp) / (2 * rampSeconds);
  return inRamp + ratePerSecond * (seconds - ramp);
}

/** The inverse of how many are expected by a time, in seconds: a parabola while the rate rises, then a line. */
function whenExpected(expected: number, { ratePerSecond, rampSeconds }: ArrivalOptions): number {
  const inRamp = (ratePerSecond * rampSeconds) / 2;
  if (expected < inRamp) return Math.sqrt((2 * expected * rampSeconds) / ratePerSecond);
  return rampSeconds + (expected - inRamp) / ratePerSecond;
}
