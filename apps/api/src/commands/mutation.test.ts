import type { LightMyRequestResponse } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { Api } from '../http/api.ts';
import { createApi } from '../server.ts';
import {
  anEvent,
  fakeServers,
  registeredAs,
  roleId,
  someSettings,
  StoreAwayError,
  type FakeServers,
} from '../testing/fakes.ts';
import { tokenOf } from '../testing/tokens.ts';

const settings = someSettings({
  WAITERS_MAX: '2',
  WAITERS_POLL_MS: '50',
  MAILBOX_REPLY_MS_MAX: '100',
  LEDGER_REPLY_MS_MAX: '50',
});
const { eventId } = anEvent('open');
const authorization = `Bearer ${await tokenOf('alice')}`;

let api: Api | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function start(): Promise<FakeServers> {
  const servers = fakeServers();
  api = await createApi(servers.deps, settings);
  return servers;
}

function signUp(
  headers: Readonly<Record<string, string>> = {},
  body: Readonly<Record<string, unknown>> = { roleId },
): Promise<LightMyRequestResponse> {
  if (api === undefined) throw new Error('start first');
  return api.inject({
    method: 'POST',
    url: `/v1/events/${eventId}/registrations`,
    payload: body,
    headers: { authorization, ...headers },
  });
}

function commandStatus(
  commandId: string,
  headers: Readonly<Record<string, string>> = { authorization },
): Promise<LightMyRequestResponse> {
  if (api === undefined) throw new Error('start first');
  return api.inject({ url: `/v1/events/${eventId}/commands/${commandId}`, headers });
}

const problemType = (response: LightMyRequestResponse) => [response.statusCode, response.json<{ type: string }>().type];

describe('without waiting', () => {
  it('the answer is a receipt', async () => {
    const { appended } = await start();
    const response = await signUp();
    const commandId = appended[0]?.commandId;
    expect(response.statusCode).toBe(202);
    expect(response.json()).toEqual({ commandId, eventId, status: 'pending', ahead: 3 });
    expect(response.headers).toMatchObject({
      location: `/v1/events/${eventId}/commands/${commandId}`,
      'retry-after': '1',
    });
    expect(response.headers).not.toHaveProperty('preference-applied');
  });

  it('the mailbox is told whether it can be repeated', async () => {
    const { appended } = await start();
    await signUp();
    await signUp({ 'idempotency-key': 'k' });
    expect(appended.map(({ keyed }) => keyed)).toEqual([false, true]);
  });

  it('a failing wake-up changes nothing: the sweeper finds the command', async () => {
    const servers = await start();
    servers.deps.wakeUps.add = () => Promise.reject(new Error('no'));
    expect((await signUp()).statusCode).toBe(202);
  });
});

describe('with Prefer: wait', () => {
  it('the answer is the decision', async () => {
    const servers = await start();
    servers.append = async (command) => {
      setImmediate(() => servers.decide(command, registeredAs('alice')));
      return { kind: 'new', ahead: 0, wakeUpDue: true };
    };
    const response = await signUp({ prefer: 'wait=9999' });
    expect(response.statusCode).toBe(201);
    expect(response.headers['preference-applied']).toBe('wait=30');
    expect(response.json()).toMatchObject({
      status: 'waitlist',
      waitlistPosition: 4,
      userId: 'alice',
      roleId,
      version: 3,
    });
    expect(response.headers.location).toMatch(/\/registrations\/r/);
  });

  it('a refusal is 409 with its facts', async () => {
    const servers = await start();
    servers.append = async (command) => {
      const rejection = { reason: 'role-full', roleId, capacity: 2, taken: 2 } as const;
      // Even before the append has answered.
      servers.decide(command, { kind: 'rejected', rejection });
      return { kind: 'new', ahead: 0, wakeUpDue: true };
    };
    const response = await signUp({ prefer: 'wait=5' });
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({ type: '/problems/role-full', capacity: 2, taken: 2 });
  });

  it('a lost notification is found by looking it up', async () => {
    const servers = await start();
    servers.append = async (command) => {
      servers.decide(command, registeredAs('alice'), { quietly: true });
      return { kind: 'new', ahead: 0, wakeUpDue: true };
    };
    expect((await signUp({ prefer: 'wait=5' })).statusCode).toBe(201);
  });

  it('and no decision in time the answer is a receipt', async () => {
    await start();
    const response = await signUp({ prefer: 'wait=1' });
    expect(response.statusCode).toBe(202);
    expect(response.headers['preference-applied']).toBe('wait=1');
  });

  it('an unusable preference is ignored', async () => {
    await start();
    const response = await signUp({ prefer: 'wait=abc' });
    expect(response.statusCode).toBe(202);
    expect(response.headers).not.toHaveProperty('preference-applied');
  });

  it('a client that goes away frees its place', async () => {
    const servers = await start();
    const url = await api?.listen({ host: '127.0.0.1', port: 0 });
    const gone = new AbortController();
    const answer = fetch(`${url}/v1/events/${eventId}/registrations`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', prefer: 'wait=30' },
      body: JSON.stringify({ roleId }),
      signal: gone.signal,
    });
    const open = async () => (await servers.deps.registry.metrics()).match(/^rollcall_waiters_open (\d+)$/m)?.[1];
    await expect.poll(open).toBe('1');
    gone.abort();
    await expect(answer).rejects.toThrow('abort');
    await expect.poll(open).toBe('0');
  });

  it('more than may wait are answered at once, and closing answers the others', async () => {
    const { appended } = await start();
    const waiting = [signUp({ prefer: 'wait=30' }), signUp({ prefer: 'wait=30' })];
    await expect.poll(() => appended.length).toBe(2);
    const third = await signUp({ prefer: 'wait=30' });
    expect(third.statusCode).toBe(202);
    expect(third.headers).not.toHaveProperty('preference-applied');
    await api?.close();
    expect((await Promise.all(waiting)).map(({ statusCode }) => statusCode)).toEqual([202, 202]);
  });
});

