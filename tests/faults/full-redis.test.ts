import { randomBytes } from 'node:crypto';
import type { CommandId, EventId } from '@rollcall/domain';
import { eventIdFor } from '@rollcall/domain';
import {
  connectRedis,
  createKeyspace,
  createWakeUps,
  createWritePause,
  startWakeUpWorker,
  untilReady,
} from '@rollcall/mailbox-redis';
import { newCommandId } from '@rollcall/testkit';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createOpenEvent } from '../support/events.ts';
import { request } from '../support/http.ts';
import { logOf, metricsOf } from '../support/logs.ts';
import { untilDecided } from '../support/recorded.ts';
import { startRollcall } from '../support/rollcall.ts';
import { startOwnServers, type OwnServers } from '../support/servers.ts';

let servers: OwnServers;
beforeAll(async () => {
  servers = await startOwnServers();
});
afterAll(() => servers.stop());

const until = (isSo: () => boolean | Promise<boolean>) =>
  vi.waitFor(async () => expect(await isSo()).toBe(true), { interval: 20, timeout: 30_000 });

it('a worker does not ask a full Redis for jobs again and again, and goes on when it is not full any more', async () => {
  const ignore = () => undefined;
  const connect = (use: 'commands' | 'queue' | 'blocking') =>
    connectRedis({ url: servers.redis.url, use, commandTimeoutMs: 5_000, onError: ignore });
  const keyspace = createKeyspace(`t${randomBytes(6).toString('hex')}:`);
  const [redis, queueRedis] = [connect('commands'), connect('queue')];
  await Promise.all([redis, queueRedis].map(untilReady));
  const wakeUps = createWakeUps(queueRedis, keyspace, ignore);
  const heard: string[] = [];
  const writes = createWritePause({
    redis,
    keyspace,
    pauseMsMax: 1_000,
    onBegin: () => heard.push('full'),
    onEnd: () => heard.push('not full'),
  });
  const handled: EventId[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  let [taken, isFull] = [0, false];
  const worker = startWakeUpWorker({
    connect: () => connect('blocking'),
    queueRedis,
    keyspace,
    concurrency: 2,
    jobLockMs: 30_000,
    stalledEveryMs: 30_000,
    // Shorter than Redis is full here.
    stuckMs: 500,
    writes,
    onReplaced: (queue) => heard.push(`${queue} replaced`),
    onError: (error) => heard.push(String(error)),
    async onWakeUp(eventId) {
      taken += 1;
      await promise;
      // A full Redis gives no locks.
      if (isFull) return 'retry';
      handled.push(eventId);
      return 'done';
    },
  });
  try {
    const eventIds = Array.from({ length: 10 }, () => eventIdFor(newCommandId()));
    for (const eventId of eventIds) await wakeUps.add(eventId);
    await until(() => taken === 2);
    await redis.config('SET', 'maxmemory', '1');
    isFull = true;
    resolve();
    await until(() => heard.length > 0);

    const scripts = async () => callsOf(await redis.info('commandstats'), 'evalsha');
    const probes = async () => callsOf(await redis.info('commandstats'), 'set');
    const [scriptsBefore, probesBefore] = [await scripts(), await probes()];
    await until(async () => (await probes()) >= probesBefore + 5);
    // The watch does not look, and nobody fetches.
    expect((await scripts()) - scriptsBefore).toBeLessThan(5);
    expect(heard).toEqual(['full']);

    isFull = false;
    await redis.config('SET', 'maxmemory', '0');
    await until(() => handled.length === eventIds.length);
    expect(heard).toEqual(['full', 'not full']);
  } finally {
    await redis.config('SET', 'maxmemory', '0');
    await worker[Symbol.asyncDispose]();
    await writes[Symbol.asyncDispose]();
    await wakeUps[Symbol.asyncDispose]();
    for (const connection of [redis, queueRedis]) connection.disconnect();
  }
});

/** Those that were refused, too. */
function callsOf(commandStats: string, command: string): number {
  const [, calls, rejected] =
    new RegExp(`^cmdstat_${command}:calls=(\\d+),.*rejected_calls=(\\d+)`, 'm').exec(commandStats) ?? [];
  return Number(calls ?? 0) + Number(rejected ?? 0);
}

it('what a full Redis holds is decided, it is logged once, and work goes on by itself when there is memory', async () => {
  const rollcall = await startRollcall({
    mongodbUrl: servers.mongo.url,
    redisUrl: servers.redis.url,
    apis: 1,
    workers: 1,
  });
  try {
    const [worker] = rollcall.workers;
    if (worker === undefined) throw new Error('there is no worker');
    const { eventId, roleIds } = await createOpenEvent(rollcall, {
      roles: [{ name: 'volunteers', capacity: 3, waitlist: 'auto' }],
    });
    const signUp = async (user: string, headers: Readonly<Record<string, string>> = {}) =>
      request(`${rollcall.urls[0]}/v1/events/${eventId}/registrations`, {
        token: await rollcall.token(user),
        body: { roleId: roleIds[0] },
        headers,
      });
    process.kill(worker.pid, 'SIGSTOP');
    const taken = await Promise.all(Array.from({ length: 20 }, (_, n) => signUp(`user-${n}`)));
    await rollcall.redis.config('SET', 'maxmemory', '1');
    process.kill(worker.pid, 'SIGCONT');
    await untilDecided(rollcall, eventId, new Set(taken.map(({ body }) => body['commandId'] as CommandId)));
    await until(async () => (await metricsOf(worker)).includes('rollcall_redis_full 1'));
    await until(async () => (await signUp('late')).status === 503);

    await rollcall.redis.config('SET', 'maxmemory', '0');
    await until(async () => (await metricsOf(worker)).includes('rollcall_redis_full 0'));
    await until(async () => (await signUp('late', { prefer: 'wait=10' })).status === 201);
    expect(await metricsOf(worker)).toContain('rollcall_redis_full_total 1');
    await worker.stop(20_000);
    const lines = logOf(worker).map(({ msg, err }) => err?.message ?? msg);
    const told = /^Redis (is full|takes writes)|OOM|LockError|lock the resource/;
    expect(lines.filter((line) => told.test(line)).map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'Redis is full',
      'Redis takes writes',
    ]);
  } finally {
    await rollcall.redis.config('SET', 'maxmemory', '0');
    await rollcall.stop();
  }
});
