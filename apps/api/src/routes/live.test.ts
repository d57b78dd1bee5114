import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { CommitId, EventCounts } from '@rollcall/domain';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { alice, others, staff, useApi } from '../testing/api.ts';
import {
  anEvent,
  aRegistration,
  countsOf,
  eventIdOf,
  registrationIdOf,
  secret,
  StoreAwayError,
  type FakeServers,
} from '../testing/fakes.ts';
import { tokenOf } from '../testing/tokens.ts';

const test = useApi();
const view = anEvent('open');
const countsUrl = `/v1/events/${view.eventId}/live`;
const registrationUrl = `/v1/events/${view.eventId}/registrations/${registrationIdOf('one')}/live`;
const counts = (version: number): EventCounts => ({ ...countsOf(view), version, commitId: `c-${version}` as CommitId });

const aborts: AbortController[] = [];
afterEach(() => {
  for (const abort of aborts.splice(0)) abort.abort();
});

async function start(overrides?: Readonly<Record<string, string>>): Promise<FakeServers> {
  const servers = await test.start(overrides);
  servers.registrations.push(aRegistration('one'));
  await test.api.listen({ host: '127.0.0.1', port: 0 });
  return servers;
}

async function listen(url: string, headers: Readonly<Record<string, string>> = {}) {
  const abort = new AbortController();
  aborts.push(abort);
  const { port } = test.api.server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${url}`, { headers, signal: abort.signal });
  const state = { text: '', ended: false };
  const reading = (async () => {
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) state.text += piece;
    state.ended = true;
  })();
  reading.catch(() => undefined);
  return {
    response,
    state,
    leave: () => abort.abort(),
    sees: (part: string) => vi.waitFor(() => expect(state.text).toContain(part), 10_000),
    ends: () => vi.waitFor(() => expect(state.ended).toBe(true), 10_000),
    problem: () => vi.waitFor(() => JSON.parse(state.text) as Record<string, unknown>, 10_000),
  };
}

const metric = async (servers: FakeServers, line: string) =>
  (await servers.deps.registry.metrics()).split('\n').find((found) => found.startsWith(line));

describe('counts', () => {
  it('come first, and again when a worker publishes others', async () => {
    const servers = await start();
    const { response, state, sees } = await listen(countsUrl);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    await sees('\n\n');
    const { body } = await test.send({ to: `/v1/events/${view.eventId}/availability` });
    await sees(`id: 2-commit\nevent: counts\ndata: ${body}\n\n`);
    expect(state.text).toMatch(/^retry: \d{4}\n\n/);
    servers.publish({ eventId: view.eventId, answers: [], counts: counts(3) });
    await sees('id: 3-c-3\n');
    expect(await metric(servers, 'rollcall_live_updates_total')).toBe('rollcall_live_updates_total{kind="counts"} 1');
    expect(await metric(servers, 'rollcall_live_streams_open')).toBe('rollcall_live_streams_open{kind="counts"} 1');
  });

  it('are found again after publications were not followed', async () => {
    const servers = await start({ LIVE_CHECK_MS: '600000' });
    const { state, sees } = await listen(countsUrl);
    await sees('id: 2-commit');
    servers.cached.set(view.eventId, counts(8));
    servers.followAgain();
    await sees('id: 8-c-8');
    expect(state.text).toContain('"version":8');
  });

  it('are looked up now and then', async () => {
    const servers = await start({ LIVE_CHECK_MS: '50' });
    const { state, sees } = await listen(countsUrl);
    await sees('id: 2-commit');
    servers.cached.set(view.eventId, counts(8));
    await sees('id: 8-c-8');
    expect(state.text).toContain('"version":8');
  });

  it('are not sent to a client that has them', async () => {
    await start();
    const { state, sees } = await listen(countsUrl, { 'last-event-id': '2-commit' });
    await sees(': up to date\n\n');
    expect(state.text).not.toContain('event: counts');
  });

  it.each(['999-forged', 'garbage', `9-${'x'.repeat(5000)}`])(
    'come first also with Last-Event-ID %.12s',
    async (id) => {
      await start();
      const { state, sees } = await listen(countsUrl, { 'last-event-id': id });
      await sees('id: 2-commit\nevent: counts\n');
      expect(state.text).not.toContain('up to date');
    },
  );

  it('of a draft are for staff', async () => {
    await start();
    const url = `/v1/events/${eventIdOf('draft')}/live`;
    expect((await listen(url)).response.status).toBe(404);
    expect((await listen(url, { authorization: others })).response.status).toBe(404);
    const { sees } = await listen(url, { authorization: staff });
    await sees('event: counts');
  });

  it('of an event that there is not are a problem, and a HEAD request opens nothing', async () => {
    await start();
    const { response, problem } = await listen(`/v1/events/${eventIdOf('none')}/live`);
    expect(response.status).toBe(404);
    expect(await problem()).toMatchObject({ type: '/problems/event-not-found' });
    expect((await test.send({ to: `HEAD ${countsUrl}` })).statusCode).toBe(404);
  });

  it('that can not be read are a problem, and take no place', async () => {
    const servers = await start({ LIVE_STREAMS_MAX: '1' });
    await (await listen(`/v1/events/${view.eventId}`)).sees('eventId');
    servers.cached.clear();
    servers.storeFault = new StoreAwayError();
    const { response } = await listen(countsUrl);
    expect(response.status).toBe(503);
    servers.storeFault = undefined;
    await (await listen(countsUrl)).sees('event: counts');
  });
});

describe('a registration', () => {
  it('is shown to its owner and to staff, as it is read', async () => {
    await start();
    const read = await test.send({ to: registrationUrl.replace('/live', ''), by: alice });
    for (const authorization of [alice, staff]) {
      const { state, sees } = await listen(registrationUrl, { authorization });
      await sees('\n\nid: 2-commit-');
      await sees('\nevent: registration\n');
      expect(JSON.parse(/^data: (.*)$/m.exec(state.text)?.[1] ?? '')).toEqual(read.json());
    }
  });

  it('is there for nobody else', async () => {
    await start();
    const bob = `Bearer ${await tokenOf('bob')}`;
    for (const authorization of [others, bob]) {
      const { response, problem } = await listen(registrationUrl, { authorization });
      expect(response.status).toBe(404);
      expect(await problem()).toMatchObject({ type: '/problems/registration-not-found' });
    }
    expect((await listen(registrationUrl)).response.status).toBe(401);
  });

  it('is not shown for longer than the token is good for', async () => {
    const servers = await start({ LIVE_HEARTBEAT_MS: '50' });
    const soon = await tokenOf('alice', { secret, expiresAt: Math.floor(Date.now() / 1000) + 2 });
    const { sees, ends } = await listen(registrationUrl, { authorization: `Bearer ${soon}` });
    await sees('event: registration');
    await ends();
    expect(await metric(servers, 'rollcall_live_streams_ended_total')).toContain(
      '{kind="registration",reason="time"} 1',
    );
  });
});

describe('how many may listen', () => {
  it.each([
    ['LIVE_STREAMS_MAX', alice],
    ['LIVE_PER_ADDRESS_MAX', undefined],
    ['LIVE_PER_USER_MAX', alice],
  ])('is limited by %s; others are told when to come back, each another time', async (setting, by) => {
    await start({ [setting]: '1' });
    const headers = by === undefined ? {} : { authorization: by };
    const first = await listen(countsUrl, headers);
    await first.sees('event: counts');
    const refused = await Promise.all(Array.from({ length: 20 }, () => listen(countsUrl, headers)));
    for (const { response, problem } of refused) {
      expect(response.status).toBe(503);
      expect(await problem()).toMatchObject({ type: '/problems/too-many-streams', status: 503 });
    }
    const times = refused.map(({ response }) => Number(response.headers.get('retry-after')));
    expect(Math.min(...times)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...times)).toBeLessThanOrEqual(12);
    expect(new Set(times).size).toBeGreaterThan(1);
    first.leave();
    await vi.waitFor(async () => expect((await listen(countsUrl, headers)).response.status).toBe(200), 10_000);
  });
});

describe('asked for twice over one connection', () => {
  /** Until both are answered as far as they will be; the second has to wait for the end of the first. */
  async function listenTwice() {
    const answers: ServerResponse[] = [];
    test.api.server.on('request', (_request, answer) => answers.push(answer));
    const client = connect((test.api.server.address() as AddressInfo).port, '127.0.0.1');
    const abort = new AbortController();
    abort.signal.addEventListener('abort', () => client.destroy());
    aborts.push(abort);
    const got = { text: '' };
    client.setEncoding('utf8').on('data', (piece: string) => (got.text += piece));
    client.write(`GET ${countsUrl} HTTP/1.1\r\nhost: x\r\n\r\n`.repeat(2));
    await vi.waitFor(() => expect(answers.map(({ headersSent }) => headersSent)).toEqual([true, true]), 10_000);
    return { client, got };
  }
  const isOpen = (servers: FakeServers) => metric(servers, 'rollcall_live_streams_open{kind="counts"}');

  it('is one stream, and no place is kept when the connection goes', async () => {
    const servers = await start({ LIVE_STREAMS_MAX: '2' });
    const { client } = await listenTwice();
    expect(await isOpen(servers)).toMatch(/ 1$/);
    client.destroy();
    await vi.waitFor(async () => expect(await isOpen(servers)).toMatch(/ 0$/), 10_000);
    const both = [await listen(countsUrl), await listen(countsUrl)];
    expect(both.map(({ response }) => response.status)).toEqual([200, 200]);
  });

  it('is refused once, with the end of the connection', async () => {
    await start();
    const { client, got } = await listenTwice();
    await vi.waitFor(() => expect(got.text).toContain('event: counts'), 10_000);
    await Promise.all([test.api.close(), once(client, 'close')]);
    const [first = '', second = ''] = got.text.split(/(?<=\r\n0\r\n\r\n)/);
    expect(first).toMatch(/^HTTP\/1\.1 200 /);
    expect(second).toMatch(/^HTTP\/1\.1 503 /);
    expect(second).toMatch(/\r\nconnection: close\r\n/i);
    expect(second).toContain('/problems/busy');
  });
});

describe('the end', () => {
  it('is counted when the client leaves', async () => {
    const servers = await start();
    const { sees, leave } = await listen(countsUrl);
    await sees('event: counts');
    leave();
    const answered = () => metric(servers, 'rollcall_http_answers_total{method="GET",route="/v1/events/:eventId/live"');
    await vi.waitFor(async () => expect(await answered()).toContain('status="200"} 1'), 10_000);
    expect(await metric(servers, 'rollcall_live_streams_ended_total')).toContain('{kind="counts",reason="left"} 1');
  });

  it('of the process ends all streams cleanly, and says when to come back', async () => {
    const servers = await start();
    const clients = await Promise.all(Array.from({ length: 20 }, () => listen(countsUrl)));
    for (const { sees } of clients) await sees('event: counts');
    await test.api.close();
    for (const { ends } of clients) await ends();
    const retries = clients.map(({ state }) => /\n\nretry: (\d+)\n\n$/.exec(state.text)?.[1]);
    expect(retries).not.toContain(undefined);
    expect(new Set(retries).size).toBeGreaterThan(10);
    const ended = 'rollcall_http_answers_total{method="GET",route="/v1/events/:eventId/live",status="200"} 20';
    expect(await metric(servers, 'rollcall_http_answers_total')).toBe(ended);
  });
});

it('are described as what they are', async () => {
  await start();
  const { paths } = (await test.send({ to: '/openapi.json' })).json<{ paths: Record<string, { get?: unknown }> }>();
  for (const path of ['/v1/events/{eventId}/live', '/v1/events/{eventId}/registrations/{registrationId}/live']) {
    expect(paths[path]?.get).toMatchObject({ responses: { 200: { content: { 'text/event-stream': {} } } } });
  }
});
