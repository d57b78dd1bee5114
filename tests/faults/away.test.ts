import { setTimeout as delay } from 'node:timers/promises';
import { checkHistory } from '@rollcall/checkers';
import type { CommandId } from '@rollcall/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenEvent, type OpenEvent } from '../support/events.ts';
import { request, type Reply } from '../support/http.ts';
import { recordedHistory, untilDecided } from '../support/recorded.ts';
import { startRollcall, type Rollcall } from '../support/rollcall.ts';
import { startOwnServers, type OwnServers } from '../support/servers.ts';

let servers: OwnServers;
let rollcall: Rollcall;
let event: OpenEvent;
let url: string;

beforeAll(async () => {
  servers = await startOwnServers();
  rollcall = await startRollcall({ mongodbUrl: servers.mongo.url, redisUrl: servers.redis.url, apis: 1, workers: 2 });
  event = await createOpenEvent(rollcall, { roles: [{ name: 'volunteers', capacity: 3, waitlist: 'auto' }] });
  url = `${rollcall.urls[0]}/v1/events/${event.eventId}`;
});
afterAll(async () => {
  await rollcall.stop();
  await servers.stop();
});

async function signUp(user: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  return request(`${url}/registrations`, {
    token: await rollcall.token(user),
    body: { roleId: event.roleIds[0] },
    headers,
  });
}

/** Asks again and again until the answer is as expected: recovery takes as long as it takes. */
async function until(
  expected: (reply: Reply) => boolean,
  ask: () => Promise<Reply>,
  withinMs = 30_000,
): Promise<Reply> {
  for (const deadline = Date.now() + withinMs; ; await delay(100)) {
    const reply = await ask();
    if (expected(reply)) return reply;
    if (Date.now() > deadline) throw new Error(`still ${reply.status} ${JSON.stringify(reply.body)}`);
  }
}

describe('MongoDB away', () => {
  it('still takes signups, refuses reads, and decides everything once it is back', async () => {
    const before = await signUp('early', { prefer: 'wait=10' });
    expect(before.status).toBe(201);
    await servers.mongo.kill();

    const taken = await Promise.all(Array.from({ length: 20 }, (_, n) => signUp(`away-${n}`)));
    expect(taken.map(({ status }) => status)).toEqual(taken.map(() => 202));
    const registrationId = before.body['registrationId'];
    const read = await request(`${url}/registrations/${String(registrationId)}`, {
      token: await rollcall.token('early'),
    });
    expect(read.status).toBe(503);
    expect(read.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(read.headers.get('retry-after'))).toBeGreaterThan(0);
    const ready = await until(
      ({ status }) => status === 503,
      () => request(`${rollcall.urls[0]}/health/ready`),
    );
    expect(ready.status).toBe(503);
    expect((await request(`${rollcall.urls[0]}/health/live`)).status).toBe(200);

    await servers.mongo.start();
    const accepted = new Set(taken.map(({ body }) => body['commandId'] as CommandId));
    await untilDecided(rollcall, event.eventId, accepted);
    expect(checkHistory(await recordedHistory(rollcall, event.eventId))).toEqual([]);
    await until(
      ({ status }) => status === 200,
      () => request(`${rollcall.urls[0]}/health/ready`),
    );
  });
});

describe('Redis away', () => {
  it('refuses signups with 503 and Retry-After within 2 s, and takes them once it is back', async () => {
    await servers.redis.kill();
    const startedAt = performance.now();
    const refused = await signUp('nobody-1');
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(refused.status).toBe(503);
    expect(['/problems/busy', '/problems/outcome-unknown']).toContain(refused.body['type']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);

    // Reads of counts go on without the cache.
    expect(
      (
        await until(
          ({ status }) => status === 200,
          () => request(`${url}/availability`),
        )
      ).body['eventId'],
    ).toBe(event.eventId);

    await servers.redis.start();
    const taken = await until(
      ({ status }) => status !== 503,
      () => signUp('back', { prefer: 'wait=10' }),
    );
    expect(taken.status).toBe(201);
  });

  it('that hangs is answered within 2 s, and a repeat with the same key gets the one decision', async () => {
    servers.redis.pause();
    const startedAt = performance.now();
    const key = { 'idempotency-key': 'a-key-of-mine' };
    const unknown = await signUp('patient', key);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    servers.redis.resume();
    expect(unknown.status).toBe(503);
    expect(unknown.body).toMatchObject({ type: '/problems/outcome-unknown' });
    const commandId = unknown.body['commandId'];
    const repeated = await until(
      ({ status }) => status !== 503,
      () => signUp('patient', { ...key, prefer: 'wait=10' }),
    );
    expect(repeated.status).toBe(201);
    expect(repeated.body['commandId']).toBe(commandId);
  });

  it('emptied: a repeat gets its first decision, another body under its key is refused', async () => {
    const key = { 'idempotency-key': 'kept-for-good' };
    const token = await rollcall.token('keeper');
    const ask = (notes: string, headers: Readonly<Record<string, string>> = {}) =>
      request(`${url}/registrations`, {
        token,
        body: { roleId: event.roleIds[0], notes },
        headers: { ...key, ...headers },
      });
    const first = await ask('first', { prefer: 'wait=10' });
    expect(first.status).toBe(201);

    await rollcall.redis.flushall();
    expect((await ask('second')).status).toBe(422);
    await rollcall.redis.flushall();
    expect((await ask('second', { prefer: 'wait=10' })).status).toBe(422);
    const again = await ask('first', { prefer: 'wait=10' });
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);

    const { journal } = rollcall.collections;
    expect(
      await journal.countDocuments({ eventId: event.eventId, commandId: first.body['commandId'] as CommandId }),
    ).toBe(1);
    // Nothing that was planted by the repeats is left undecided or decided twice.
    await until(
      ({ status }) => status === 201,
      () => signUp('after-the-flood', { prefer: 'wait=10' }),
    );
    const { arrivals: _lost, ...history } = await recordedHistory(rollcall, event.eventId);
    expect(checkHistory(history)).toEqual([]);
  });
});
