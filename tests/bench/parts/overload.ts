import { setTimeout as delay } from 'node:timers/promises';
import type { EventId } from '@rollcall/domain';
import { collectionsOf } from '@rollcall/store-mongo';
import type { BenchOptions } from '../options.ts';
import type { OpenLoopResult, Target } from '../generator/task.ts';
import { Watch, type ProcessUse } from '../measure.ts';
import { startApi, startWorkerProcess, type RollcallContender, type RollcallTarget } from '../sides/rollcall.ts';
import type { Check } from '../sides/side.ts';
import type { Stage } from '../stage.ts';
import { runSignups } from './run.ts';

export interface OverloadFigures {
  /** At which Rollcall is saturated, and at which people come: decisions and requests per second. */
  readonly saturatingRate: number;
  readonly offeredRate: number;
  readonly seconds: number;
  /** Commands that the mailbox holds; those that come while it is full are refused. */
  readonly mailboxDepthMax: number;
  /** How often each status was answered in the overload, and how many 503 did not say when to come again. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Who had gone away again before the generator had a connection for them. */
  readonly unsent: number;
  readonly withoutRetryAfter: number;
  /** From when a request was due, in the overload and in the calm before it. */
  readonly overload: Pick<OpenLoopResult, 'latency' | 'sendLag'>;
  readonly calm: Pick<OpenLoopResult, 'latency' | 'sendLag'>;
  /** From being accepted to being decided, the slowest of all; and what a full mailbox takes at the saturating rate. In ms. */
  readonly slowestDecisionMs: number;
  readonly fullMailboxMs: number;
  /** Seconds after the overload until the median of a second, and of all that follow, was at most twice that of the calm before; undefined: later than was looked. */
  readonly normalAfterSeconds: number | undefined;
  readonly peakMiB: Readonly<Record<string, number>>;
  readonly check: Check;
}

/** More than are under way at any moment. */
const connections = 2_000;
/** How long a full mailbox takes: an organizer's setting, and here short, so that what comes after the overload is seen. */
const mailboxSeconds = 3;
const calmSeconds = 10;
const afterwardsSeconds = 20;
const seats = 1_000;

/** So few decisions per transaction: with a worker as it is shipped, twice as many would be more than APIs and generator of a small machine can handle. */
const slowWorker = { BATCH_SIZE_MAX: '10' };
const trialSignups = 5_000;

/**
 * Twice as many as can be decided come for a minute, none of whom waits for an answer; before and after it half as many,
 * who wait. Everybody is accepted and decided, or told when to come again.
 */
export async function runOverload(
  stage: Stage,
  rollcall: RollcallContender,
  { overloadSeconds }: BenchOptions,
): Promise<OverloadFigures> {
  // It takes their place, so this part is the last.
  await Promise.all(rollcall.workers.map((shipped) => shipped.stop()));
  const worker = startWorkerProcess(stage, 'overload-worker', slowWorker);
  const saturatingRate = await rateOf(stage, rollcall);
  const mailboxDepthMax = Math.round(saturatingRate * mailboxSeconds);
  const event = await rollcall.newEvent(seats);
  const { process, origin } = await startApi(stage, 'overload-api', { MAILBOX_DEPTH_MAX: String(mailboxDepthMax) });
  const calmRate = Math.max(1, Math.round(saturatingRate / 2));
  const offeredRate = Math.max(1, Math.round(saturatingRate * 2));
  let users = 0;
  const phaseOf = (ratePerSecond: number, seconds: number, asked: Partial<Target>) => {
    const { path, body } = event;
    const target: Target = { origin, path, body, firstUser: users, count: ratePerSecond * seconds, ...asked };
    users += target.count;
    return { target, ratePerSecond };
  };
  const phases = [
    phaseOf(calmRate, calmSeconds, { prefer: 'wait=10' }),
    { ...phaseOf(offeredRate, overloadSeconds, {}), givesUp: true as const },
    phaseOf(calmRate, afterwardsSeconds, { prefer: 'wait=10' }),
  ];
  const watch = new Watch([...stage.shared, { name: 'api', pid: process.pid }, { name: 'worker', pid: worker.pid }]);
  try {
    const results = await stage.generator.perform({ kind: 'openLoop', phases, connections });
    const [calm, overload, afterwards] = results;
    if (calm === undefined || overload === undefined || afterwards === undefined) throw new Error('a phase is missing');
    const decisions = await untilDecided(stage, event.eventId, acceptedIn(results));
    return {
      saturatingRate,
      offeredRate,
      seconds: overloadSeconds,
      mailboxDepthMax,
      statuses: Object.fromEntries(overload.statuses),
      unsent: overload.unsent,
      withoutRetryAfter: overload.withoutRetryAfter,
      overload: { latency: overload.latency, sendLag: overload.sendLag },
      calm: { latency: calm.latency, sendLag: calm.sendLag },
      slowestDecisionMs: decisions.slowestMs,
      fullMailboxMs: (mailboxDepthMax * 1_000) / saturatingRate,
      normalAfterSeconds: normalAfter(afterwards.p50BySecond, 2 * calm.latency.p50),
      peakMiB: peaksOf(watch.stop()),
      check: await checkOf(event, results, decisions),
    };
  } finally {
    watch.stop();
    await Promise.all([process.stop(), worker.stop()]);
  }
}

