import { setTimeout as delay } from 'node:timers/promises';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { Api } from './http/api.ts';
import { createApi } from './server.ts';
import {
  anEvent,
  aRegistration,
  fakeServers,
  registrationIdOf,
  roleId,
  someSettings,
  type FakeServers,
} from './testing/fakes.ts';
import { staffClaims, tokenOf } from './testing/tokens.ts';

const { eventId } = anEvent('open');
const draftId = anEvent('draft').eventId;
const alice = { authorization: `Bearer ${await tokenOf('alice')}` };
const staff = { authorization: `Bearer ${await tokenOf('olga', { claims: staffClaims })}` };
const registration = `/v1/events/${eventId}/registrations/r${'x'.repeat(22)}`;
/** A sixth of the default. Whoever takes longer than the other has taken it twice. */
const allowedMs = 300;
const answeredMsMax = 450;

let api: Api | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function start(): Promise<FakeServers> {
  const servers = fakeServers();
  const settings = {
    STORE_REPLY_MS_MAX: String(allowedMs),
    MAILBOX_REPLY_MS_MAX: '250',
    LEDGER_REPLY_MS_MAX: '50',
    // What was read a moment ago would be answered at once.
    SNAPSHOT_MS_MAX: '0',
  };
  api = await createApi(servers.deps, someSettings(settings));
  // The first answer takes long, for the process is new.
  await api.inject({ url: `/v1/events/${eventId}/availability` });
  servers.cached.clear();
  return servers;
}

async function timed(
  options: InjectOptions,
): Promise<{ readonly response: LightMyRequestResponse; readonly ms: number }> {
  if (api === undefined) throw new Error('start first');
  const startedAt = performance.now();
  const response = await api.inject(options);
  return { response, ms: performance.now() - startedAt };
}

describe('while the store hangs', () => {
  it.each<InjectOptions>([
    { method: 'GET', url: '/v1/events' },
    { method: 'GET', url: `/v1/events/${eventId}` },
    { method: 'GET', url: `/v1/events/${eventId}/availability` },
    { method: 'GET', url: `/v1/events/${draftId}/availability` },
    { method: 'GET', url: registration, headers: alice },
    { method: 'GET', url: '/v1/me/registrations', headers: alice },
    { method: 'GET', url: `/v1/events/${eventId}/commands/c${'0'.repeat(22)}`, headers: alice },
    { method: 'POST', url: `/v1/events/${draftId}/registrations`, payload: { roleId }, headers: alice },
    { method: 'POST', url: `/v1/events/${eventId}/registrations`, payload: { roleId: 'other' }, headers: alice },
    { method: 'PATCH', url: `/v1/events/${draftId}`, payload: { status: 'open' }, headers: staff },
    { method: 'GET', url: `/v1/events/${eventId}/registrations`, headers: staff },
    { method: 'GET', url: `/v1/events/${eventId}/registrations.csv`, headers: staff },
    { method: 'POST', url: `/v1/events/${draftId}/roles`, payload: { name: 'n', capacity: 1 }, headers: staff },
    { method: 'POST', url: `${registration.replace(eventId, draftId)}/accept`, headers: alice },
  ])('$method $url is answered in time, also to who comes during a turn of others', async (options) => {
    const servers = await start();
    servers.storeHangs = true;
    const others = timed(options);
    await delay(20);
    const { response, ms } = await timed(options);
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '1']);
    expect(ms).toBeLessThan(answeredMsMax);
    await others;
  });

  it('a place in line is not waited for longer than a registration itself', async () => {
    const servers = await start();
    servers.registrations.push(aRegistration('one', { status: 'waitlist' }));
    Object.assign(servers.deps.queries, { readLine: () => new Promise<never>(() => undefined) });
    const url = `/v1/events/${eventId}/registrations/${registrationIdOf('one')}`;
    for (const turn of ['first', 'next']) {
      const { response, ms } = await timed({ url, headers: alice });
      expect([turn, response.statusCode]).toEqual([turn, 503]);
      expect(ms).toBeLessThan(answeredMsMax);
    }
  });

  it('reads that follow each other share the time', async () => {
    const servers = await start();
    Object.assign(servers.deps.queries, {
      findEvent: async (id: typeof eventId) => {
        await delay(allowedMs * 0.7);
        servers.storeHangs = true;
        return servers.events.get(id);
      },
    });
    const { response, ms } = await timed({ url: `/v1/events/${eventId}` });
    expect(response.statusCode).toBe(503);
    expect(ms).toBeLessThan(answeredMsMax);
  });
});
