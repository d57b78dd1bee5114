// `npm run sim [-- --seeds N | --minutes M] [--from SEED]`: simulates on all cores, and says what it came to; exit code 1 after a
// violation. `npm run sim -- --seed S` simulates one, and tells what happened.
import { parseArgs } from 'node:util';
import { whole } from '../support/whole.ts';
import { storyOf, tableOf } from './report.ts';
import { runMany } from './run-many.ts';
import { shorten } from './shorten.ts';
import { scenarioOf, simulate } from './simulate.ts';

const seedsByDefault = 2_000;
/** Runs that went wrong and are told of. */
const toldMax = 5;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    minutes: { type: 'string' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
  },
});

async function main(): Promise<number> {
  if (values.seed !== undefined) {
    const run = await simulate(scenarioOf(whole('seed', values.seed)));
    console.log(storyOf(run));
    return run.violations.length === 0 ? 0 : 1;
  }
  const from = whole('from', values.from);
  const minutes = values.minutes === undefined ? undefined : whole('minutes', values.minutes);
  const seeds = values.seeds === undefined ? seedsByDefault : whole('seeds', values.seeds);
  const { tally, seconds } = await runMany(minutes === undefined ? { from, seeds } : { from, minutes });
  for (const { scenario } of tally.failed.slice(0, toldMax))
    console.log(storyOf(await shorten(await simulate(scenario))));
  console.log(tableOf(tally, seconds));
  return tally.failed.length === 0 ? 0 : 1;
}

process.exitCode = await main();