async function rateOf(stage: Stage, rollcall: RollcallContender): Promise<number> {
  const plan = { firstUser: 0, count: trialSignups, connections: 64, pipelining: 8 };
  const trial = async () =>
    (await runSignups(stage, rollcall, await rollcall.newEvent(seats), plan)).decisionsPerSecond;
  // What processes do for the first time does not count.
  await trial();
  return trial();
}

function normalAfter(p50BySecond: readonly number[], limitMs: number): number | undefined {
  const seconds = p50BySecond.findLastIndex((p50) => p50 > limitMs) + 1;
  return seconds < p50BySecond.length ? seconds : undefined;
}

const peaksOf = (uses: readonly ProcessUse[]): Readonly<Record<string, number>> =>
  Object.fromEntries(uses.map(({ name, peakRssBytes }) => [name, peakRssBytes / 2 ** 20]));

interface Decisions {
  readonly count: number;
  readonly slowestMs: number;
}

const lookEveryMs = 250;
/** Without a decision for this long nobody is deciding any more. */
const standstillMsMax = 30_000;

/** How many signups are decided, and how long the slowest took; waits until there are as many as were accepted. */
async function untilDecided(stage: Stage, eventId: EventId, accepted: number): Promise<Decisions> {
  const { journal } = collectionsOf(stage.mongo, stage.database);
  const look = async (): Promise<Decisions> => {
    const [found] = await journal
      .aggregate<Decisions>([
        { $match: { eventId, commandType: 'SignUp' } },
        {
          $group: {
            _id: null,
            count: { $sum: 1 },
            slowestMs: { $max: { $subtract: ['$decidedAt', '$acceptedAt'] } },
          },
        },
      ])
      .toArray();
    return found ?? { count: 0, slowestMs: 0 };
  };
  let decisions = await look();
  let movedAt = Date.now();
  while (decisions.count < accepted && Date.now() - movedAt < standstillMsMax) {
    await delay(lookEveryMs);
    const next = await look();
    if (next.count > decisions.count) movedAt = Date.now();
    decisions = next;
  }
  return decisions;
}

/** What an overload may answer: taken, decided, or come again. */
const expected: ReadonlySet<number> = new Set([201, 202, 503]);

const acceptedIn = (results: readonly OpenLoopResult[]): number =>
  results.reduce((sum, { statuses }) => sum + (statuses.get(201) ?? 0) + (statuses.get(202) ?? 0), 0);

async function checkOf(
  event: RollcallTarget,
  results: readonly OpenLoopResult[],
  { count }: Decisions,
): Promise<Check> {
  const accepted = acceptedIn(results);
  const { facts, faults } = await event.check(count);
  const others = results.flatMap(({ statuses }) => [...statuses].filter(([status]) => !expected.has(status)));
  const notTold = results.reduce((sum, { withoutRetryAfter }) => sum + withoutRetryAfter, 0);
  return {
    facts: { ...facts, accepted },
    faults: [
      ...faults,
      ...(count < accepted ? [`${accepted} accepted and ${count} decided`] : []),
      ...others.map(([status, times]) => `${times} times ${status === 0 ? 'no answer' : status} in the overload`),
      ...(notTold > 0 ? [`${notTold} times 503 that does not say when to come again`] : []),
    ],
  };
}
