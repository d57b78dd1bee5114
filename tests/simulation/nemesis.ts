import type { EventId } from '@rollcall/domain';
import { createDice, type Dice } from '@rollcall/testkit';
import type { MongoServer } from './mongo.ts';
import { fair, type Weather } from './network.ts';
import type { Process } from './processes.ts';
import type { Loss, RunRecord } from './record.ts';
import type { RedisServer } from './redis.ts';
import type { Scheduler } from './scheduler.ts';

export interface NemesisOptions {
  readonly scheduler: Scheduler;
  readonly redis: RedisServer;
  readonly mongo: MongoServer;
  readonly workers: readonly Process[];
  readonly apis: readonly Process[];
  readonly eventIds: readonly EventId[];
  readonly record: RunRecord;
  readonly say: (what: string) => void;
  /** Faults begin within so many virtual ms. */
  readonly overMs: number;
}

type Fault = (options: NemesisOptions) => void;
type Planned = readonly [weight: number, name: string, happen: Fault];

/** From a moment to much longer than any lock lasts, in ms. */
const someTimes = [50, 300, 1_000, 2_500, 7_000] as const;

const killOne =
  (which: 'workers' | 'apis'): Fault =>
  ({ scheduler: { dice }, [which]: processes, say }) => {
    const process = dice.pick(processes);
    say(`kill ${process.name}`);
    process.kill();
  };

const stopOne =
  (which: 'workers' | 'apis'): Fault =>
  ({ scheduler: { dice }, [which]: processes, say }) => {
    const [process, ms] = [dice.pick(processes), dice.pick(someTimes)];
    say(`stop ${process.name} for ${ms} ms`);
    process.stop(ms);
  };

const away =
  (which: 'redis' | 'mongo'): Fault =>
  ({ scheduler, [which]: { weather }, say }) => {
    const ms = scheduler.dice.pick(someTimes);
    say(`${which} away for ${ms} ms`);
    weather.isUp = false;
    scheduler.after(ms, () => void (weather.isUp = true));
  };

const bad =
  (which: 'redis' | 'mongo', weather: Partial<Weather>): Fault =>
  ({ scheduler, [which]: server, say }) => {
    const ms = scheduler.dice.pick(someTimes);
    say(`${which} ${JSON.stringify(weather)} for ${ms} ms`);
    Object.assign(server.weather, weather);
    scheduler.after(ms, () => Object.assign(server.weather, { ...fair(), isUp: server.weather.isUp }));
  };

/** A worker begins a commit and dies over it. */
const dieOverCommit: Fault = ({ scheduler, mongo, workers, say }) => {
  say('a worker dies over its next commit');
  // Which one it is, nobody knows beforehand; killing them all is as good.
  mongo.abandonNextCommit(() => {
    for (const worker of workers) worker.kill();
  });
  scheduler.after(1_000, () => mongo.abandonNextCommit(undefined));
};

const locksRunOut: Fault = ({ redis, say }) => {
  say('all locks run out');
  redis.locks.flush();
};

const wakeUpsLost: Fault = ({ redis, say }) => {
  say('wake-ups and timers are lost');
  redis.wakeUps.lose();
  redis.offers.lose();
};

const wakeUpsTwice: Fault = ({ redis, say }) => {
  say('wake-ups are handled twice');
  redis.wakeUps.giveTwice();
};

const clockJumps: Fault = ({ scheduler: { dice }, workers, redis, say }) => {
  const ms = dice.pick([-120_000, -3_000, 3_000, 120_000]);
  if (dice.percent(80)) {
    const worker = dice.pick(workers);
    say(`the clock of ${worker.name} is ${ms} ms ahead`);
    worker.setClock(ms);
  } else {
    say(`the clock of redis is ${ms / 60} ms ahead`);
    redis.clockAheadMs = ms / 60;
  }
};

const entryDamaged: Fault = ({ scheduler: { dice }, redis, eventIds, say }) => {
  say('an entry is damaged');
  redis.mailbox.plantRaw(dice.pick(eventIds), dice.pick([{}, { c: 'no id', at: '1', p: '{}' }]));
};

const receiptsRunOut: Fault = ({ redis, say }) => {
  say('all receipts run out');
  redis.mailbox.loseReceipts();
};

