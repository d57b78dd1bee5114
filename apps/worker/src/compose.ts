import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createCountCache } from '@rollcall/counts-redis';
import { commandIdFromToken, type CommitId } from '@rollcall/domain';
import {
  createEventWorker,
  createSweeper,
  expireOffer,
  seeToOverdue,
  type OfferTimers,
  type OverduePorts,
  type WakeUps,
} from '@rollcall/engine';
import {
  connectRedis,
  createCountsChannel,
  createEventLock,
  createKeyspace,
  createMailbox,
  createMailboxIntake,
  createOfferTimers,
  createWakeUps,
  createWritePause,
  noEventLock,
  startOfferTimerWorker,
  startWakeUpWorker,
  type ConnectionUse,
  type JobWorkerOptions,
  type RedisClient,
} from '@rollcall/mailbox-redis';
import {
  createCrashPoints,
  createRegistry,
  every,
  startMetricsServer,
  type Logger,
  type RunningApp,
} from '@rollcall/runtime';
import {
  collectionsOf,
  createEventChanges,
  createEventQueries,
  createEventStore,
  createMongoClient,
  workerAppName,
} from '@rollcall/store-mongo';
import type { WorkerSettings } from './config.ts';
import { reaching, workerPoints } from './crash-points.ts';
import { createObserver } from './metrics.ts';
import { createQueueObserver } from './queue-metrics.ts';
import { startRelay } from './relay.ts';

