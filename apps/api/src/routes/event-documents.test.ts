import type { EventCounts } from '@rollcall/domain';
import type { EventView } from '@rollcall/engine';
import type { LightMyRequestResponse } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { Api } from '../http/api.ts';
import { createApi } from '../server.ts';
import {
  anEvent,
  countsOf,
  fakeServers,
  roleId,
  someSettings,
  StoreAwayError,
  type FakeServers,
} from '../testing/fakes.ts';
import { staffClaims, tokenOf } from '../testing/tokens.ts';

const event = anEvent('open');
const { eventId } = event;
const url = `/v1/events/${eventId}`;
const staff = { authorization: `Bearer ${await tokenOf('olga', { claims: staffClaims })}` };

let api: Api | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function start(): Promise<FakeServers> {
  const servers = fakeServers();
  api = await createApi(servers.deps, someSettings());
  return servers;
}

async function get(path: string): Promise<LightMyRequestResponse> {
  if (api === undefined) throw new Error('start first');
  return api.inject({ url: path });
}

const countsAt = (version: number, confirmed: number): EventCounts => ({
  ...countsOf({ ...event, version }),
  roles: new Map([[roleId, { capacity: 2, confirmed, waitlist: 0, offered: 0, available: 2 - confirmed }]]),
});
const documentWith = (version: number, confirmed: number) => ({
  version,
  roles: [{ counts: { confirmed, waitlist: 0, available: 2 - confirmed } }],
});

describe('the version of an event document is that of its counts', () => {
  it('counts that are behind the event are counted anew', async () => {
    const { cached } = await start();
    cached.set(eventId, countsAt(1, 0));
    expect((await get(url)).json()).toMatchObject(documentWith(2, 1));
  });

  it('counts that are ahead of it are shown as they are', async () => {
    const { cached } = await start();
    cached.set(eventId, countsAt(3, 2));
    expect((await get(url)).json()).toMatchObject(documentWith(3, 2));
  });

  it('in a list they may be behind it', async () => {
    const { cached } = await start();
    cached.set(eventId, countsAt(1, 0));
    expect((await get('/v1/events')).json()).toMatchObject({ items: [documentWith(1, 0)] });
  });

  it('and so is the capacity beside them', async () => {
    const { cached } = await start();
    const roles = new Map([[roleId, { capacity: 5, confirmed: 4, waitlist: 0, offered: 0, available: 1 }]]);
    cached.set(eventId, { ...countsAt(3, 4), roles });
    const role = { capacity: 5, counts: { confirmed: 4, waitlist: 0, available: 1 } };
    expect((await get(url)).json()).toMatchObject({ version: 3, roles: [role] });
  });
});

describe('an event that was just created', () => {
  const payload = {
    organizerId: 'org-1',
    title: 'T',
    startsAt: '2099-01-01T10:00:00Z',
    endsAt: '2099-01-01T12:00:00Z',
    timeZone: 'Europe/Berlin',
    roles: [
      { name: 'a', capacity: 1 },
      { name: 'b', capacity: 2, waitlist: 'off' },
    ],
  };

  async function create(headers: Readonly<Record<string, string>> = {}): Promise<LightMyRequestResponse> {
    if (api === undefined) throw new Error('start first');
    return api.inject({ method: 'POST', url: '/v1/events', payload, headers: { ...staff, ...headers } });
  }

  it('is answered without a read: the store may be away by then', async () => {
    const servers = await start();
    servers.append = async (command) => {
      setImmediate(() => servers.decide(command, { kind: 'created' }));
      return { kind: 'new', ahead: 0, wakeUpDue: true };
    };
    servers.storeFault = new StoreAwayError();
    const response = await create();
    const [command] = servers.appended;
    expect(response.statusCode).toBe(201);
    expect(response.headers.location).toBe(`/v1/events/${command?.eventId}`);
    const free = (capacity: number) => ({ capacity, counts: { confirmed: 0, waitlist: 0, available: capacity } });
    expect(response.json()).toMatchObject({
      eventId: command?.eventId,
      version: 3,
      status: 'draft',
      title: 'T',
      startsAt: '2099-01-01T10:00:00.000Z',
      registrationsPerUserMax: 1,
      roles: [
        { name: 'a', waitlist: 'auto', ...free(1) },
        { name: 'b', waitlist: 'off', ...free(2) },
      ],
    });
  });

  it('has the roles that the command had, also when a repeat asks', async () => {
    const servers = await start();
    servers.append = async (command) => {
      setImmediate(() => servers.decide(command, { kind: 'created' }));
      return { kind: 'new', ahead: 0, wakeUpDue: true };
    };
    const key = { 'idempotency-key': 'k' };
    const first = await create(key);
    const body = servers.appended[0]?.body;
    if (body?.type !== 'CreateEvent') throw new Error('something else was appended');
    const names = { roles: body.roles.map((role) => ({ roleId: role.roleId, name: role.name })) };
    expect(first.json()).toMatchObject(names);
    expect(new Set(body.roles.map((role) => role.roleId)).size).toBe(2);
    const again = await create(key);
    expect([again.statusCode, again.json()]).toEqual([201, first.json()]);
    expect((await create({ 'idempotency-key': 'other' })).json()).not.toMatchObject(names);
  });
});

it.each(['', '/availability'])('an event that was seen as a draft is shown at %s once it is open', async (path) => {
  const { events } = await start();
  const draft: EventView = { ...event, status: 'draft' };
  events.set(eventId, draft);
  expect((await get(url + path)).statusCode).toBe(404);
  events.set(eventId, event);
  expect((await get(url + path)).statusCode).toBe(200);
});

it('an event that was seen as a draft takes signups once it is open', async () => {
  const { events } = await start();
  events.set(eventId, { ...event, status: 'draft' });
  const authorization = `Bearer ${await tokenOf('alice')}`;
  const signUp = async () =>
    api?.inject({ method: 'POST', url: `${url}/registrations`, payload: { roleId }, headers: { authorization } });
  expect((await signUp())?.statusCode).toBe(404);
  // Staff see it, and so it is known here as a draft.
  await api?.inject({ url, headers: staff });
  events.set(eventId, event);
  expect((await signUp())?.statusCode).toBe(202);
});