describe('with an Idempotency-Key', () => {
  const key = { 'idempotency-key': 'k' };

  it('a repeat is the same command, and gets its decision at once', async () => {
    const servers = await start();
    await signUp(key);
    const [first] = servers.appended;
    if (first === undefined) throw new Error('nothing appended');
    servers.decide(first, registeredAs('alice'));
    servers.append = async ({ bodyHash }) => ({ kind: 'repeat', bodyHash, wakeUpDue: false });
    expect((await signUp(key)).statusCode).toBe(201);
    expect(servers.appended[1]).toEqual(first);
  });

  it('another body is 422, by the receipt', async () => {
    const servers = await start();
    await signUp(key);
    const bodyHash = servers.appended[0]?.bodyHash ?? '';
    servers.append = async () => ({ kind: 'repeat', bodyHash, wakeUpDue: false });
    expect(problemType(await signUp(key, { roleId, notes: 'other' }))).toEqual([
      422,
      '/problems/idempotency-key-reused',
    ]);
  });

  it('another body is 422, by the journal, when Redis has lost its receipts', async () => {
    const servers = await start();
    await signUp(key);
    const [first] = servers.appended;
    if (first === undefined) throw new Error('nothing appended');
    servers.decide(first, registeredAs('alice'));
    expect(problemType(await signUp(key, { roleId, notes: 'other' }))).toEqual([
      422,
      '/problems/idempotency-key-reused',
    ]);
    expect((await signUp(key)).statusCode).toBe(201);
  });

  it('the journal is right, and not a receipt of another body', async () => {
    const servers = await start();
    await signUp(key);
    const [first] = servers.appended;
    if (first === undefined) throw new Error('nothing appended');
    servers.decide(first, registeredAs('alice'));
    servers.append = async () => ({ kind: 'repeat', bodyHash: 'of another body', wakeUpDue: false });
    expect((await signUp(key)).statusCode).toBe(201);
  });

  it('a repeat gets its decision also when its role has been deleted since', async () => {
    const servers = await start();
    await signUp(key);
    const [first] = servers.appended;
    if (first === undefined) throw new Error('nothing appended');
    servers.decide(first, registeredAs('alice'));
    servers.events.set(eventId, { ...anEvent('open'), roles: [] });
    // By which the API knows: without a key there is no such role now.
    await api?.inject({ url: `/v1/events/${eventId}` });
    expect(problemType(await signUp())).toEqual([404, '/problems/role-not-found']);
    expect((await signUp(key)).statusCode).toBe(201);
  });

  it('a role that is not there is for the decision to refuse', async () => {
    const servers = await start();
    servers.append = async (command) => {
      servers.decide(command, { kind: 'rejected', rejection: { reason: 'role-not-found', roleId } });
      return { kind: 'new', ahead: 0, wakeUpDue: true };
    };
    servers.events.set(eventId, { ...anEvent('open'), roles: [] });
    const response = await signUp({ ...key, prefer: 'wait=5' });
    expect(problemType(response)).toEqual([404, '/problems/role-not-found']);
    expect(response.json()).toMatchObject({ roleId, commandId: servers.appended[0]?.commandId });
  });

  it('nobody is told 422 on the word of a receipt alone while the journal is away', async () => {
    const servers = await start();
    await signUp(key);
    servers.storeFault = new StoreAwayError();
    servers.append = async () => ({ kind: 'repeat', bodyHash: 'of another body', wakeUpDue: false });
    expect(problemType(await signUp(key))).toEqual([503, '/problems/outcome-unknown']);
  });
});

