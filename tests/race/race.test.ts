import { readFileSync } from 'node:fs';
import { checkHistory } from '@rollcall/checkers';
import type { EventId } from '@rollcall/domain';
import type { AppProcess } from '@rollcall/infra';
import { checkReplies } from '@rollcall/load';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { recordedHistory, untilDecided } from '../support/recorded.ts';
import { startOnSharedServers, type Rollcall } from '../support/rollcall.ts';
import { expectEverythingHappened } from './happened.ts';
import { race, type RaceResult } from './race.ts';
import { capacities, roleIds } from './stage.ts';

const rush = { users: 1_500, concurrency: 200 };

let rollcall: Rollcall;
afterEach(() => rollcall.stop());

async function start(workerEnv: Readonly<Record<string, string>> = {}, redisUrl = inject('redisUrl')): Promise<void> {
  rollcall = await startOnSharedServers({ apis: 2, workers: 3, workerEnv, redisUrl });
}

async function expectTrueRace({ eventId, seen }: RaceResult): Promise<void> {
  const accepted = new Set(seen.map(({ commandId }) => commandId));
  await untilDecided(rollcall, eventId, accepted);
  const history = await recordedHistory(rollcall, eventId);
  const { entries, registrations } = history;
  // Seats, lines, promotions, offers, moves, arrival order, one decision each, and the stores against the journal.
  expect(checkHistory(history)).toEqual([]);

  // Of a 202 nothing is promised but that it is decided, which it is by now.
  const replies = seen.filter(({ reply }) => reply.status !== 202);
  expect(
    checkReplies(
      entries,
      replies.map(({ commandId, reply: { status, body } }) => ({ commandId, status, body })),
    ),
  ).toEqual([]);
  // Nobody but those who sent something, Rollcall itself, and whoever created and opened the event.
  const own = entries.filter(({ commandType }) => commandType !== 'ExpireOffer' && commandType !== 'ObligationStep');
  expect(own.length).toBe(accepted.size + 2);
  expectEverythingHappened(entries);

  // As many as could: far more wanted to volunteer than there are seats, so all of them are taken at the end.
  const seated = registrations.filter(({ roleId, status }) => roleId === roleIds.volunteers && status === 'confirmed');
  expect(seated).toHaveLength(capacities.volunteers);
}

/** The worker that wrote last. */
function busyWorker(): AppProcess {
  const wrote = rollcall.workers.map((worker) => {
    const last = readFileSync(worker.logFile, 'utf8')
      .split('\n')
      .findLast((line) => line.includes('batch committed'));
    return { worker, at: last === undefined ? '' : String((JSON.parse(last) as { time: unknown }).time) };
  });
  const [busy] = wrote.toSorted((a, b) => (a.at < b.at ? 1 : -1));
  if (busy === undefined || busy.at === '') throw new Error('no worker has written anything');
  return busy.worker;
}

/** Wake-ups that are not made one per event, as they come: they bring every worker to the one event at the same time. */
function wakeAllWorkers(): { onOpen: (eventId: EventId) => void; stop: () => Promise<void> } {
  const connection = new Redis(inject('redisUrl'), { maxRetriesPerRequest: null });
  const queue = new Queue('wake', { connection, prefix: rollcall.keyspace.queuePrefix });
  let timer: NodeJS.Timeout | undefined;
  return {
    onOpen: (eventId) => {
      timer = setInterval(() => void queue.add('wake', { eventId }, { removeOnComplete: true }), 10);
    },
    async stop() {
      clearInterval(timer);
      await queue.close();
      connection.disconnect();
    },
  };
}

describe(`${rush.users} users race for seats that staff keep changing, 2 APIs, 3 workers`, () => {
  it('with the event lock', async () => {
    await start();
    await expectTrueRace(await race(rollcall, rush));
  });

  it('on a Redis Cluster of three masters', async () => {
    await start({}, inject('redisClusterUrl'));
    await expectTrueRace(await race(rollcall, rush));
  });

  it('without the event lock', async () => {
    // Small batches, so that workers who are at the same event meet often; and each at one event at a time, for with eight
    // they were in each other's way for 90 s.
    await start({ EVENT_LOCK: 'off', BATCH_SIZE_MAX: '20', WORKER_CONCURRENCY: '1' });
    const { stop, onOpen } = wakeAllWorkers();
    const result = await race(rollcall, { ...rush, onOpen });
    await stop();
    await expectTrueRace(result);
    const logs = rollcall.workers.map(({ logFile }) => readFileSync(logFile, 'utf8'));
    expect(logs.filter((log) => log.includes('batch committed')).length).toBeGreaterThan(1);
    expect(logs.join('').split('batch not committed').length).toBeGreaterThan(20);
  });

  it('with the busy worker killed in the middle', async () => {
    await start();
    let killed: AppProcess | undefined;
    const midway = () => {
      killed = busyWorker();
      killed.kill();
    };
    const result = await race(rollcall, { ...rush, midway });
    await expectTrueRace(result);
    expect(await killed?.ended).toContain('SIGKILL');
  });
});
