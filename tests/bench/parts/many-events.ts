import type { BenchOptions } from '../options.ts';
import type { Target } from '../generator/task.ts';
import { Watch, type Measured, type ProcessUse } from '../measure.ts';
import { countOperations, perDecision } from '../operations.ts';
import { newEvents, type RollcallContender, type RollcallTarget } from '../sides/rollcall.ts';
import type { Check } from '../sides/side.ts';
import type { Stage } from '../stage.ts';
import { latencyOf, medianOf, spreadOf, type Latency, type Spread } from '../stats.ts';
import { cpuMicrosPerDecision, expectAll } from './run.ts';

export interface ManyEventsFigures {
  readonly events: number;
  readonly signups: number;
  readonly decisionsPerSecond: Spread;
  /** From sending a request to its answer, which is its decision, in ms; medians of the rounds. */
  readonly decision: Latency;
  /** Signups that were not decided within 30 s. */
  readonly late: number;
  readonly cpuMicrosPerDecision: Readonly<Record<string, number>>;
  /** Calls per decision, by server and command, of the last round. */
  readonly operations: Readonly<Record<string, number>>;
  readonly checks: readonly Check[];
}

/** So many people wait for their decision at any moment. */
const connections = 512;

export interface ManyEventsRound {
  readonly signups: number;
  readonly rate: number;
  /** From sending a request to its answer, which is its decision. */
  readonly latency: Latency;
  readonly late: number;
  readonly processes: readonly ProcessUse[];
}

/** `count` signups, for one event after the other; everybody waits for the decision. */
export async function signUpForMany(
  stage: Stage,
  targets: readonly RollcallTarget[],
  asked: Pick<Target, 'firstUser' | 'count' | 'otherOrigins'>,
  measured: readonly Measured[],
): Promise<ManyEventsRound> {
  const [first] = targets;
  if (first === undefined) throw new Error('there is no event');
  const { origin, path, body } = first;
  const places = targets.map((each) => ({ path: each.path, body: each.body }));
  const target: Target = { origin, path, body, places, prefer: 'wait=30', ...asked };
  const watch = new Watch([...stage.shared, ...measured]);
  const exchanges = await stage.generator.perform({ kind: 'saturate', target, connections, pipelining: 1 });
  const processes = watch.stop();
  // Whoever was not answered in that time is told that it is taken.
  expectAll(exchanges.statuses, [201, 202], `${targets.length} events`);
  const { sentAt, answeredAt } = exchanges;
  const elapsedMs = answeredAt.reduce((a, b) => Math.max(a, b)) - sentAt.reduce((a, b) => Math.min(a, b));
  return {
    signups: asked.count,
    rate: (asked.count * 1_000) / elapsedMs,
    latency: latencyOf(answeredAt.map((at, place) => at - (sentAt[place] ?? 0))),
    late: exchanges.statuses.get(202) ?? 0,
    processes,
  };
}

/** Signups that are spread over many events, so that hardly two of them can be decided together; everybody waits for the decision. */
export async function runManyEvents(
  stage: Stage,
  rollcall: RollcallContender,
  { manyEvents, signups, rounds }: BenchOptions,
  announce: (line: string) => void,
): Promise<ManyEventsFigures> {
  const perEvent = Math.max(1, Math.round(signups / manyEvents));
  const count = perEvent * manyEvents;
  announce(`opening ${manyEvents} events…`);
  const targets = await newEvents(rollcall, manyEvents, Math.ceil(perEvent / 2));
  let operations: Readonly<Record<string, number>> = {};
  const found: ManyEventsRound[] = [];
  // Before the first round that counts: what a process does for the first time for an event.
  for (let round = 0; round <= rounds; round += 1) {
    const before = await countOperations(stage.mongo, stage.redis);
    const result = await signUpForMany(stage, targets, { firstUser: round * count, count }, rollcall.processes);
    operations = perDecision(before, await countOperations(stage.mongo, stage.redis), count);
    announce(
      `${round === 0 ? 'first' : `round ${round}`}: ${manyEvents} events ${Math.round(result.rate)} decisions/s`,
    );
    if (round > 0) found.push(result);
  }
  const checks: Check[] = [];
  for (const target of targets) checks.push(await target.check(perEvent * (rounds + 1)));
  return {
    events: manyEvents,
    signups: count,
    decisionsPerSecond: spreadOf(found.map(({ rate }) => rate)),
    decision: {
      p50: medianOf(found.map(({ latency }) => latency.p50)),
      p99: medianOf(found.map(({ latency }) => latency.p99)),
    },
    cpuMicrosPerDecision: cpuMicrosPerDecision(found),
    late: found.reduce((sum, { late }) => sum + late, 0),
    operations,
    checks,
  };
}
