import { eventIdFor, type CommitId, type EventId } from '@rollcall/domain';
import { commandIdNamed, createDice, signupTime, storyMs } from '@rollcall/testkit';
import { startApi, type Api } from './api.ts';
import { createOrderJudge, judge, undecidedOf } from './judge.ts';
import { startListeners } from './listeners.ts';
import { legacyOrders, startMigrator } from './migrator.ts';
import { createMongoServer } from './mongo.ts';
import { plan } from './nemesis.ts';
import { createPeople } from './people.ts';
import { startProcess, type Process } from './processes.ts';
import { newRecord } from './record.ts';
import { createRedisServer } from './redis.ts';
import { createScheduler } from './scheduler.ts';
import { inVirtualTime } from './virtual-time.ts';
import { startWorker } from './worker.ts';

/** What makes a run: the same one each time. */
export interface Scenario {
  readonly seed: number;
  /** How many commands are sent, at about. */
  readonly commands: number;
  /** Faults of the seed's plan that are left out, by their place. */
  readonly without: readonly number[];
}

export interface Run {
  readonly scenario: Scenario;
  /** What was promised and is not so; empty: all is well. */
  readonly violations: readonly string[];
  /** Commands that were sent. */
  readonly commands: number;
  /** Decisions that were committed, those of histories that were set back too. */
  readonly decisions: number;
  /** Of these, what was brought over from the system before. */
  readonly imports: number;
  /** Accepted commands that no journal has: a server had lost its memory, or nobody had created their event. */
  readonly lost: number;
  /** What went wrong, in order. */
  readonly faults: readonly string[];
  readonly virtualMs: number;
  readonly trace: readonly string[];
}

/** When the run begins, by the true clock. */
const epoch = signupTime;
/** After the last fault may begin; half a minute after all is well again whatever was broken is at rest, in virtual ms. */
const restMsMax = 40_000;
/** Until the relay has compared all that is cached. */
const relayMs = 8_000;

/** The run that a seed stands for: few commands, and everything is small; or, now and then, a crowd. */
export function scenarioOf(seed: number): Scenario {
  const dice = createDice(seed ^ 0xc0de);
  return {
    seed,
    commands: dice.percent(crowdPercent) ? crowdMin + dice.below(2_000) : 20 + dice.below(180),
    without: [],
  };
}

const crowdMin = 1_000;
const crowdPercent = 15;
const importPercent = 25;

/**
 * A whole Rollcall: people, APIs, workers and servers, and all that can go wrong with them.
 * @param spoil changes what is there at rest before it is judged: to see that the judge finds it
 */
