import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenEvent, type OpenEvent } from '../support/events.ts';
import { request, type RequestOptions } from '../support/http.ts';
import { startOnSharedServers, type Rollcall } from '../support/rollcall.ts';

let rollcall: Rollcall;
let event: OpenEvent;
let closed: OpenEvent;
let url: string;
let ann: string;

beforeAll(async () => {
  rollcall = await startOnSharedServers({ apis: 1, workers: 1 });
  const roles = [{ name: 'volunteers', capacity: 5, waitlist: 'auto' as const }];
  event = await createOpenEvent(rollcall, { roles });
  closed = await createOpenEvent(rollcall, { roles, settings: { signupClosesAt: '2020-01-01T00:00:00Z' } });
  url = `${rollcall.urls[0]}/v1/events/${event.eventId}/registrations`;
  ann = await rollcall.token('ann');
});
afterAll(() => rollcall.stop());

const exact = () => ({ roleId: event.roleIds[0] });

async function traces(): Promise<readonly number[]> {
  const { collections, redis, keyspace } = rollcall;
  const sequences = await Promise.all([event, closed].map(({ eventId }) => redis.get(keyspace.sequence(eventId))));
  return [
    await collections.journal.countDocuments(),
    await collections.registrations.countDocuments(),
    ...sequences.map(Number),
  ];
}

interface Refusal {
  readonly ask: () => RequestOptions | Promise<RequestOptions>;
  readonly to?: () => string;
  readonly status: number;
  readonly type: string;
}

const secret = new TextEncoder().encode('a-secret-of-the-tests-and-of-nothing-else');
const claims = () =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('ann')
    .setIssuer('rollcall-dev')
    .setAudience('rollcall');

const cases: Readonly<Record<string, Refusal>> = {
  'malformed JSON': { ask: () => ({ token: ann, body: '{"roleId":' }), status: 400, type: 'malformed-json' },
  'a body over 16 KB': {
    ask: () => ({ token: ann, body: { ...exact(), notes: 'x'.repeat(17_000) } }),
    status: 413,
    type: 'body-too-large',
  },
  'an unknown field': {
    ask: () => ({ token: ann, body: { ...exact(), admin: true } }),
    status: 400,
    type: 'validation',
  },
  'a wrong type': { ask: () => ({ token: ann, body: { roleId: 5 } }), status: 400, type: 'validation' },
  'an operator for a value': {
    ask: () => ({ token: ann, body: { roleId: { $ne: null } } }),
    status: 400,
    type: 'validation',
  },
  'no body': { ask: () => ({ token: ann, method: 'POST' }), status: 400, type: 'validation' },
  'an unknown event': {
    to: () => url.replace(event.eventId, 'eAAAAAAAAAAAAAAAAAAAAAA'),
    ask: () => ({ token: ann, body: exact() }),
    status: 404,
    type: 'event-not-found',
  },
  'an unknown role': { ask: () => ({ token: ann, body: { roleId: 'nobody' } }), status: 404, type: 'role-not-found' },
  'no token': { ask: () => ({ body: exact() }), status: 401, type: 'unauthorized' },
  'an expired token': {
    ask: async () => ({
      token: await claims()
        .setExpirationTime(Math.floor(Date.now() / 1000) - 3_600)
        .sign(secret),
      body: exact(),
    }),
    status: 401,
    type: 'unauthorized',
  },
  'a forged token': {
    ask: async () => ({ token: await claims().setExpirationTime('1h').sign(new Uint8Array(32)), body: exact() }),
    status: 401,
    type: 'unauthorized',
  },
  'a token of alg none': {
    ask: () => ({
      token: new UnsecuredJWT({})
        .setSubject('ann')
        .setIssuer('rollcall-dev')
        .setAudience('rollcall')
        .setExpirationTime('1h')
        .encode(),
      body: exact(),
    }),
    status: 401,
    type: 'unauthorized',
  },
  'a token for another audience': {
    ask: async () => ({
      token: await claims().setAudience('others').setExpirationTime('1h').sign(secret),
      body: exact(),
    }),
    status: 401,
    type: 'unauthorized',
  },
  'another user without being staff': {
    ask: () => ({ token: ann, body: { ...exact(), userId: 'bob' } }),
    status: 403,
    type: 'forbidden',
  },
  'staff of another organizer': {
    ask: async () => ({
      token: await rollcall.token('eve', { org: ['org-2'], grants: ['organizer'] }),
      body: { ...exact(), userId: 'bob' },
    }),
    status: 403,
    type: 'forbidden',
  },
  'an Idempotency-Key over 255 characters': {
    ask: () => ({ token: ann, body: exact(), headers: { 'idempotency-key': 'k'.repeat(256) } }),
    status: 400,
    type: 'validation',
  },
};