describe('while servers are away', () => {
  it('a full mailbox or no Redis is busy: surely not taken', async () => {
    const servers = await start();
    servers.append = async () => ({ kind: 'full' });
    const full = await signUp();
    expect(problemType(full)).toEqual([503, '/problems/busy']);
    expect(full.headers['retry-after']).toBe('1');
    servers.mailboxReady = false;
    servers.appended.length = 0;
    expect(problemType(await signUp())).toEqual([503, '/problems/busy']);
    expect(servers.appended).toEqual([]);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('connection lost'))],
    ['never comes', () => new Promise<never>(() => undefined)],
  ])('a reply that %s leaves the outcome unknown', async (_what, append) => {
    const servers = await start();
    servers.append = append;
    const response = await signUp();
    expect(problemType(response)).toEqual([503, '/problems/outcome-unknown']);
    expect(response.json()).toMatchObject({ commandId: servers.appended[0]?.commandId });
  });

  it('commands for events that are known are taken without MongoDB, also with a key', async () => {
    const servers = await start();
    await signUp();
    servers.storeFault = new StoreAwayError();
    expect((await signUp()).statusCode).toBe(202);
    expect((await signUp({ 'idempotency-key': 'k' })).statusCode).toBe(202);
    const read = await api?.inject({ url: `/v1/events/${eventId}` });
    expect(read?.statusCode).toBe(503);
    expect(read?.headers['retry-after']).toBe('1');
  });

  it('readiness says which one', async () => {
    const servers = await start();
    Object.assign(servers.deps.ping, { redis: () => Promise.reject(new Error('no')) });
    const response = await api?.inject({ url: '/health/ready' });
    expect(response?.statusCode).toBe(503);
    expect(response?.json()).toEqual({ status: 'unreachable', mongodb: true, redis: false });
    expect((await api?.inject({ url: '/health/live' }))?.statusCode).toBe(200);
  });
});

describe('asking for a command', () => {
  it('shows where it stands, to its sender and to nobody else', async () => {
    const servers = await start();
    const { commandId } = (await signUp()).json<{ commandId: string }>();
    expect((await commandStatus(commandId)).json()).toEqual({ commandId, eventId, status: 'pending', ahead: 1 });
    const [command] = servers.appended;
    if (command === undefined) throw new Error('nothing appended');
    servers.decide(command, registeredAs('alice'));
    expect((await commandStatus(commandId)).json()).toMatchObject({
      status: 'accepted',
      result: { kind: 'registered', userId: 'alice' },
    });
    const other = { authorization: `Bearer ${await tokenOf('bob')}` };
    expect(problemType(await commandStatus(commandId, other))).toEqual([404, '/problems/unknown-command']);
  });

  it('shows a refusal as the problem that it was', async () => {
    const servers = await start();
    const { commandId } = (await signUp()).json<{ commandId: string }>();
    const [command] = servers.appended;
    if (command === undefined) throw new Error('nothing appended');
    servers.decide(command, { kind: 'rejected', rejection: { reason: 'role-full', roleId, capacity: 2, taken: 2 } });
    expect((await commandStatus(commandId)).json()).toMatchObject({
      status: 'rejected',
      problem: { type: '/problems/role-full', status: 409, capacity: 2 },
    });
  });

  it('knows nothing of what was never taken', async () => {
    await start();
    expect(problemType(await commandStatus(`c${'0'.repeat(22)}`))).toEqual([404, '/problems/unknown-command']);
    expect(problemType(await commandStatus('nonsense'))).toEqual([404, '/problems/unknown-command']);
  });

  it('waits for a decision when asked to', async () => {
    const servers = await start();
    const { commandId } = (await signUp()).json<{ commandId: string }>();
    const [command] = servers.appended;
    if (command === undefined) throw new Error('nothing appended');
    setTimeout(() => servers.decide(command, registeredAs('alice')), 20);
    const response = await commandStatus(commandId, { authorization, prefer: 'wait=5' });
    expect(response.json()).toMatchObject({ status: 'accepted' });
    expect(response.headers['preference-applied']).toBe('wait=5');
  });
});
