import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivals, expectedArrivals, type ArrivalOptions } from './arrivals.ts';
import { createRandom } from './random.ts';

const alone = { index: 0, of: 1 };
const some = (options: Partial<ArrivalOptions> = {}): ArrivalOptions => ({
  ratePerSecond: 100,
  seconds: 10,
  rampSeconds: 0,
  spacing: 'poisson',
  random: createRandom(1),
  share: alone,
  ...options,
});

describe('arrivals', () => {
  it('come like a clock', () => {
    const due = [...arrivals(some({ spacing: 'even', ratePerSecond: 4, seconds: 1.1 }))].map(({ dueMs }) => dueMs);
    expect(due).toEqual([250, 500, 750, 1000]);
  });

  it('come rarely at first while the rate rises, and then as often as was asked for', () => {
    const all = [...arrivals(some({ spacing: 'even', rampSeconds: 4 }))];
    const within = (from: number, to: number) => all.filter(({ dueMs }) => dueMs >= from && dueMs < to).length;
    expect(within(0, 1000)).toBe(12);
    expect(within(3000, 4000)).toBeCloseTo(87, -1);
    expect(within(5000, 6000)).toBe(100);
    expect(all.length).toBeCloseTo(expectedArrivals(some({ rampSeconds: 4 })), -1);
  });

  it('come by chance as often as a Poisson process says, and as far apart', () => {
    const due = [...arrivals(some({ seconds: 200 }))].map(({ dueMs }) => dueMs);
    // 20,000 are expected; the standard deviation is 141.
    expect(Math.abs(due.length - 20_000)).toBeLessThan(5 * 141);
    const gaps = due.slice(1).map((at, index) => at - (due[index] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(deviation / mean).toBeGreaterThan(0.95);
    expect(deviation / mean).toBeLessThan(1.05);
  });

  it('are the same for the same seed, and others for another', () => {
    const dueOf = (seed: number) => [...arrivals(some({ random: createRandom(seed) }))];
    expect(dueOf(7)).toEqual(dueOf(7));
    expect(dueOf(7)).not.toEqual(dueOf(8));
  });

  it('come in order, and shares of them are all of them', () => {
    fc.assert(
      fc.property(
        fc.record({ of: fc.integer({ min: 1, max: 5 }), rampSeconds: fc.integer({ min: 0, max: 12 }) }),
        fc.constantFrom('poisson' as const, 'even' as const),
        ({ of, rampSeconds }, spacing) => {
          const take = (index: number, parts: number) => [
            ...arrivals(some({ rampSeconds, spacing, random: createRandom(3), share: { index, of: parts } })),
          ];
          const all = take(0, 1);
          const shared = Array.from({ length: of }, (_, index) => take(index, of)).flat();
          expect(shared.toSorted((a, b) => a.n - b.n)).toEqual(all);
          expect(all.toSorted((a, b) => a.dueMs - b.dueMs)).toEqual(all);
          expect(all.map(({ n }) => n)).toEqual(all.map((_, index) => index));
        },
      ),
      { numRuns: 50 },
    );
  });
});
