import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { Api } from './http/api.ts';
import { createApi } from './server.ts';
import { anEvent, eventIdOf, fakeServers, roleId, someSettings, type FakeServers } from './testing/fakes.ts';
import { staffClaims, tokenOf, unsignedTokenOf } from './testing/tokens.ts';

const settings = someSettings();
const eventId = anEvent('open').eventId;
const registrations = `/v1/events/${eventId}/registrations`;
const alice = `Bearer ${await tokenOf('alice')}`;
const staff = `Bearer ${await tokenOf('olga', { claims: staffClaims })}`;
const expired = `Bearer ${await tokenOf('alice', { expiresAt: 1000 })}`;
const forged = `Bearer ${await tokenOf('alice', { secret: 'x'.repeat(40) })}`;
const forOthers = `Bearer ${await tokenOf('alice', { audience: 'others' })}`;

let api: Api | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function start(overrides: Readonly<Record<string, string>> = {}): Promise<FakeServers> {
  const servers = fakeServers();
  api = await createApi(servers.deps, Object.keys(overrides).length === 0 ? settings : someSettings(overrides));
  return servers;
}

function send(options: InjectOptions): Promise<LightMyRequestResponse> {
  if (api === undefined) throw new Error('start first');
  return api.inject(options);
}

function post(
  url: string,
  payload: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<LightMyRequestResponse> {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return send({
    method: 'POST',
    url,
    payload: body,
    headers: { authorization: alice, 'content-type': 'application/json', ...headers },
  });
}

function expectProblem(response: LightMyRequestResponse, status: number, code: string): Record<string, unknown> {
  expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const problem = response.json<Record<string, unknown>>();
  expect(problem).toMatchObject({ type: `/problems/${code}`, status });
  expect(response.statusCode).toBe(status);
  expect(problem['instance']).toEqual(expect.any(String));
  return problem;
}

describe('what is wrong with a signup is said, and leaves nothing behind', () => {
  const cases: readonly [
    what: string,
    payload: unknown,
    headers: Record<string, string>,
    status: number,
    code: string,
  ][] = [
    ['malformed JSON', '{"roleId"', {}, 400, 'malformed-json'],
    ['a poisoned prototype', '{"roleId":"role-1","__proto__":{"x":1}}', {}, 400, 'malformed-json'],
    ['no body', '', {}, 400, 'malformed-json'],
    ['a body above 16 KiB', { roleId, notes: 'x'.repeat(17_000) }, {}, 413, 'body-too-large'],
    [
      'another content type',
      'roleId=role-1',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported-media-type',
    ],
    ['an unknown field', { roleId, seat: 1 }, {}, 400, 'validation'],
    ['a missing field', {}, {}, 400, 'validation'],
    ['a number for a text', { roleId: 7 }, {}, 400, 'validation'],
    ['a query for a text', { roleId: { $ne: null } }, {}, 400, 'validation'],
    ['a list for an object', [], {}, 400, 'validation'],
    ['notes above 2000 code points', { roleId, notes: 'x'.repeat(2001) }, {}, 400, 'validation'],
    ['a role that the event lacks', { roleId: 'role-2' }, {}, 404, 'role-not-found'],
    ['a role that can be none', { roleId: 'role 2' }, {}, 400, 'validation'],
    ['an Idempotency-Key above 255 characters', { roleId }, { 'idempotency-key': 'k'.repeat(256) }, 400, 'validation'],
    ['an empty Idempotency-Key', { roleId }, { 'idempotency-key': '' }, 400, 'validation'],
    ['another user without being staff', { roleId, userId: 'bob' }, {}, 403, 'forbidden'],
    ['a profile without being staff', { roleId, profile: { displayName: 'Bob' } }, {}, 403, 'forbidden'],
    ['no bearer token', { roleId }, { authorization: 'Basic YTpi' }, 401, 'unauthorized'],
    ['a token of alg none', { roleId }, { authorization: `Bearer ${unsignedTokenOf('alice')}` }, 401, 'unauthorized'],
    ['an expired token', { roleId }, { authorization: expired }, 401, 'unauthorized'],
    ['a token of another secret', { roleId }, { authorization: forged }, 401, 'unauthorized'],
    ['a token for others', { roleId }, { authorization: forOthers }, 401, 'unauthorized'],
  ];
  it.each(cases)('%s', async (_what, payload, headers, status, code) => {
    const { appended } = await start();
    const response = await post(registrations, payload, headers);
    expectProblem(response, status, code);
    expect(response.headers['www-authenticate'] !== undefined).toBe(status === 401);
    expect(appended).toEqual([]);
  });

  it('no token at all', async () => {
    const { appended } = await start();
    expectProblem(await send({ method: 'POST', url: registrations, payload: { roleId } }), 401, 'unauthorized');
    expect(appended).toEqual([]);
  });

  it.each([
    ['that nobody created', eventIdOf('nobody')],
    ['that can be none', 'nonsense'],
    ['with an id that is far too long', 'x'.repeat(500)],
    ['that is a draft, to others than staff', anEvent('draft').eventId],
  ])('an event %s', async (_what, id) => {
    const { appended } = await start();
    const response = await post(`/v1/events/${id}/registrations`, { roleId });
    expect(response.statusCode).toBe(404);
    expect(appended).toEqual([]);
  });

  it('names each mistake and repeats no value', async () => {
    await start();
    const response = await post(registrations, { roleId: { $ne: 'secret' }, seat: 'secret' });
    expect(expectProblem(response, 400, 'validation')['errors']).toEqual([
      { in: 'body', pointer: '/seat', detail: 'is not a field of this' },
      { in: 'body', pointer: '/roleId', detail: 'must be string' },
    ]);
    expect(response.body).not.toContain('secret');
  });

  it('counts code points, not UTF-16', async () => {
    await start();
    expect((await post(registrations, { roleId, notes: '🎟'.repeat(2000) })).statusCode).toBe(202);
  });
});

describe('who may do what', () => {
  const newEvent = {
    organizerId: 'org-1',
    title: 'T',
    startsAt: '2099-01-01T10:00:00Z',
    endsAt: '2099-01-01T12:00:00Z',
    timeZone: 'Europe/Berlin',
    roles: [{ name: 'a', capacity: 1 }],
  };

  it('staff act for others, and then take nothing from their own token', async () => {
    const { appended } = await start();
    const profile = { displayName: 'Bob' };
    const response = await post(registrations, { roleId, userId: 'bob', profile }, { authorization: staff });
    expect(response.statusCode).toBe(202);
    expect(appended[0]?.body).toEqual({
      type: 'SignUp',
      actor: { kind: 'staff', userId: 'olga' },
      userId: 'bob',
      roleId,
      profile,
    });
  });

  it('only staff change an event', async () => {
    const { appended } = await start();
    const patch = { method: 'PATCH', url: `/v1/events/${eventId}`, payload: { status: 'closed' } } as const;
    expectProblem(await send({ ...patch, headers: { authorization: alice } }), 403, 'forbidden');
    expect(appended).toEqual([]);
    expect((await send({ ...patch, headers: { authorization: staff } })).statusCode).toBe(202);
    const mergePatch = { authorization: staff, 'content-type': 'application/merge-patch+json' };
    expect((await send({ ...patch, payload: '{"status":"open"}', headers: mergePatch })).statusCode).toBe(202);
  });

  it('only staff of an organizer create its events', async () => {
    const { appended } = await start();
    expectProblem(await post('/v1/events', newEvent), 403, 'forbidden');
    expectProblem(
      await post('/v1/events', { ...newEvent, organizerId: 'org-2' }, { authorization: staff }),
      403,
      'forbidden',
    );
    expect(appended).toEqual([]);
  });

  it.each([
    [{ endsAt: newEvent.startsAt }, '/endsAt'],
    [{ timeZone: 'Mars/Olympus' }, '/timeZone'],
    [{ timeZone: '+02:00' }, '/timeZone'],
    [{ startsAt: '2099-02-30T10:00:00Z' }, '/startsAt'],
    [{ startsAt: 4e12 }, '/startsAt'],
    [
      {
        roles: [
          { name: 'a', capacity: 1 },
          { name: 'a', capacity: 2 },
        ],
      },
      '/roles/1/name',
    ],
    [{ roles: [{ name: 'a', capacity: 1_000_001 }] }, '/roles/0/capacity'],
    [{ roles: [{ name: 'a', capacity: 1.5 }] }, '/roles/0/capacity'],
    [{ roles: [] }, '/roles'],
    [{ title: 'x'.repeat(201) }, '/title'],
    [{ signupOpensAt: newEvent.endsAt, signupClosesAt: newEvent.startsAt }, '/signupClosesAt'],
  ])('an event with %o is refused', async (part, pointer) => {
    const { appended } = await start();
    const problem = expectProblem(
      await post('/v1/events', { ...newEvent, ...part }, { authorization: staff }),
      400,
      'validation',
    );
    expect(problem['errors']).toContainEqual(expect.objectContaining({ in: 'body', pointer }));
    expect(appended).toEqual([]);
  });

  it('drafts are shown to staff only', async () => {
    await start();
    const url = `/v1/events/${anEvent('draft').eventId}`;
    for (const path of [url, `${url}/availability`]) {
      expectProblem(await send({ url: path }), 404, 'event-not-found');
      expect((await send({ url: path, headers: { authorization: staff } })).statusCode).toBe(200);
    }
  });
});

const read = (headers = {}) => send({ url: '/v1/events', headers });

describe('reads', () => {
  it('parse their query by schema', async () => {
    await start();
    expect((await send({ url: '/v1/events?limit=10' })).statusCode).toBe(200);
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=1.5',
      'limit=x',
      'limit=1&limit=2',
      'status=gone',
      'from=today',
      'from=2099-02-30T10:00:00Z',
      'x=1',
    ]) {
      expectProblem(await send({ url: `/v1/events?${query}` }), 400, 'validation');
    }
  });

  it('answer 304 while nothing has changed', async () => {
    await start();
    const url = `/v1/events/${eventId}/availability`;
    const first = await send({ url });
    expect(first.json()).toEqual({
      eventId,
      version: 2,
      roles: [{ roleId, capacity: 2, confirmed: 1, waitlist: 0, offered: 0, available: 1 }],
    });
    const again = await send({ url, headers: { 'if-none-match': String(first.headers['etag']) } });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it('are limited by address for those without a token', async () => {
    await start({ ANONYMOUS_READS_PER_MINUTE: '2' });
    expect([(await read()).statusCode, (await read()).statusCode]).toEqual([200, 200]);
    const limited = await read();
    expectProblem(limited, 429, 'too-many-requests');
    expect(limited.headers['retry-after']).toBeDefined();
    expect((await read({ authorization: alice })).statusCode).toBe(200);
  });

  it('describe every route in OpenAPI 3.1', async () => {
    await start();
    const { openapi, paths } = (await send({ url: '/openapi.json' })).json<{
      openapi: string;
      paths: Record<string, Record<string, unknown>>;
    }>();
    expect(openapi).toBe('3.1.0');
    expect(
      Object.entries(paths)
        .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))
        .toSorted(),
    ).toEqual([
      'delete /v1/events/{eventId}/registrations/{registrationId}',
      'delete /v1/events/{eventId}/roles/{roleId}',
      'get /health/live',
      'get /health/ready',
      'get /v1/events',
      'get /v1/events/{eventId}',
      'get /v1/events/{eventId}/availability',
      'get /v1/events/{eventId}/commands/{commandId}',
      'get /v1/events/{eventId}/history',
      'get /v1/events/{eventId}/journal',
      'get /v1/events/{eventId}/live',
      'get /v1/events/{eventId}/registrations',
      'get /v1/events/{eventId}/registrations.csv',
      'get /v1/events/{eventId}/registrations/{registrationId}',
      'get /v1/events/{eventId}/registrations/{registrationId}/live',
      'get /v1/me/registrations',
      'patch /v1/events/{eventId}',
      'patch /v1/events/{eventId}/registrations/{registrationId}',
      'patch /v1/events/{eventId}/roles/{roleId}',
      'post /v1/events',
      'post /v1/events/{eventId}/registrations',
      'post /v1/events/{eventId}/registrations/{registrationId}/accept',
      'post /v1/events/{eventId}/registrations/{registrationId}/cancel',
      'post /v1/events/{eventId}/registrations/{registrationId}/check-in',
      'post /v1/events/{eventId}/registrations/{registrationId}/decline',
      'post /v1/events/{eventId}/registrations/{registrationId}/move',
      'post /v1/events/{eventId}/registrations/{registrationId}/undo-check-in',
      'post /v1/events/{eventId}/roles',
      'post /v1/users/{userId}/erase',
    ]);
    expect((await send({ url: '/docs/' })).statusCode).toBe(200);
    // Which a client may leave out, as the other routes' bodies may not.
    const cancel = paths['/v1/events/{eventId}/registrations/{registrationId}/cancel']?.['post'];
    expect(cancel).toHaveProperty('requestBody.required', false);
    expect(paths['/v1/events']?.['post']).toHaveProperty('requestBody.required', true);
  });

  it.each(['/nothing', '/%zz'])('of %s are a problem document', async (url) => {
    await start();
    expect(expectProblem(await send({ url }), 404, 'not-found')).toHaveProperty('title', 'Not found');
  });
});
