import type { Exchanges, Statuses, Target } from '../generator/task.ts';
import { Watch, type ProcessUse } from '../measure.ts';
import type { Contender, SignupTarget } from '../sides/side.ts';
import type { Stage } from '../stage.ts';
import { latencyOf, medianOf, type Latency } from '../stats.ts';

/** One run of one side: so many signups, as fast as they are answered. */
export interface RunResult {
  readonly signups: number;
  /** From the first request to the last decision, in ms. */
  readonly elapsedMs: number;
  readonly decisionsPerSecond: number;
  /** From sending a request to the end of its answer, in ms. With so many requests under way it says how long the queue is. */
  readonly accept: Latency;
  /** From sending a request to its decision, in ms. */
  readonly decision: Latency;
  readonly processes: readonly ProcessUse[];
}

export interface RunPlan {
  readonly firstUser: number;
  readonly count: number;
  readonly connections: number;
  readonly pipelining: number;
}

/** @throws Error when a signup was not accepted or not decided: then there is nothing to compare. */
export async function runSignups(
  stage: Stage,
  contender: Contender,
  signupTarget: SignupTarget,
  plan: RunPlan,
): Promise<RunResult> {
  const { firstUser, count, connections, pipelining } = plan;
  const { origin, path, body, status } = signupTarget;
  const target: Target = { origin, path, body, firstUser, count };
  const following = await signupTarget.follow(firstUser, count);
  const watch = new Watch([...stage.shared, ...contender.processes]);
  try {
    const exchanges = await stage.generator.perform({ kind: 'saturate', target, connections, pipelining });
    expectAll(exchanges.statuses, status, contender.side);
    const decidedAt = await following.decided(exchanges);
    return resultOf(exchanges, decidedAt, watch.stop());
  } finally {
    watch.stop();
  }
}

/** What a decision cost each process, of which there are the same in all rounds: the median of the rounds. */
export function cpuMicrosPerDecision(
  rounds: readonly Pick<RunResult, 'signups' | 'processes'>[],
): Readonly<Record<string, number>> {
  const each = (name: string) =>
    rounds.flatMap(({ signups, processes }) =>
      processes.filter((use) => use.name === name).map(({ cpuMicros }) => cpuMicros / signups),
    );
  return Object.fromEntries((rounds[0]?.processes ?? []).map(({ name }) => [name, medianOf(each(name))]));
}

export function expectAll(statuses: Statuses, status: number | readonly number[], who: string): void {
  const expected = [status].flat();
  if ([...statuses.keys()].every((code) => expected.includes(code))) return;
  const counts = [...statuses].map(([code, count]) => `${count} times ${code === 0 ? 'no answer' : code}`);
  throw new Error(
    `${who}: every signup should be answered ${expected.join(' or ')}, but there was ${counts.join(', ')}`,
  );
}

function resultOf(
  { sentAt, answeredAt }: Exchanges,
  decidedAt: Float64Array,
  processes: readonly ProcessUse[],
): RunResult {
  const count = sentAt.length;
  const undecided = decidedAt.filter((at) => Number.isNaN(at)).length;
  if (undecided > 0) throw new Error(`${undecided} of ${count} signups were not decided`);
  const elapsedMs = greatest(decidedAt) - least(sentAt);
  return {
    signups: count,
    elapsedMs,
    decisionsPerSecond: (count * 1000) / elapsedMs,
    accept: latencyOf(answeredAt.map((at, place) => at - (sentAt[place] ?? 0))),
    // What is seen of a decision may lie a moment before its answer is.
    decision: latencyOf(decidedAt.map((at, place) => at - (sentAt[place] ?? 0))),
    processes,
  };
}

/** Not `Math.max(...)`, which has a limit of arguments. */
const greatest = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b), -Infinity);
const least = (values: Float64Array): number => values.reduce((a, b) => Math.min(a, b), Infinity);
