import { setTimeout as delay } from 'node:timers/promises';
import type { EventId } from '@rollcall/domain';
import type { WakeUps } from '@rollcall/engine';
import { DelayedError, Queue, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Keyspace } from './keyspace.ts';

const queueName = 'wake';

interface WakeUpData {
  readonly eventId: EventId;
}

export interface WakeUpQueue extends WakeUps, AsyncDisposable {}

/** Wake-ups as BullMQ jobs: one per event at a time, and one more that follows while one is active. */
export function createWakeUps(redis: Redis, keyspace: Keyspace, onError: (error: unknown) => void): WakeUpQueue {
  let opened: Promise<Queue<WakeUpData>> | undefined;

  /** A queue whose connection was not there at first never works; then the next one is opened. */
  async function open(): Promise<Queue<WakeUpData>> {
    const queue = new Queue<WakeUpData>(queueName, {
      connection: redis,
      prefix: keyspace.queuePrefix,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    });
    queue.on('error', onError);
    try {
      await queue.waitUntilReady();
      return queue;
    } catch (error) {
      opened = undefined;
      await queue.close().catch(onError);
      throw error;
    }
  }

  return {
    async add(eventId) {
      opened ??= open();
      const queue = await opened;
      await queue.add('wake', { eventId }, { deduplication: { id: eventId, keepLastIfActive: true } });
    },
    async [Symbol.asyncDispose]() {
      const queue = await opened?.catch(() => undefined);
      await queue?.close();
    },
  };
}

export interface WakeUpWorkerOptions {
  /** A blocking connection of its own, with `maxRetriesPerRequest: null`. */
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  /** How many events are worked on at once. */
  readonly concurrency: number;
  /** How long a job outlives a worker that has died, in ms; and how often that is looked for. */
  readonly jobLockMs: number;
  readonly stalledEveryMs: number;
  /** `retry`: come again soon, the job is not done. */
  readonly onWakeUp: (eventId: EventId) => Promise<'done' | 'retry'>;
  readonly onError: (error: unknown) => void;
}

/** How long jobs under way, and telling Redis of it, may take when a worker stops, in ms. */
const closeMsMax = 10_000;

/** A busy event is tried again after 200 to 500 ms, spread so that workers don't meet again. */
const retryDelayMs = () => 200 + Math.random() * 300;

export function startWakeUpWorker(options: WakeUpWorkerOptions): AsyncDisposable {
  const { redis, keyspace, concurrency, jobLockMs, stalledEveryMs, onWakeUp, onError } = options;

  async function process(job: Job<WakeUpData>, token: string | undefined): Promise<void> {
    const outcome = await onWakeUp(job.data.eventId).catch((error: unknown) => {
      onError(error);
      return 'retry' as const;
    });
    if (outcome === 'done') return;
    // Not failed and not finished: a job that used up its attempts would leave a full mailbox behind.
    await job.moveToDelayed(Date.now() + retryDelayMs(), token);
    throw new DelayedError();
  }

  const worker = new Worker<WakeUpData>(queueName, process, {
    connection: redis,
    prefix: keyspace.queuePrefix,
    concurrency,
    lockDuration: jobLockMs,
    stalledInterval: stalledEveryMs,
    // A job that stalls again and again has an event that kills workers, or workers that are killed; it is due all the same.
    maxStalledCount: 1_000_000,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  worker.on('error', onError);
  return {
    async [Symbol.asyncDispose]() {
      // With Redis away it would wait for it for ever; the jobs are then anybody's once their locks have run out.
      await Promise.race([worker.close(), delay(closeMsMax, undefined, { ref: false })]);
    },
  };
}
