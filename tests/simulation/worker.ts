import { createHash } from 'node:crypto';
import { commandIdFromToken, type CommitId, type EventId } from '@rollcall/domain';
import {
  createEventWorker,
  createSweeper,
  expireOffer,
  relay,
  seeToOverdue,
  type DrainLimits,
  type DrainPorts,
  type EngineObserver,
  type EventLock,
  type OpenOffer,
  type OverduePorts,
  type RelayPorts,
  type WakeUps,
} from '@rollcall/engine';
import type { MongoServer } from './mongo.ts';
import { createLink, over, type Link } from './network.ts';
import { pauseOf, repeat, type Life } from './processes.ts';
import type { RedisServer } from './redis.ts';
import type { Scheduler } from './scheduler.ts';

export interface WorkerOptions {
  readonly scheduler: Scheduler;
  readonly redis: RedisServer;
  readonly mongo: MongoServer;
  readonly limits: DrainLimits;
  readonly newCommitId: () => CommitId;
  /** The sweeper had to do what a wake-up should have. */
  readonly rescued: (eventId: EventId) => void;
  readonly warned: (message: string, eventId: EventId | undefined, error: unknown) => void;
}

/** As the worker's settings have them by default, in ms. */
const lockTtlMs = 2_000;
const lockRenewMs = 500;
const sweepMs = 500;
const overdueMs = 5_000;
const leaderTtlMs = 2_500;
const leaderTryMs = 1_000;
const relayLimits = { settleMs: 100, compareEveryMs: 5_000, comparedAtOnce: 100 };
const jobsAtOnce = 8;

/** One life of a worker: what `apps/worker` composes, over servers in memory. */
export function startWorker(
  { scheduler, redis, mongo, limits, newCommitId, rescued, warned }: WorkerOptions,
  life: Life,
): void {
  const { dice } = scheduler;
  const link = createLink(scheduler, life, redis.weather);
  const { store, queries, changes } = mongo.reachedBy(createLink(scheduler, life, mongo.weather));
  const [mailbox, cache] = [over(link, redis.mailbox), over(link, redis.cache)];
  const wakeUps: WakeUps = { add: (eventId) => link.call(async () => redis.wakeUps.add(eventId)) };
  const pause = (ms: number) => pauseOf(scheduler, life, ms);
  const now = () => life.now();
  const observer: EngineObserver = {
    batchCommitted: () => undefined,
    commitRefused: () => undefined,
    abandonedCommitsEnded: () => undefined,
    lockBusy: () => undefined,
    warned,
  };

  const ports: DrainPorts = {
    store,
    mailbox,
    counts: cache,
    offerTimers: { schedule: (offers) => link.call(async () => schedule(offers)) },
    observer,
    now,
    elapsed: () => scheduler.now(),
    newCommitId,
    pause,
    backOff: (failures) => pause(dice.below(Math.min(250, 5 * 2 ** failures))),
  };
  function schedule(offers: readonly OpenOffer[]): void {
    for (const offer of offers) redis.offers.add(offer, Math.max(0, offer.expiresAt - now()));
  }

  const worker = createEventWorker({
    ports,
    lock: lockOver(scheduler, { life, link, redis }),
    wakeUps,
    limits,
    memoryEventsMax: 2,
  });
  const sweeper = createSweeper({
    mailbox,
    wakeUps,
    worker,
    observer: { warned, swept: () => undefined, sweeperDrained: rescued },
    drainsMax: 4,
  });
  const overdue: OverduePorts = { store, wakeUps, intake: mailbox, commandIdFor, now };

  redis.wakeUps.serve(life, jobsAtOnce, async (eventId) => {
    try {
      return (await worker.work(eventId)) === 'busy' ? 'retry' : 'done';
    } catch (error) {
      warned('a job had trouble', eventId, error);
      return 'retry';
    }
  });
  redis.offers.serve(life, jobsAtOnce, async (offer) => {
    await expireOffer(overdue, offer);
    return 'done';
  });
  repeat(scheduler, life, sweepMs, () => sweeper.sweep());
  repeat(scheduler, life, overdueMs, () => seeToOverdue(overdue, 500));
  const relaying: RelayPorts = {
    cache,
    queries,
    changes,
    channel: { publish: (counts) => link.call(async () => redis.channel.publish({ answers: [], counts })) },
    observer: {
      leads: () => undefined,
      changesLost: () => undefined,
      relayed: () => undefined,
      repaired: () => undefined,
      warned,
    },
    reach: () => undefined,
    pause: (ms, signal) => pauseOf(scheduler, life, ms, signal),
    now,
  };
  repeat(scheduler, life, leaderTryMs, () => leadOnce(scheduler, { life, link, redis }, relaying));
}

const commandIdFor = (text: string) =>
  commandIdFromToken(createHash('sha256').update(text).digest('base64url').slice(0, 22));

interface Reach {
  readonly life: Life;
  readonly link: Link;
  readonly redis: RedisServer;
}

/** As Redlock does it: one attempt, renewed while it is held, and given back at the end. */
function lockOver(scheduler: Scheduler, { life, link, redis: { locks } }: Reach): EventLock {
  return {
    async withEventLock(eventId, fn) {
      const holder = {};
      if (!(await link.call(async () => locks.take(eventId, holder, lockTtlMs)))) return { kind: 'busy' };
      let isHeld = true;
      const renew = async (): Promise<void> => {
        await pauseOf(scheduler, life, lockRenewMs);
        if (!isHeld) return;
        await link.call(async () => locks.renew(eventId, holder, lockTtlMs)).catch(() => undefined);
        void renew();
      };
      void renew();
      try {
        return { kind: 'done', value: await fn() };
      } finally {
        isHeld = false;
        await link.call(async () => locks.release(eventId, holder)).catch(() => undefined);
      }
    },
  };
}

/** Leads while it can say so. */
async function leadOnce(
  scheduler: Scheduler,
  { life, link, redis: { locks } }: Reach,
  ports: RelayPorts,
): Promise<void> {
  const [key, holder, stop] = ['relay', {}, new AbortController()];
  if (!(await link.call(async () => locks.take(key, holder, leaderTtlMs)))) return;
  const renew = async (): Promise<void> => {
    await pauseOf(scheduler, life, lockRenewMs);
    if (stop.signal.aborted) return;
    const isHeld = await link.call(async () => locks.renew(key, holder, leaderTtlMs)).catch(() => false);
    if (isHeld) void renew();
    else stop.abort();
  };
  void renew();
  try {
    await relay(ports, relayLimits, stop.signal);
  } finally {
    stop.abort();
  }
}
