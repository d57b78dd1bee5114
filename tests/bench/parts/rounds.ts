import type { BenchOptions } from '../options.ts';
import type { Check, Contender, SideName } from '../sides/side.ts';
import type { Stage } from '../stage.ts';
import { runSignups, type RunResult } from './run.ts';

export interface ContenderRounds {
  readonly contender: Contender;
  readonly rounds: RunResult[];
  /** One per round, after it. */
  readonly checks: Check[];
}

/** Each round has every side once, so that whatever changes on the machine meanwhile meets all of them. */
export async function runRounds(
  stage: Stage,
  contenders: readonly Contender[],
  options: BenchOptions,
  announce: (line: string) => void,
): Promise<readonly ContenderRounds[]> {
  const all = contenders.map((contender): ContenderRounds => ({ contender, rounds: [], checks: [] }));
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const { contender, rounds, checks } of all) {
      const { result, check } = await runOnce(stage, contender, options, signupsOf(contender.side, options));
      rounds.push(result);
      checks.push(check);
      announce(`round ${round}: ${nameOf(contender)} ${Math.round(result.decisionsPerSecond)} decisions/s`);
    }
  }
  return all;
}

/** Nothing that a process does for the first time is measured. */
export async function warmUp(stage: Stage, contender: Contender, options: BenchOptions): Promise<void> {
  const { side } = contender;
  await runOnce(stage, contender, options, Math.min(signupsOf(side, options), warmUpSignups[side]));
}

/** Until the compiler has seen what is hot; the slow sides have less to compile and more to wait for. */
const warmUpSignups: Readonly<Record<SideName, number>> = {
  ceiling: 10_000,
  rollcall: 10_000,
  jobPerSignup: 200,
  mongoCounter: 500,
  postgresCounter: 500,
  legacy: 500,
};

export function nameOf({ side, setting }: Pick<Contender, 'side' | 'setting'>): string {
  const stated = Object.entries(setting).map(([name, value]) => `${name} ${value}`);
  return stated.length === 0 ? side : `${side} (${stated.join(', ')})`;
}

function signupsOf(side: SideName, { signups, baselineSignups }: BenchOptions): number {
  switch (side) {
    case 'ceiling':
    case 'rollcall':
      return signups;
    case 'jobPerSignup':
    case 'mongoCounter':
    case 'postgresCounter':
    case 'legacy':
      return baselineSignups;
  }
}

/** At an event of its own, with half as many seats as signups: the others wait. */
export async function runOnce(
  stage: Stage,
  contender: Contender,
  { connections, pipelining }: BenchOptions,
  count: number,
): Promise<{ readonly result: RunResult; readonly check: Check }> {
  const target = await contender.newEvent(Math.floor(count / 2));
  const result = await runSignups(stage, contender, target, { firstUser: 0, count, connections, pipelining });
  return { result, check: await target.check(count) };
}
