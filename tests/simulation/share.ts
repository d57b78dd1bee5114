// One thread's share of many runs.
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { count, newTally } from './report.ts';
import { scenarioOf, simulate } from './simulate.ts';

export interface Share {
  readonly from: number;
  readonly step: number;
  /** Up to, and without, this seed. */
  readonly to: number;
  /** Begins none after this moment, ms since 1970. */
  readonly untilMs: number;
}

if (!isMainThread) {
  const { from, step, to, untilMs } = workerData as Share;
  // Nobody reads them, and taking them costs a tenth of a run.
  Error.stackTraceLimit = 0;
  const tally = newTally();
  for (let seed = from; seed < to && Date.now() < untilMs; seed += step) count(tally, await simulate(scenarioOf(seed)));
  // To the thread that began it: there is no other origin.
  parentPort?.postMessage(tally, []);
}
