import { setTimeout as delay } from 'node:timers/promises';
import type { Processor, Worker } from 'bullmq';
import type { RedisClient } from './client.ts';
import { watchJobs } from './job-watch.ts';
import type { Keyspace } from './keyspace.ts';
import { PausingWorker } from './pausing-worker.ts';
import type { WritePause } from './write-pause.ts';

export interface JobWorkerOptions {
  /** Makes a blocking connection of the worker's own; its end is the worker's care. */
  readonly connect: () => RedisClient;
  /** For looks at the queue; fails soon when Redis is away. */
  readonly queueRedis: RedisClient;
  readonly keyspace: Keyspace;
  /** How many jobs are worked on at once. */
  readonly concurrency: number;
  /** How long a job outlives a worker that has died, in ms; and how often that is looked for. */
  readonly jobLockMs: number;
  readonly stalledEveryMs: number;
  /** For how long jobs may be due while there is room for them, and none is taken, before the worker is replaced, in ms. */
  readonly stuckMs: number;
  readonly writes: WritePause;
  /** The worker took no jobs any more, and another has taken its place. */
  readonly onReplaced: (queue: string) => void;
  readonly onError: (error: unknown) => void;
}

/** How long jobs under way, and telling Redis of it, may take when a worker stops, in ms. */
const closeMsMax = 10_000;

interface Running {
  readonly redis: RedisClient;
  readonly worker: Worker;
  readonly stopping: AbortController;
  /** Jobs that it has ever taken, and those that it works on. */
  readonly jobs: { taken: number; active: number };
}

/**
 * Works on the jobs of a queue, and goes on when BullMQ does not: after some failures of connections its loop waits for an
 * answer that never comes, or has ended by an error, and nothing tells of it. Then BullMQ's worker is replaced in place,
 * with new connections. Ending the process would do as well, but needs a supervisor, and ends the relay, the sweeper and
 * the drains under way, which are all well. Jobs that the old one works on are finished; once their locks have run out
 * somebody takes them a second time, which does no harm.
 */
export function startJobWorker<Data>(
  name: string,
  process: Processor<Data>,
  options: JobWorkerOptions,
): AsyncDisposable {
  const { queueRedis, keyspace, concurrency, stuckMs, writes, onError } = options;
  let isClosed = false;
  let current = start<Data>(name, process, options);

  /** BullMQ's own keys are read: its `Queue` would wait for a Redis that is away. */
  async function hasDue(): Promise<boolean> {
    const key = (part: string) => `${keyspace.queuePrefix}:${name}:${part}`;
    const [waiting, delayed, isPaused] = await Promise.all([
      queueRedis.llen(key('wait')),
      // Ordered by their time in ms, times 4096. A worker that is stuck does not move them on either.
      queueRedis.zcount(key('delayed'), '-inf', Date.now() * 4096),
      queueRedis.hexists(key('meta'), 'paused'),
    ]);
    return waiting + delayed > 0 && isPaused === 0;
  }

  function replace(): void {
    if (isClosed) return;
    const { worker, redis, stopping } = current;
    stopping.abort();
    // It waits for nothing, and who waits for its connection hears that it is closed.
    worker.close(true).catch(onError);
    redis.disconnect();
    current = start<Data>(name, process, options);
    options.onReplaced(name);
  }

  const watch = watchJobs({
    stuckMs,
    taken: () => current.jobs.taken,
    hasRoom: () => current.jobs.active < concurrency && !writes.isPaused,
    hasDue,
    onStuck: replace,
  });

  return {
    async [Symbol.asyncDispose]() {
      isClosed = true;
      const { worker, redis, stopping } = current;
      stopping.abort();
      // With Redis away it would wait for it for ever; the jobs are then anybody's once their locks have run out.
      await Promise.race([worker.close(), delay(closeMsMax, undefined, { ref: false })]);
      redis.disconnect();
      await watch.stop();
    },
  };
}

function start<Data>(name: string, process: Processor<Data>, options: JobWorkerOptions): Running {
  const { keyspace, concurrency, jobLockMs, stalledEveryMs, writes, onError } = options;
  const redis = options.connect();
  const stopping = new AbortController();
  const jobs = { taken: 0, active: 0 };
  const worker = new PausingWorker<Data>(
    name,
    async (job, token) => {
      jobs.taken += 1;
      jobs.active += 1;
      try {
        return (await process(job, token)) as unknown;
      } finally {
        jobs.active -= 1;
      }
    },
    {
      connection: redis,
      prefix: keyspace.queuePrefix,
      concurrency,
      lockDuration: jobLockMs,
      stalledInterval: stalledEveryMs,
      // A job that stalls again and again has an event that kills workers, or workers that are killed; it is due all the same.
      maxStalledCount: 1_000_000,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
      // Before jobs are fetched again over a connection that broke; BullMQ's own 15 s are longer than anybody should wait.
      runRetryDelay: 1_000,
      autorun: false,
    },
    { writes, stopping: stopping.signal },
  );
  const onWorkerError = (error: unknown) => {
    if (!writes.noticed(error)) onError(error);
  };
  worker.on('error', onWorkerError);
  worker.run().catch(onWorkerError);
  return { redis, worker, stopping, jobs };
}