/** Of which nothing that was accepted is lost. */
const harmless: readonly Planned[] = [
  [20, 'worker killed', killOne('workers')],
  [10, 'API killed', killOne('apis')],
  [20, 'worker stopped', stopOne('workers')],
  [6, 'API stopped', stopOne('apis')],
  [8, 'Redis away', away('redis')],
  [8, 'MongoDB away', away('mongo')],
  [8, 'messages to and from Redis lost', bad('redis', { lossPercent: 20 })],
  [10, 'messages to and from MongoDB lost', bad('mongo', { lossPercent: 20 })],
  [6, 'Redis slow', bad('redis', { delayMsMax: 700 })],
  [6, 'MongoDB slow', bad('mongo', { delayMsMax: 1_500 })],
  [6, 'worker dies over a commit', dieOverCommit],
  [8, 'locks run out', locksRunOut],
  [6, 'wake-ups lost', wakeUpsLost],
  [4, 'wake-ups handled twice', wakeUpsTwice],
  [6, 'clock jumps', clockJumps],
  [4, 'receipts run out', receiptsRunOut],
  [2, 'mailbox entry damaged', entryDamaged],
];

/** Redis comes back as it was up to a second ago: what it had not written to its disk is gone. */
const redisLosesTail: Fault = (options) => {
  const { scheduler, redis, say } = options;
  const restore = redis.snapshot();
  const since = scheduler.now();
  scheduler.after(scheduler.dice.below(1_000), () => {
    say(`redis loses what came since ${since}`);
    restore();
    redis.weather.isUp = false;
    scheduler.after(scheduler.dice.below(300), () => void (redis.weather.isUp = true));
    options.record.losses.push(loss(options, 'redis'));
  });
};

const redisLosesAll: Fault = (options) => {
  options.say('redis loses everything');
  options.redis.flush();
  options.record.losses.push(loss(options, 'redis'));
};

/** A backup is restored while everything runs. */
const mongoRestored: Fault = (options) => {
  const { scheduler, mongo, say } = options;
  const restore = mongo.snapshot();
  const since = scheduler.now();
  scheduler.after(scheduler.dice.below(3_000), () => {
    say(`mongo is restored to how it was at ${since}`);
    restore();
    options.record.losses.push(loss(options, 'mongo'));
  });
};

/** By which commands are lost that had been accepted. */
const destructive: readonly Planned[] = [
  [2, 'Redis loses its last second', redisLosesTail],
  [1, 'Redis loses everything', redisLosesAll],
  [2, 'MongoDB restored to an earlier state', mongoRestored],
];

function loss({ scheduler, mongo, eventIds }: NemesisOptions, kind: Loss['kind']): Loss {
  const heads = eventIds.map(
    (eventId) => [eventId, mongo.database.documents().get(eventId)?.head.version ?? 0] as const,
  );
  return { kind, until: scheduler.now(), versions: new Map(heads) };
}

/**
 * Plans what goes wrong within that time; afterwards all servers and ways are well again. What is planned follows from the seed
 * alone, so that a part of it can be left out.
 *
 * @param without the places of faults, in the order in which they happen, that are left out
 * @returns the names of those that were planned, in that order
 */
export function plan(options: NemesisOptions, seed: number, without: ReadonlySet<number>): readonly string[] {
  const { scheduler, redis, mongo, overMs } = options;
  const dice = createDice(seed ^ 0x5eed);
  const some = (faults: readonly Planned[], count: number) =>
    Array.from({ length: count }, () => ({ at: dice.below(overMs), fault: weighted(dice, faults) }));
  const planned = [
    ...some(harmless, dice.pick([0, 1, 2, 3, 4, 6, 9])),
    ...some(destructive, dice.percent(30) ? dice.pick([1, 1, 2]) : 0),
  ];
  const inOrder = planned.toSorted((a, b) => a.at - b.at).filter((_, place) => !without.has(place));
  for (const { at, fault } of inOrder) scheduler.after(at, () => fault[2](options));
  scheduler.after(overMs + Math.max(...someTimes), () => {
    options.say('all is well again');
    for (const { weather } of [redis, mongo]) Object.assign(weather, fair());
    mongo.abandonNextCommit(undefined);
  });
  return inOrder.map(({ fault: [, name] }) => name);
}

function weighted(dice: Dice, faults: readonly Planned[]): Planned {
  let left = dice.below(faults.reduce((sum, [weight]) => sum + weight, 0));
  const found = faults.find(([weight]) => {
    left -= weight;
    return left < 0;
  });
  if (found === undefined) throw new Error('there is no fault');
  return found;
}
