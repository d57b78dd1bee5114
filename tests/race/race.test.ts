import { readFileSync } from 'node:fs';
import { checkHistory } from '@rollcall/checkers';
import { answerOf, type EventId } from '@rollcall/domain';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { recordedHistory, untilDecided } from '../support/recorded.ts';
import { startOnSharedServers, type Rollcall } from '../support/rollcall.ts';
import { race, type RaceResult, type Seen } from './race.ts';

const users = 2_000;
const seats = 100;

let rollcall: Rollcall;
afterEach(() => rollcall.stop());

async function start(workerEnv: Readonly<Record<string, string>> = {}): Promise<void> {
  rollcall = await startOnSharedServers({ apis: 2, workers: 3, workerEnv });
}

async function expectTrueRace(result: RaceResult): Promise<void> {
  await untilDecided(rollcall, result.eventId, result.accepted);
  const history = await recordedHistory(rollcall, result.eventId);
  // Seats, the waitlist, promotions, arrival order, one decision each, and the registrations against the journal.
  expect(checkHistory(history)).toEqual([]);

  const decided = new Map(history.entries.map((entry) => [entry.commandId, answerOf(entry)]));
  for (const seen of [...result.signUps, ...result.cancels])
    expectTrueAnswer(seen, decided.get(seen.commandId)?.result);

  // As many as could: with 2,000 who want 100 seats, all are taken at the end.
  const held = history.registrations.filter(({ status }) => status === 'confirmed');
  expect(held).toHaveLength(seats);
  expect(new Set(held.map(({ userId }) => userId)).size).toBe(seats);
  expect(history.entries.length).toBe(result.accepted.size + 2);
  expect(result.cancels.length).toBeGreaterThan(users / 20);
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

/** What a client was told is what the journal says. */
function expectTrueAnswer({ reply }: Seen, result: ReturnType<typeof answerOf>['result'] | undefined): void {
  switch (reply.status) {
    case 201:
      expect(result).toMatchObject({
        kind: 'registered',
        registrationId: reply.body['registrationId'],
        status: reply.body['status'],
        ...(reply.body['status'] === 'waitlist' ? { waitlistPosition: reply.body['waitlistPosition'] } : {}),
      });
      break;
    case 200:
      expect(result).toMatchObject({ kind: 'cancelled' });
      break;
    case 409:
      expect(result).toMatchObject({ kind: 'rejected', rejection: { reason: 'already-registered' } });
      break;
    case 202:
      break;
    default:
      throw new Error(`nobody expected ${reply.status}: ${JSON.stringify(reply.body)}`);
  }
}

describe(`${users} users race for ${seats} seats, 2 APIs, 3 workers`, () => {
  it('with the event lock', async () => {
    await start();
    await expectTrueRace(await race(rollcall, { users, seats, concurrency: 200 }));
  });

  it('without the event lock', async () => {
    // Small batches, so that workers who are at the same event meet often.
    await start({ EVENT_LOCK: 'off', BATCH_SIZE_MAX: '20' });
    const { stop, onOpen } = wakeAllWorkers();
    const result = await race(rollcall, { users, seats, concurrency: 200, onOpen });
    await stop();
    await expectTrueRace(result);
    const logs = rollcall.workers.map(({ logFile }) => readFileSync(logFile, 'utf8'));
    expect(logs.filter((log) => log.includes('batch committed')).length).toBeGreaterThan(1);
    expect(logs.join('').split('batch not committed').length).toBeGreaterThan(20);
  });

  it('with the busy worker killed in the middle', async () => {
    await start();
    const result = await race(rollcall, { users, seats, concurrency: 200, midway: () => rollcall.workers[0]?.kill() });
    await expectTrueRace(result);
  });
});