/** Builds a worker from its settings; the only place where its drivers are made. */
export async function startWorker(settings: WorkerSettings, logger: Logger): Promise<RunningApp> {
  const onError = (error: unknown) => {
    if (!isExplained(error)) logger.warn({ err: error }, 'a server or a job had trouble');
  };
  const connections: RedisClient[] = [];
  const open = (url: string, use: ConnectionUse) =>
    connectRedis({ url, use, commandTimeoutMs: settings.REDIS_COMMAND_MS_MAX, onError });
  const connect = (url: string, use: ConnectionUse): RedisClient => {
    const redis = open(url, use);
    connections.push(redis);
    return redis;
  };
  const redis = connect(settings.REDIS_URL, 'commands');
  const cacheRedis = settings.REDIS_CACHE_URL === '' ? redis : connect(settings.REDIS_CACHE_URL, 'commands');
  const lockUrls = settings.REDIS_LOCK_URLS === '' ? [] : settings.REDIS_LOCK_URLS.split(',');
  const lockClients = lockUrls.length === 0 ? [redis] : lockUrls.map((url) => connect(url, 'commands'));
  const keyspace = createKeyspace(settings.REDIS_KEY_PREFIX);

  const mongo = createMongoClient({
    url: settings.MONGODB_URL,
    appName: workerAppName,
    serverSelectionMs: settings.MONGODB_SERVER_SELECTION_MS,
    socketMs: settings.MONGODB_SOCKET_MS,
  });
  const registry = createRegistry();
  const queueObserver = createQueueObserver(registry, logger);
  const writes = createWritePause({
    redis,
    keyspace,
    pauseMsMax: settings.REDIS_FULL_PAUSE_MS_MAX,
    onBegin: () => queueObserver.redisFull(),
    onEnd: (lastedMs) => queueObserver.redisTakesWrites(lastedMs),
  });
  // Elsewhere it may be another server that is full.
  const isOneRedis = settings.REDIS_CACHE_URL === '' && settings.REDIS_LOCK_URLS === '';
  const isExplained = (error: unknown) => (isOneRedis && writes.noticed(error)) || writes.explains(error);
  const observer = createObserver({ registry, logger, isExplained, now: Date.now });
  const queueRedis = connect(settings.REDIS_URL, 'queue');
  const wakeUpQueue = createWakeUps(queueRedis, keyspace, onError);
  const offerQueue = createOfferTimers(queueRedis, keyspace, onError);
  // The sweepers make good what a full Redis did not take.
  const wakeUps: WakeUps = { add: (eventId) => writes.attempt(() => wakeUpQueue.add(eventId)) };
  const offerTimers: OfferTimers = { schedule: (offers) => writes.attempt(() => offerQueue.schedule(offers)) };
  const collections = collectionsOf(mongo, settings.MONGODB_DATABASE);
  const reach = createCrashPoints(workerPoints, settings.CRASH_AT);
  const { store, mailbox, lock } = reaching(
    {
      store: createEventStore(collections, {
        inTransaction: () => reach('in-transaction'),
        eventsPerCommitMax: settings.EVENTS_PER_COMMIT_MAX,
      }),
      mailbox: createMailbox({ redis, keyspace, deadLettersMax: settings.DEAD_LETTERS_MAX, onUnread: onError }),
      lock:
        settings.EVENT_LOCK === 'off'
          ? noEventLock
          : createEventLock({
              clients: lockClients,
              keyspace,
              ttlMs: settings.EVENT_LOCK_TTL_MS,
              renewEveryMs: settings.EVENT_LOCK_RENEW_MS,
              deadlineMs: settings.EVENT_LOCK_DEADLINE_MS,
              onError,
            }),
    },
    reach,
  );
  const counts = createCountCache({
    redis: cacheRedis,
    keyPrefix: settings.REDIS_KEY_PREFIX,
    ttlMs: settings.COUNT_CACHE_TTL_MS,
    onUnreadable: (eventId) => logger.warn({ eventId }, 'cached counts that nobody can read were removed'),
  });
  const worker = createEventWorker({
    ports: {
      store,
      mailbox,
      counts,
      offerTimers,
      observer,
      now: Date.now,
      elapsed: () => performance.now(),
      newCommitId: () => randomBytes(12).toString('base64url') as CommitId,
      pause: async (ms) => {
        await delay(ms);
      },
      backOff: async (failures) => {
        await delay(Math.random() * Math.min(250, 5 * 2 ** failures));
      },
    },
    lock,
    wakeUps,
    limits: {
      batchSizeMax: settings.BATCH_SIZE_MAX,
      drainMsMax: settings.DRAIN_MS_MAX,
      attemptsMax: settings.COMMIT_ATTEMPTS_MAX,
      lingerMs: settings.LINGER_MS,
      abandonedCommitMs: settings.ABANDONED_COMMIT_MS,
    },
    memoryEventsMax: settings.MEMORY_EVENTS_MAX,
  });
  const sweeper = createSweeper({ mailbox, wakeUps, worker, observer, drainsMax: settings.SWEEPER_DRAINS_MAX });
  const sweeping = settings.SWEEPER === 'off' ? undefined : every(settings.SWEEP_MS, () => sweeper.sweep(), onError);

  const overdue: OverduePorts = {
    store,
    wakeUps,
    intake: createMailboxIntake({
      redis,
      keyspace,
      receiptTtlMs: settings.UNKEYED_RECEIPT_TTL_SECONDS * 1_000,
      unkeyedReceiptTtlMs: settings.UNKEYED_RECEIPT_TTL_SECONDS * 1_000,
      depthMax: settings.MAILBOX_DEPTH_MAX,
      // Seats that are held in vain are worth their room.
      isNearMemoryLimit: () => false,
    }),
    commandIdFor: (text) => commandIdFromToken(createHash('sha256').update(text).digest('base64url').slice(0, 22)),
    now: Date.now,
  };
  const overdueSweeping = every(
    settings.OVERDUE_SWEEP_MS,
    () => seeToOverdue(overdue, settings.OVERDUE_PER_SWEEP_MAX),
    onError,
  );

  const relaying =
    settings.RELAY === 'off'
      ? undefined
      : startRelay({
          settings,
          ports: {
            cache: counts,
            queries: createEventQueries(collections, settings.MONGODB_SOCKET_MS),
            changes: createEventChanges(collections),
            channel: createCountsChannel(redis, keyspace),
            reach,
          },
          lockClients,
          keyspace,
          registry,
          logger,
          isExplained,
        });

  const jobOptions: JobWorkerOptions = {
    connect: () => open(settings.REDIS_URL, 'blocking'),
    queueRedis,
    keyspace,
    concurrency: settings.WORKER_CONCURRENCY,
    jobLockMs: settings.JOB_LOCK_MS,
    stalledEveryMs: settings.JOB_STALLED_MS,
    stuckMs: settings.JOBS_STUCK_MS,
    writes,
    onReplaced: (queue) => queueObserver.jobWorkerReplaced(queue),
    onError,
  };
  const jobs = startWakeUpWorker({
    ...jobOptions,
    onWakeUp: async (eventId) => ((await worker.work(eventId)) === 'busy' ? 'retry' : 'done'),
  });
  const timers = startOfferTimerWorker({ ...jobOptions, onExpired: (offer) => expireOffer(overdue, offer) });
  const metrics = await startMetricsServer(registry, settings.METRICS_HOST, settings.METRICS_PORT);
  logger.info({ metricsPort: metrics.port, pid: process.pid }, 'worker ready');

  return {
    async close() {
      await Promise.all([jobs[Symbol.asyncDispose](), timers[Symbol.asyncDispose]()]);
      await relaying?.stop();
      await sweeping?.stop();
      await overdueSweeping.stop();
      await sweeper.settled();
      await writes[Symbol.asyncDispose]();
      await wakeUpQueue[Symbol.asyncDispose]();
      await offerQueue[Symbol.asyncDispose]();
      await metrics[Symbol.asyncDispose]();
      await mongo.close();
      for (const connection of connections) connection.disconnect();
    },
  };
}
