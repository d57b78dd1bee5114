import { availabilitySchema, eventPageSchema, eventSchema } from '@rollcall/contracts/http';
import type { EventId } from '@rollcall/domain';
import type { EventView } from '@rollcall/engine';
import type { LightMyRequestResponse } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { alice, decideAll, expectMistakes, expectProblem, others, staff, useApi } from '../testing/api.ts';
import { anEvent, countsOf, registeredAs, roleId, type FakeServers } from '../testing/fakes.ts';

const event = anEvent('open');
const { eventId } = event;
const url = `/v1/events/${eventId}`;
const availability = `${url}/availability`;
const everyRead = ['/v1/events', url, availability] as const;

const test = useApi();
/** Long enough that no snapshot grows old while a test runs, unless told otherwise. */
const start = (overrides: Readonly<Record<string, string>> = {}) =>
  test.start({ SNAPSHOT_MS_MAX: '60000', MIN_VERSION_WAIT_MS: '10000', ...overrides });
const get = (to: string, by?: string) => test.send(by === undefined ? { to } : { to, by });

/** What the store is asked, by name, from here on. */
function asked(servers: FakeServers): string[] {
  const names: string[] = [];
  const { queries } = servers.deps;
  for (const [name, query] of Object.entries(queries))
    Object.assign(queries, {
      [name](...parts: unknown[]) {
        names.push(name);
        return (query as (...given: unknown[]) => unknown)(...parts);
      },
    });
  return names;
}

function moveTo(servers: FakeServers, version: number, changes: Partial<EventView> = {}): EventView {
  const view = { ...event, ...changes, version };
  servers.events.set(eventId, view);
  return view;
}

/** Nothing that the schema does not name, at any depth. */
function closedSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closedSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closedSchema(part)]));
  return 'properties' in parts ? { ...parts, additionalProperties: false } : parts;
}

const versionIn = (response: LightMyRequestResponse) => response.json<{ version: number }>().version;

describe('what is sent', () => {
  it.each<[string, TSchema]>([
    ['/v1/events', eventPageSchema],
    [url, eventSchema],
    [availability, availabilitySchema],
  ])('%s is true to its schema, and holds nothing else', async (path, schema) => {
    const servers = await start();
    const { roles } = countsOf(event);
    const [[id, counts] = []] = roles;
    if (id === undefined || counts === undefined) throw new Error('no role');
    // As a newer worker may write it.
    servers.cached.set(eventId, { ...countsOf(event), roles: new Map([[id, { ...counts, more: 1 }]]) });
    moveTo(servers, 2, { pools: [{ poolId: 'pool' as never, capacity: 3, roleIds: [roleId] }] });
    const response = await get(path);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    const validator = Compile(closedSchema(schema) as TSchema);
    expect([...validator.Errors(response.json())]).toEqual([]);
    expect(response.body).toContain(roleId);
  });

  it.each(everyRead)('%s has an ETag, and 304 repeats what caches need', async (path) => {
    const servers = await start({ SNAPSHOT_MS_MAX: '0' });
    const first = await get(path);
    const etag = String(first.headers.etag);
    for (const named of [etag, `"x", W/${etag}`, '*']) {
      const again = await test.send({ to: path, headers: { 'if-none-match': named } });
      expect([again.statusCode, again.body]).toEqual([304, '']);
      expect(again.headers).toMatchObject({ etag, 'cache-control': 'no-cache' });
    }
    servers.cached.set(eventId, countsOf(moveTo(servers, 3)));
    const changed = await test.send({ to: path, headers: { 'if-none-match': etag } });
    expect(changed.statusCode).toBe(200);
  });

  it.each(['/v1/events', url])('%s changes its ETag with the settings alone', async (path) => {
    const servers = await start({ SNAPSHOT_MS_MAX: '0' });
    const first = await get(path);
    moveTo(servers, 2, { settings: { ...event.settings, title: 'Another' } });
    expect((await get(path)).headers.etag).not.toBe(first.headers.etag);
  });

  it.each(everyRead)('%s carries the fixed headers and those of the address limit', async (path) => {
    await start();
    expect((await get(path)).headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-ratelimit-limit': '6000',
      'x-ratelimit-remaining': '5999',
      'x-ratelimit-reset': '60',
    });
    expect((await get(path, alice)).headers).not.toHaveProperty('x-ratelimit-limit');
  });
});

