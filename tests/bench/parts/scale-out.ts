import type { Child } from '../child.ts';
import type { BenchOptions } from '../options.ts';
import { newEvents, startApi, startWorkerProcess, type RollcallContender } from '../sides/rollcall.ts';
import type { Check } from '../sides/side.ts';
import type { Stage } from '../stage.ts';
import { medianOf, spreadOf, type Latency, type Spread } from '../stats.ts';
import { signUpForMany, type ManyEventsRound } from './many-events.ts';
import { cpuMicrosPerDecision } from './run.ts';

interface Processes {
  readonly apis: number;
  readonly workers: number;
}

export interface ScaleOutFigures extends Processes {
  readonly decisionsPerSecond: Spread;
  /** From sending a request to its decision, in ms; medians of the rounds. */
  readonly decision: Latency;
  readonly cpuMicrosPerDecision: Readonly<Record<string, number>>;
}

const settings: readonly Processes[] = [
  { apis: 1, workers: 1 },
  { apis: 1, workers: 2 },
  { apis: 1, workers: 4 },
  { apis: 2, workers: 2 },
];

/** Twelve runs, some of them slow, are to take no longer than the others together. */
const signupsShare = 0.25;

/** The same many events with more workers and APIs, in turns: each round has every setting once. */
export async function runScaleOut(
  stage: Stage,
  rollcall: RollcallContender,
  { manyEvents, signups, rounds }: BenchOptions,
  announce: (line: string) => void,
): Promise<{ readonly figures: readonly ScaleOutFigures[]; readonly checks: readonly Check[] }> {
  const perEvent = Math.max(1, Math.round((signups * signupsShare) / manyEvents));
  announce(`opening ${manyEvents} events…`);
  const targets = await newEvents(rollcall, manyEvents, perEvent);
  const found = settings
    .filter(({ workers }) => workers >= rollcall.workers.length)
    .map((setting) => ({ setting, rounds: [] as ManyEventsRound[] }));
  let users = 0;
  for (let round = 1; round <= rounds; round += 1) {
    for (const each of found) {
      const { apis, workers } = each.setting;
      const name = `${workers} workers, ${apis} APIs`;
      const started: Child[] = [];
      try {
        for (let n = rollcall.workers.length; n < workers; n += 1) {
          started.push(startWorkerProcess(stage, `more-worker-${n + 1}-of-round-${round}-of-${workers}-${apis}`));
        }
        const otherOrigins: string[] = [];
        for (let n = 1; n < apis; n += 1) {
          const { process, origin } = await startApi(stage, `more-api-${n + 1}-of-round-${round}`);
          started.push(process);
          otherOrigins.push(origin);
        }
        const measured = [...rollcall.processes, ...started.map(({ pid }, n) => ({ name: `further ${n + 1}`, pid }))];
        const ofEach = async (signupsOfEach: number): Promise<ManyEventsRound> => {
          const firstUser = users;
          const count = signupsOfEach * manyEvents;
          users += count;
          return signUpForMany(stage, targets, { firstUser, count, otherOrigins }, measured);
        };
        // What a process does for the first time is not measured.
        await ofEach(1);
        const result = await ofEach(perEvent);
        announce(`round ${round}: ${name} ${Math.round(result.rate)} decisions/s`);
        each.rounds.push(result);
      } finally {
        await Promise.all(started.map((child) => child.stop()));
      }
    }
  }
  const checks: Check[] = [];
  for (const target of targets) checks.push(await target.check(users / manyEvents));
  return { figures: found.map(figuresOf), checks };
}

function figuresOf({
  setting,
  rounds,
}: {
  readonly setting: Processes;
  readonly rounds: readonly ManyEventsRound[];
}): ScaleOutFigures {
  return {
    ...setting,
    decisionsPerSecond: spreadOf(rounds.map(({ rate }) => rate)),
    decision: {
      p50: medianOf(rounds.map(({ latency }) => latency.p50)),
      p99: medianOf(rounds.map(({ latency }) => latency.p99)),
    },
    cpuMicrosPerDecision: cpuMicrosPerDecision(rounds),
  };
}