export async function simulate(
  scenario: Scenario,
  spoil?: (...judged: Parameters<typeof judge>) => Promise<void>,
): Promise<Run> {
  const { seed, commands, without } = scenario;
  const scheduler = createScheduler(seed);
  return inVirtualTime(scheduler, epoch, async () => {
    const { dice } = scheduler;
    const record = newRecord();
    const trace: string[] = [];
    const say = (what: string) => void trace.push(`${String(scheduler.now()).padStart(7)} ${what}`);
    const isCrowd = commands >= crowdMin;
    const redis = createRedisServer(scheduler, {
      epoch,
      depthMax: isCrowd ? 10_000 : dice.pick([10, 10_000]),
      complain: (what) => void record.violations.push(what),
    });
    const mongo = createMongoServer(scheduler);
    const eventIds = Array.from({ length: 1 + dice.below(3) }, (_, n): EventId => eventIdFor(commandIdNamed(`e${n}`)));
    // Of some systems before one event comes over while all this goes on.
    const broughtOver = dice.percent(importPercent) ? eventIdFor(commandIdNamed('import')) : undefined;
    if (broughtOver !== undefined) eventIds.push(broughtOver);
    const limits = {
      batchSizeMax: dice.pick(isCrowd ? [100, 500] : [1, 3, 20, 500]),
      drainMsMax: isCrowd ? 1_000 : dice.pick([20, 1_000]),
      attemptsMax: dice.pick([4, 20]),
      lingerMs: dice.pick([0, 5]),
      abandonedCommitMs: 500,
    };
    let [commits, decisions, imports] = [0, 0, 0];
    const faults: string[] = [];
    const judgeOrder = createOrderJudge({ scheduler, redis, mongo, record });
    mongo.onCommit((batch) => {
      decisions += batch.entries.length;
      imports += batch.entries.filter(({ commandType }) => commandType === 'ImportRegistration').length;
      judgeOrder(batch);
    });

    const process = (name: string, start: Parameters<typeof startProcess>[1]['start']): Process =>
      startProcess(scheduler, { name, epoch, restartMs: () => 20 + dice.below(2_000), start });
    const apis = new Map<string, Api>();
    const apiProcesses = Array.from({ length: 2 }, (_, n) =>
      process(`api ${n}`, (life) => {
        apis.set(`api ${n}`, startApi({ scheduler, redis, mongo }, life));
      }),
    );
    const workers = Array.from({ length: 1 + dice.below(3) }, (_, n) =>
      process(`worker ${n}`, (life) => {
        const newCommitId = () => `commit-${(commits += 1)}` as CommitId;
        const warned = (message: string, _eventId: EventId | undefined, error: unknown) =>
          say(`worker ${n}: ${message}: ${error instanceof Error ? error.message : String(error)}`);
        const rescued = (eventId: EventId) => {
          say(`worker ${n}: the sweeper drained ${eventId}`);
          // Where nothing goes wrong every command has a wake-up.
          if (faults.length === 0) record.violations.push(`left alone: only the sweeper saw to ${eventId}`);
        };
        startWorker({ scheduler, redis, mongo, limits, newCommitId, rescued, warned }, life);
      }),
    );
    if (broughtOver !== undefined) {
      const orders = legacyOrders(dice, broughtOver);
      const newCommitId = () => `commit-${(commits += 1)}` as CommitId;
      const migrator = process('migrator', (life) =>
        startMigrator({ scheduler, mongo, eventId: broughtOver, orders, newCommitId, untilMs: storyMs }, life),
      );
      for (let kills = dice.below(4); kills > 0; kills -= 1)
        scheduler.after(dice.below(storyMs), () => migrator.kill());
    }
    const up = () => apiProcesses.filter(({ isUp }) => isUp).flatMap(({ name }) => apis.get(name) ?? []);
    const people = createPeople({ scheduler, epoch, mongo, apis: up, record, isCrowd });
    const listeners = startListeners({ scheduler, apis: up, eventIds, record });
    const nemesis = { scheduler, redis, mongo, workers, apis: apiProcesses, eventIds, record, say, overMs: storyMs };
    faults.push(...plan(nemesis, seed, new Set(without)));
    for (let n = 0; n < commands; n += 1) {
      const eventId = dice.pick(eventIds);
      // Some at once, as when an event opens.
      const at = dice.percent(30) ? 500 * dice.below(storyMs / 500) : dice.below(storyMs);
      scheduler.after(at, () => people.begin(eventId));
    }

    await scheduler.runUntil(storyMs);
    const isAtRest = () => people.waiting === 0 && eventIds.every((id) => redis.mailbox.waiting(id).length === 0);
    const until = storyMs + restMsMax;
    while (scheduler.now() < until && !isAtRest()) await scheduler.runUntil(scheduler.now() + 1_000);
    if (!isAtRest()) {
      const left = eventIds.reduce((sum, id) => sum + redis.mailbox.waiting(id).length, 0);
      record.violations.push(`late: ${left} commands and ${people.waiting} people still wait`);
    }
    await scheduler.runUntil(Math.max(scheduler.now(), storyMs + 8_000) + relayMs);
    const judged = { scheduler, redis, mongo, eventIds, record };
    await spoil?.(judged, listeners);
    const violations = await judge(judged, listeners);
    const lost = undecidedOf(mongo, record).length;
    return {
      scenario,
      violations,
      commands: record.sent.size,
      decisions,
      imports,
      lost,
      faults,
      virtualMs: scheduler.now(),
      trace,
    };
  });
}
