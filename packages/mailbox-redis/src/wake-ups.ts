import type { EventId } from '@rollcall/domain';
import type { WakeUps } from '@rollcall/engine';
import { DelayedError } from 'bullmq';
import type { RedisClient } from './client.ts';
import { startJobWorker, type JobWorkerOptions } from './job-worker.ts';
import type { Keyspace } from './keyspace.ts';
import { createLazyQueue } from './lazy-queue.ts';

const name = 'wake';

interface WakeUpData {
  readonly eventId: EventId;
}

export interface WakeUpQueue extends WakeUps, AsyncDisposable {}

/** Wake-ups as BullMQ jobs: one per event at a time, and one more that follows while one is active. */
export function createWakeUps(redis: RedisClient, keyspace: Keyspace, onError: (error: unknown) => void): WakeUpQueue {
  const queue = createLazyQueue<WakeUpData>({ redis, keyspace, name, onError });
  return {
    async add(eventId) {
      const opened = await queue.open();
      await opened.add('wake', { eventId }, { deduplication: { id: eventId, keepLastIfActive: true } });
    },
    [Symbol.asyncDispose]: () => queue[Symbol.asyncDispose](),
  };
}

export interface WakeUpWorkerOptions extends JobWorkerOptions {
  /** `retry`: come again soon, the job is not done. */
  readonly onWakeUp: (eventId: EventId) => Promise<'done' | 'retry'>;
}

/** A busy event is tried again after 200 to 500 ms, spread so that workers don't meet again. */
const retryDelayMs = () => 200 + Math.random() * 300;

export function startWakeUpWorker({ onWakeUp, ...options }: WakeUpWorkerOptions): AsyncDisposable {
  return startJobWorker<WakeUpData>(
    name,
    async (job, token) => {
      const outcome = await onWakeUp(job.data.eventId).catch((error: unknown) => {
        options.onError(error);
        return 'retry' as const;
      });
      if (outcome === 'done') return;
      // Not failed and not finished: a job that used up its attempts would leave a full mailbox behind.
      await job.moveToDelayed(Date.now() + retryDelayMs(), token);
      throw new DelayedError();
    },
    options,
  );
}