describe('leaves nothing behind', () => {
  it.each(Object.entries(cases))('%s', async (_name, { ask, to, status, type }) => {
    const before = await traces();
    const reply = await request(to?.() ?? url, await ask());
    expect(reply.body).toMatchObject({ status, type: `/problems/${type}` });
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    expect(await traces()).toEqual(before);
  });
});

describe('leaves its journal entry and nothing else', () => {
  const wait = { prefer: 'wait=10' };

  async function expectOnlyItsEntry(
    ask: () => ReturnType<typeof request>,
    status: number,
    reason: string,
  ): Promise<void> {
    const [entries = 0, registrations] = await traces();
    const reply = await ask();
    expect(reply.body).toMatchObject({ status, type: `/problems/${reason}` });
    const after = await traces();
    expect(after.slice(0, 2)).toEqual([entries + 1, registrations]);
    const entry = await rollcall.collections.journal.findOne({ commandId: reply.body['commandId'] as never });
    expect(entry).toMatchObject({ outcome: 'rejected', rejection: { reason } });
  }

  it('signing up twice', async () => {
    expect((await request(url, { token: ann, body: exact(), headers: wait })).status).toBe(201);
    await expectOnlyItsEntry(
      () => request(url, { token: ann, body: exact(), headers: wait }),
      409,
      'already-registered',
    );
  });

  it("cancelling somebody else's", async () => {
    const bob = await rollcall.token('bob');
    const { body } = await request(url, { token: bob, body: exact(), headers: wait });
    const cancelUrl = `${url}/${String(body['registrationId'])}/cancel`;
    await expectOnlyItsEntry(
      () => request(cancelUrl, { token: ann, body: {}, headers: wait }),
      404,
      'registration-not-found',
    );
  });

  it('cancelling twice', async () => {
    const cem = await rollcall.token('cem');
    const { body } = await request(url, { token: cem, body: exact(), headers: wait });
    const own = `${url}/${String(body['registrationId'])}`;
    expect((await request(own, { token: cem, method: 'DELETE', headers: wait })).status).toBe(200);
    await expectOnlyItsEntry(
      () => request(own, { token: cem, method: 'DELETE', headers: wait }),
      409,
      'already-cancelled',
    );
  });

  it('an event whose signups are over', async () => {
    const closedUrl = url.replace(event.eventId, closed.eventId);
    const body = { roleId: closed.roleIds[0] };
    await expectOnlyItsEntry(() => request(closedUrl, { token: ann, body, headers: wait }), 409, 'signups-closed');
  });
});

describe('Prefer', () => {
  it('that can not be used is ignored', async () => {
    const reply = await request(url, {
      token: await rollcall.token('pat'),
      body: exact(),
      headers: { prefer: 'wait=abc' },
    });
    expect(reply.status).toBe(202);
    expect(reply.headers.get('preference-applied')).toBeNull();
    expect(reply.headers.get('location')).toContain('/commands/');
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('for too long is capped', async () => {
    const reply = await request(url, {
      token: await rollcall.token('pia'),
      body: exact(),
      headers: { prefer: 'wait=9999' },
    });
    expect(reply.status).toBe(201);
    expect(reply.headers.get('preference-applied')).toBe('wait=30');
  });
});

it('an Idempotency-Key with another body is refused, with the same body answered again', async () => {
  const token = await rollcall.token('kim');
  const headers = { 'idempotency-key': 'one', prefer: 'wait=10' };
  const first = await request(url, { token, body: exact(), headers });
  expect(first.status).toBe(201);
  expect((await request(url, { token, body: exact(), headers })).body).toEqual(first.body);
  const other = await request(url, { token, body: { ...exact(), notes: 'other' }, headers });
  expect(other.status).toBe(422);
  expect(other.body).toMatchObject({ type: '/problems/idempotency-key-reused' });
});
