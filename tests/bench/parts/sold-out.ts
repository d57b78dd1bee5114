import type { BenchOptions } from '../options.ts';
import type { RollcallContender } from '../sides/rollcall.ts';
import type { Check } from '../sides/side.ts';
import type { Stage } from '../stage.ts';
import { medianOf, spreadOf, type Latency, type Spread } from '../stats.ts';
import { cpuMicrosPerDecision, runSignups, type RunResult } from './run.ts';

export interface SoldOutFigures {
  readonly seats: number;
  readonly signups: number;
  readonly decisionsPerSecond: Spread;
  /** From sending a request to its decision, in ms; medians of the rounds. */
  readonly decision: Latency;
  readonly cpuMicrosPerDecision: Readonly<Record<string, number>>;
  readonly checks: readonly Check[];
}

/** So many ask for each seat. */
const signupsPerSeat = 100;

/** Far more signups than seats, and nowhere to wait: nearly everybody is refused, which is a decision like any other. */
export async function runSoldOut(
  stage: Stage,
  rollcall: RollcallContender,
  { signups, rounds, connections, pipelining }: BenchOptions,
  announce: (line: string) => void,
): Promise<SoldOutFigures> {
  const seats = Math.ceil(signups / signupsPerSeat);
  const runs: RunResult[] = [];
  const checks: Check[] = [];
  // Before the first round that counts: what a process does for the first time.
  for (let round = 0; round <= rounds; round += 1) {
    const target = await rollcall.newEvent(seats, 'off');
    const run = await runSignups(stage, rollcall, target, { firstUser: 0, count: signups, connections, pipelining });
    checks.push(await target.check(signups));
    announce(
      `${round === 0 ? 'first' : `round ${round}`}: ${seats} seats and no waitlist ${Math.round(run.decisionsPerSecond)} decisions/s`,
    );
    if (round > 0) runs.push(run);
  }
  return {
    seats,
    signups,
    decisionsPerSecond: spreadOf(runs.map(({ decisionsPerSecond }) => decisionsPerSecond)),
    decision: {
      p50: medianOf(runs.map(({ decision }) => decision.p50)),
      p99: medianOf(runs.map(({ decision }) => decision.p99)),
    },
    cpuMicrosPerDecision: cpuMicrosPerDecision(runs),
    checks,
  };
}
