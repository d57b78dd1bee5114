/**
 * How fast the API refuses what it can't take, and how often a worker asks a Redis that is full. `npm run bench:refusals`
 *
 * Each request is a signup over HTTP with a token, from before it is sent until its body is read; the client lives in this
 * process, on the same machine.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { Pool } from 'undici';
import type { Child } from './child.ts';
import { removeLeftovers } from './leftovers.ts';
import { Watch } from './measure.ts';
import { openedEvent } from './sides/organizer.ts';
import { Stage } from './stage.ts';
import { latencyOf } from './stats.ts';

const requests = 2_000;
/** Before what is measured, so that code is compiled and connections are open. */
const warmUps = 500;
const depthMax = 100;
const fullEvents = 20;
const fullMs = 5_000;

const here = import.meta.dirname;
const noLimit = '0';

interface Signup {
  readonly eventId: string;
  readonly roleId: string;
}

/** Signs up at one API, as one user. */
interface Client {
  signUp(signup: Signup): Promise<{ readonly status: number; readonly type: unknown; readonly retryAfter: unknown }>;
  close(): Promise<void>;
}

async function clientOf(stage: Stage, origin: string): Promise<Client> {
  const { secret, issuer, audience } = stage.tokens;
  const token = await new SignJWT({ name: 'Somebody' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('somebody')
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime('6h')
    .sign(new TextEncoder().encode(secret));
  const pool = new Pool(origin, { connections: 32 });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return {
    async signUp({ eventId, roleId }) {
      const {
        statusCode,
        headers: answered,
        body,
      } = await pool.request({
        method: 'POST',
        path: `/v1/events/${eventId}/registrations`,
        headers,
        body: JSON.stringify({ roleId }),
      });
      const { type } = (await body.json()) as { readonly type?: unknown };
      return { status: statusCode, type, retryAfter: answered['retry-after'] };
    },
    close: () => pool.close(),
  };
}

/** Latencies in ms of so many requests that are all refused, so many at a time. */
async function refusals(client: Client, signup: Signup, count: number, atOnce: number): Promise<readonly number[]> {
  const took: number[] = [];
  let sent = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (sent < count) {
        sent += 1;
        const startedAt = performance.now();
        const { status, type, retryAfter } = await client.signUp(signup);
        took.push(performance.now() - startedAt);
        assert.deepEqual([status, type], [503, '/problems/busy']);
        assert.ok(Number(retryAfter) > 0, 'a refusal without Retry-After');
      }
    }),
  );
  return took;
}

/** CPU time is the steadier number on a machine that others use. */
async function measure(name: string, { child, client }: TheApi, signup: Signup): Promise<void> {
  await refusals(client, signup, warmUps, 32);
  for (const atOnce of [1, 32]) {
    const watch = new Watch([{ name: child.name, pid: child.pid }]);
    const { p50, p99 } = latencyOf(await refusals(client, signup, requests, atOnce));
    const micros = (watch.stop()[0]?.cpuMicros ?? Number.NaN) / requests;
    const figures = `p50 ${p50.toFixed(2)} ms  p99 ${p99.toFixed(2)} ms  API ${micros.toFixed(0)} µs CPU`;
    console.log(`${name.padEnd(18)} ${String(atOnce).padStart(2)} at a time  ${figures}`);
  }
}

interface TheApi {
  readonly child: Child;
  readonly origin: string;
  readonly client: Client;
}

async function startApi(stage: Stage, name: string, env: Readonly<Record<string, string>>): Promise<TheApi> {
  const port = await stage.freePort();
  const program = join(here, '../../apps/api/src/main.ts');
  const child = stage.startChild(name, program, { ...stage.apiEnv(port), ...env });
  const origin = `http://127.0.0.1:${port}`;
  await stage.untilAnswers(origin, '/health/ready', 200);
  return { child, origin, client: await clientOf(stage, origin) };
}

const setMaxmemory = (stage: Stage, bytes: string) => stage.redis.config('SET', 'maxmemory', bytes);

/** Redis uses more than the share of its memory that the API leaves it, and still takes writes. */
async function nearMemoryLimit(stage: Stage, api: TheApi, signup: Signup): Promise<void> {
  const used = Number(/^used_memory:(\d+)/m.exec(await stage.redis.info('memory'))?.[1]);
  await setMaxmemory(stage, String(Math.round(used * 1.2)));
  while ((await api.client.signUp(signup)).status !== 503) await delay(50);
  await measure('Redis nearly full', api, signup);
  await setMaxmemory(stage, noLimit);
}

/** Nobody decides, and the mailbox holds as much as it may. */
async function fullMailbox(stage: Stage, worker: Child, signup: Signup): Promise<void> {
  const api = await startApi(stage, 'api-capped', { MAILBOX_DEPTH_MAX: String(depthMax) });
  worker.signal('SIGSTOP');
  while ((await api.client.signUp(signup)).status !== 503);
  await measure('mailbox full', api, signup);
  worker.signal('SIGCONT');
  await api.client.close();
}

async function commandsOf(stage: Stage): Promise<number> {
  const info = await stage.redis.info('commandstats');
  return [...info.matchAll(/:calls=(\d+),.*rejected_calls=(\d+)/g)].reduce((sum, [, calls, rejected]) => {
    return sum + Number(calls) + Number(rejected);
  }, 0);
}

/** Redis gets full while a worker has much to do. */
async function fullRedis(stage: Stage, { client, origin }: TheApi): Promise<void> {
  const rate = async () => {
    const before = await commandsOf(stage);
    await delay(fullMs);
    return Math.round(((await commandsOf(stage)) - before) / (fullMs / 1_000)).toLocaleString('en');
  };
  console.log(`commands/s to Redis, all processes: ${await rate()} with nothing to do`);
  const signups: Signup[] = [];
  for (let n = 0; n < fullEvents; n += 1) signups.push(await openedEvent(origin, stage.tokens, 10));
  const full = new AbortController();
  const load = Promise.all(
    signups.map(async (signup) => {
      while (!full.signal.aborted) await client.signUp(signup);
    }),
  );
  await delay(1_000);
  await setMaxmemory(stage, '1');
  full.abort();
  await load;
  console.log(`  ${await rate()} in the first ${fullMs / 1_000} s of a full Redis, ${await rate()} after that`);
  await setMaxmemory(stage, noLimit);
}

async function main(): Promise<void> {
  const benchDir = join(here, '../../.data/bench');
  await removeLeftovers(benchDir);
  await using stage = new Stage(benchDir);
  await stage.open();
  const worker = stage.startChild('worker', join(here, '../../apps/worker/src/main.ts'), stage.storeEnv());
  const api = await startApi(stage, 'api', {});
  const signup = await openedEvent(api.origin, stage.tokens, 10);
  await nearMemoryLimit(stage, api, signup);
  await fullMailbox(stage, worker, signup);
  await fullRedis(stage, api);
  await api.client.close();
}

await main();
process.exit(0);