describe('a crowd', () => {
  it.each(everyRead)('of 1,000 that the cache lacks an answer for has %s counted once', async (path) => {
    const servers = await start();
    const names = asked(servers);
    const crowd = await Promise.all(Array.from({ length: 1000 }, () => get(path)));
    expect(new Set(crowd.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(names.filter((name) => name.startsWith('countEvent'))).toHaveLength(1);
    expect(await servers.deps.registry.metrics()).toContain('rollcall_counts_from_store_total 1');
    expect(servers.cached.has(eventId)).toBe(true);
    const before = names.length;
    await get(path);
    expect(names).toHaveLength(before);
  });

  it('is counted for once without snapshots too', async () => {
    const servers = await start({ SNAPSHOT_MS_MAX: '0' });
    const names = asked(servers);
    await Promise.all(Array.from({ length: 1000 }, () => get(availability)));
    expect(names.filter((name) => name === 'countEvent')).toHaveLength(1);
  });
});

describe('minVersion', () => {
  const paths = [url, availability] as const;

  it.each(paths)('that memory has asks nobody: %s', async (path) => {
    const servers = await start();
    await get(path);
    const names = asked(servers);
    expect(versionIn(await get(`${path}?minVersion=2`))).toBe(2);
    expect(names).toEqual([]);
  });

  it('that the cache has asks no store', async () => {
    const servers = await start();
    await get(availability);
    servers.cached.set(eventId, countsOf({ ...event, version: 5 }));
    const names = asked(servers);
    expect(versionIn(await get(`${availability}?minVersion=4`))).toBe(5);
    expect(names).toEqual([]);
  });

  it.each(paths)('that the cache reaches in time is waited for: %s', async (path) => {
    const servers = await start();
    await get(path);
    moveTo(servers, 4);
    const names = asked(servers);
    const { readHead, findEvent } = servers.deps.queries;
    const reach = () => void setImmediate(() => servers.cached.set(eventId, countsOf({ ...event, version: 4 })));
    Object.assign(servers.deps.queries, {
      readHead: (id: EventId) => (reach(), readHead(id)),
      findEvent: (id: EventId) => (reach(), findEvent(id)),
    });
    expect(versionIn(await get(`${path}?minVersion=4`))).toBe(4);
    expect(names).not.toContain('countEvent');
  });

  it.each(paths)('that the cache never reaches is counted, once for all who ask: %s', async (path) => {
    const servers = await start({ MIN_VERSION_WAIT_MS: '0' });
    await get(path);
    moveTo(servers, 4);
    const names = asked(servers);
    const all = await Promise.all(Array.from({ length: 50 }, () => get(`${path}?minVersion=4`)));
    expect(new Set(all.map(versionIn))).toEqual(new Set([4]));
    expect(names.filter((name) => name === 'countEvent')).toHaveLength(1);
    expect(names.filter((name) => name === 'readHead').length).toBeLessThan(10);
  });

  it.each(paths)('that never was is 400, and whoever asks without it is served: %s', async (path) => {
    await start();
    const details = expectMistakes(await get(`${path}?minVersion=3`), '/minVersion');
    expect(details).toEqual(['is a version that the event has not reached']);
    expect((await get(path)).statusCode).toBe(200);
  });

  it.each(paths)('that a new primary learns of late is looked for twice: %s', async (path) => {
    const servers = await start({ MIN_VERSION_WAIT_MS: '0' });
    const { readHead } = servers.deps.queries;
    let looks = 0;
    Object.assign(servers.deps.queries, {
      async readHead(id: EventId) {
        const head = await readHead(id);
        if ((looks += 1) === 1) moveTo(servers, 3);
        return head;
      },
    });
    expect(versionIn(await get(`${path}?minVersion=3`))).toBe(3);
    expect(looks).toBe(2);
  });

  it.each(['0', '-1', '1.5', 'x', '', '1&minVersion=2', '9'.repeat(16)])(
    'that is no version is 400: %s',
    async (text) => {
      await start();
      for (const path of paths) expectProblem(await get(`${path}?minVersion=${text}`), 400, 'validation');
    },
  );

  it.each(['', '/availability'])('says nothing of drafts, at %s', async (path) => {
    await start();
    const to = `/v1/events/${anEvent('draft').eventId}${path}?minVersion=99`;
    expectProblem(await get(to), 404, 'event-not-found');
    expectProblem(await get(to, others), 404, 'event-not-found');
    expectProblem(await get(to, staff), 400, 'validation');
  });

  it.each(paths)('is not held against a store that was set back: %s', async (path) => {
    const servers = await start({ MIN_VERSION_WAIT_MS: '0', SNAPSHOT_MS_MAX: '0' });
    servers.cached.set(eventId, countsOf(event));
    moveTo(servers, 9);
    expect(versionIn(await get(`${path}?minVersion=9`))).toBe(9);
    servers.cached.clear();
    moveTo(servers, 4);
    expect(versionIn(await get(path))).toBe(4);
    const names = asked(servers);
    expect(versionIn(await get(path))).toBe(4);
    expect(names).not.toContain('countEvent');
  });
});

describe('who was answered a decision here', () => {
  it.each(everyRead)('finds it at %s', async (path) => {
    const servers = await start();
    await get(path);
    // The worker's commit, its refresh of the cache, and its answer.
    decideAll(servers, () => {
      servers.cached.set(eventId, countsOf(moveTo(servers, 3)));
      return registeredAs('alice');
    });
    const body = { roleId };
    const decided = await test.send({
      to: `POST ${url}/registrations`,
      by: alice,
      body,
      headers: { prefer: 'wait=10' },
    });
    expect([decided.statusCode, versionIn(decided)]).toEqual([201, 3]);
    const { items: [shown] = [await get(path).then((found) => found.json())] } = (await get(path)).json<{
      items?: { version: number }[];
    }>();
    expect(shown).toMatchObject({ version: 3 });
  });

  it('finds an event on the page where it belongs', async () => {
    const servers = await start();
    await get('/v1/events');
    decideAll(servers, () => {
      servers.cached.set(eventId, countsOf(moveTo(servers, 3, { status: 'closed' })));
      return { kind: 'changed' };
    });
    const headers = { prefer: 'wait=10' };
    await test.send({ to: `PATCH ${url}`, by: staff, body: { status: 'closed' }, headers });
    expect((await get('/v1/events')).json()).toMatchObject({ items: [{ status: 'closed' }] });
  });
});

describe('drafts', () => {
  const draft = anEvent('draft').eventId;

  it.each([[[staff, undefined, others]], [[undefined, others, staff]]])(
    'are shown to staff only, whoever asks first',
    async (order) => {
      await start();
      for (const by of order)
        for (const path of ['', '/availability'])
          expect((await get(`/v1/events/${draft}${path}`, by)).statusCode).toBe(by === staff ? 200 : 404);
    },
  );

  it('are listed to staff only: who asks for them is told apart', async () => {
    const servers = await start();
    Object.assign(servers.deps.queries, {
      listEvents: async ({ draftsOf }: { draftsOf: readonly string[] }) => ({
        items: draftsOf.includes('org-1') ? [anEvent('draft')] : [],
        nextCursor: undefined,
      }),
    });
    for (const by of [staff, undefined, others, alice, staff])
      expect((await get('/v1/events?status=draft', by)).json<{ items: unknown[] }>().items).toHaveLength(
        by === staff ? 1 : 0,
      );
  });
});
