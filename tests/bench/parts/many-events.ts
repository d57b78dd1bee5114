import type { BenchOptions } from '../options.ts';
import { Watch } from '../measure.ts';
import { countOperations, perDecision } from '../operations.ts';
import { newEvents, type RollcallContender } from '../sides/rollcall.ts';
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
  const [first] = targets;
  if (first === undefined) throw new Error('there is no event');
  const places = targets.map(({ path, body }) => ({ path, body }));
  const { origin, path, body } = first;
  let late = 0;
  let operations: Readonly<Record<string, number>> = {};
  const found: { rate: number; latency: Latency; signups: number; processes: ReturnType<Watch['stop']> }[] = [];
  // Before the first round that counts: what a process does for the first time for an event.
  for (let round = 0; round <= rounds; round += 1) {
    const target = { origin, path, body, places, prefer: 'wait=30', firstUser: round * count, count };
    const before = await countOperations(stage.mongo, stage.redis);
    const watch = new Watch([...stage.shared, ...rollcall.processes]);
    const exchanges = await stage.generator.perform({ kind: 'saturate', target, connections, pipelining: 1 });
    const processes = watch.stop();
    operations = perDecision(before, await countOperations(stage.mongo, stage.redis), count);
    // Whoever was not answered in that time is told that it is taken.
    expectAll(exchanges.statuses, [201, 202], `${manyEvents} events`);
    late += exchanges.statuses.get(202) ?? 0;
    const { sentAt, answeredAt } = exchanges;
    const elapsedMs = answeredAt.reduce((a, b) => Math.max(a, b)) - sentAt.reduce((a, b) => Math.min(a, b));
    const rate = (count * 1_000) / elapsedMs;
    announce(`${round === 0 ? 'first' : `round ${round}`}: ${manyEvents} events ${Math.round(rate)} decisions/s`);
    if (round === 0) continue;
    found.push({
      rate,
      processes,
      signups: count,
      latency: latencyOf(answeredAt.map((at, place) => at - (sentAt[place] ?? 0))),
    });
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
    late,
    operations,
    checks,
  };
}
