import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventIdFor, registrationIdFor, type EventId } from '@rollcall/domain';
import { startRedis, type ManagedServer } from '@rollcall/infra';
import {
  connectRedis,
  createKeyspace,
  createOfferTimers,
  createWakeUps,
  createWritePause,
  startOfferTimerWorker,
  startWakeUpWorker,
  untilReady,
  type ConnectionUse,
  type JobWorkerOptions,
  type WakeUpQueue,
} from '@rollcall/mailbox-redis';
import { newCommandId } from '@rollcall/testkit';
import { Queue } from 'bullmq';
import { afterEach, beforeAll, beforeEach, afterAll, describe, expect, it, vi } from 'vitest';
import { startProxy, type Proxy } from '../chaos/proxy.ts';

/** A worker that takes none for so long is replaced, in ms. Connections that broke are back well before. */
const stuckMs = 2_500;

let folder: string;
let server: ManagedServer;
let proxy: Proxy;
const cleanUps: (() => unknown)[] = [];
const ignore = () => undefined;
const newEventId = () => eventIdFor(newCommandId());
const until = (isSo: () => boolean | Promise<boolean>) =>
  vi.waitFor(async () => expect(await isSo()).toBe(true), { interval: 20, timeout: 60_000 });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-servers-'));
  server = await startRedis({ dataDir: folder, durability: 'always', owned: true, log: ignore });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  proxy = await startProxy({ host: '127.0.0.1', port: Number(new URL(server.url).port) });
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  await proxy[Symbol.asyncDispose]();
});

function connect(url: string, use: ConnectionUse) {
  return connectRedis({ url, use, commandTimeoutMs: 500, onError: ignore });
}

/** A queue of its own, and how to work on it through `way`. */
async function aQueue(way: Pick<Proxy, 'port'>) {
  const keyspace = createKeyspace(`t${randomBytes(6).toString('hex')}:`);
  const [queueRedis, redis] = [connect(server.url, 'queue'), connect(server.url, 'commands')];
  await Promise.all([queueRedis, redis].map(untilReady));
  const wakeUps: WakeUpQueue = createWakeUps(queueRedis, keyspace, ignore);
  const replaced: string[] = [];
  const options: JobWorkerOptions = {
    connect: () => connect(`redis://127.0.0.1:${way.port}`, 'blocking'),
    queueRedis,
    keyspace,
    concurrency: 1,
    jobLockMs: 30_000,
    stalledEveryMs: 30_000,
    stuckMs,
    writes: createWritePause({ redis, keyspace, pauseMsMax: 1_000, onBegin: ignore, onEnd: ignore }),
    onReplaced: (queue) => replaced.push(queue),
    onError: ignore,
  };
  cleanUps.push(async () => {
    await wakeUps[Symbol.asyncDispose]();
    for (const connection of [queueRedis, redis]) connection.disconnect();
  });
  return { keyspace, queueRedis, wakeUps, replaced, options };
}

type TheQueue = Awaited<ReturnType<typeof aQueue>>;

function work({ options }: TheQueue, handle: (eventId: EventId) => Promise<void> = async () => undefined) {
  const handled: EventId[] = [];
  const worker = startWakeUpWorker({
    ...options,
    async onWakeUp(eventId) {
      await handle(eventId);
      handled.push(eventId);
      return 'done';
    },
  });
  cleanUps.push(() => worker[Symbol.asyncDispose]());
  return handled;
}

const waiting = async ({ queueRedis, keyspace }: TheQueue) => queueRedis.llen(`${keyspace.queuePrefix}:wake:wait`);

describe('a worker whose connections are dead without a word', () => {
  it('is replaced when wake-ups wait, and they are handled', async () => {
    const queue = await aQueue(proxy);
    const handled = work(queue);
    const [first, second, third] = [newEventId(), newEventId(), newEventId()];
    await queue.wakeUps.add(first);
    await until(() => handled.includes(first));
    expect(proxy.freeze()).toBe(2);
    await queue.wakeUps.add(second);
    await queue.wakeUps.add(third);
    await until(() => handled.length === 3);
    expect(handled).toEqual([first, second, third]);
    expect(queue.replaced).toEqual(['wake']);
  });

  it('is replaced when an offer has run out', async () => {
    const queue = await aQueue(proxy);
    const timers = createOfferTimers(queue.queueRedis, queue.keyspace, ignore);
    const expired: EventId[] = [];
    const worker = startOfferTimerWorker({
      ...queue.options,
      onExpired: async ({ eventId }) => void expired.push(eventId),
    });
    cleanUps.push(
      () => worker[Symbol.asyncDispose](),
      () => timers[Symbol.asyncDispose](),
    );
    const offer = () => ({ eventId: newEventId(), registrationId: registrationIdFor(newCommandId()) });
    const [first, second] = [offer(), offer()];
    await timers.schedule([{ ...first, expiresAt: Date.now() }]);
    await until(() => expired.includes(first.eventId));
    proxy.freeze();
    await timers.schedule([{ ...second, expiresAt: Date.now() + 300 }]);
    await until(() => expired.includes(second.eventId));
    expect(queue.replaced).toEqual(['offers']);
  });
});

describe('a worker that is well is left alone', () => {
  it('with nothing to do, with as many jobs as it may have, and with a queue that is paused', async () => {
    const idle = await aQueue(proxy);
    const idleHandled = work(idle);

    const busy = await aQueue(proxy);
    const { promise, resolve } = Promise.withResolvers<void>();
    const busyHandled = work(busy, () => promise);
    await busy.wakeUps.add(newEventId());
    await until(async () => (await waiting(busy)) === 0);
    await busy.wakeUps.add(newEventId());

    const paused = await aQueue(proxy);
    const pausedHandled = work(paused);
    const queue = new Queue('wake', { connection: paused.queueRedis, prefix: paused.keyspace.queuePrefix });
    await queue.pause();
    await paused.wakeUps.add(newEventId());

    // For as long as it takes to replace one that is stuck, with the same settings, twice.
    const deaf = await startProxy({ host: '127.0.0.1', port: Number(new URL(server.url).port) });
    cleanUps.push(() => deaf[Symbol.asyncDispose]());
    deaf.set({ isBlackHole: true });
    const stuck = await aQueue(deaf);
    await stuck.wakeUps.add(newEventId());
    work(stuck);
    await until(() => stuck.replaced.length >= 2);

    expect(await waiting(busy)).toBe(1);
    expect(await waiting(paused)).toBe(1);
    expect(pausedHandled).toEqual([]);
    resolve();
    await queue.resume();
    await queue.close();
    await idle.wakeUps.add(newEventId());
    await until(() => [idleHandled, busyHandled, pausedHandled].map(({ length }) => length).join() === '1,2,1');
    expect([idle, busy, paused].map(({ replaced }) => replaced)).toEqual([[], [], []]);
  });

  it('while Redis is away, and when it comes back with work', async () => {
    const queue = await aQueue(proxy);
    const handled = work(queue);
    await queue.wakeUps.add(newEventId());
    await until(() => handled.length === 1);
    await server.kill();
    // The harm itself, not a wait for something.
    await delay(2 * stuckMs);
    await server.start();
    await until(() => queue.queueRedis.status === 'ready');
    await queue.wakeUps.add(newEventId());
    await until(() => handled.length === 2);
    expect(queue.replaced).toEqual([]);
  });
});
