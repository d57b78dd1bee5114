import { describe, expect, it } from 'vitest';
import { storyOf } from './report.ts';
import { regressions } from './regressions.ts';
import { runMany } from './run-many.ts';
import { shorten } from './shorten.ts';
import { scenarioOf, simulate } from './simulate.ts';

const seeds = 2_000;

describe('a simulated Rollcall', { timeout: 600_000 }, () => {
  it(`keeps its promises in ${seeds} runs`, async () => {
    const { tally } = await runMany({ from: 1, seeds });
    const [first] = tally.failed;
    const told = first === undefined ? '' : storyOf(await shorten(await simulate(first.scenario)));
    expect(told).toBe('');
    expect(tally.runs).toBe(seeds);
    // Every fault that there is has happened, and something was decided in spite of it.
    expect(tally.faults.size).toBe(20);
    expect(tally.decisions).toBeGreaterThan(tally.runs);
    expect(tally.imports).toBeGreaterThan(1_000);
  });

  it.each([3, 40, 71])('does the same again with the same seed (%d)', async (seed) => {
    const run = await simulate(scenarioOf(seed));
    expect(await simulate(scenarioOf(seed))).toEqual(run);
  });

  it.each(regressions)('keeps its promises where once %s', async (_, scenario) => {
    expect((await simulate(scenario)).violations).toEqual([]);
  });
});
