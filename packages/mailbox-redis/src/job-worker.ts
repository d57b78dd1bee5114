import { setTimeout as delay } from 'node:timers/promises';
import { Worker, type Processor } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Keyspace } from './keyspace.ts';

export interface JobWorkerOptions {
  /** A blocking connection of its own, with `maxRetriesPerRequest: null`. */
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  /** How many jobs are worked on at once. */
  readonly concurrency: number;
  /** How long a job outlives a worker that has died, in ms; and how often that is looked for. */
  readonly jobLockMs: number;
  readonly stalledEveryMs: number;
  readonly onError: (error: unknown) => void;
}

/** How long jobs under way, and telling Redis of it, may take when a worker stops, in ms. */
const closeMsMax = 10_000;

export function startJobWorker<Data>(
  name: string,
  process: Processor<Data>,
  { redis, keyspace, concurrency, jobLockMs, stalledEveryMs, onError }: JobWorkerOptions,
): AsyncDisposable {
  const worker = new Worker<Data>(name, process, {
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
