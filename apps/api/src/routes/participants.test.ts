import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import type { RoleId, UserId } from '@rollcall/domain';
import type { RegistrationView } from '@rollcall/engine';
import { describe, expect, it, vi } from 'vitest';
import { alice, expectForStaff, expectMistakes, expectProblem, staff, useApi } from '../testing/api.ts';
import { anEvent, aRegistration, registrationIdOf, roleId, StoreAwayError } from '../testing/fakes.ts';
import { staffClaims, tokenOf } from '../testing/tokens.ts';

const api = useApi();
const { eventId } = anEvent('open');
const registrations = `/v1/events/${eventId}/registrations`;
const csv = `${registrations}.csv`;

const bob = 'bob' as UserId;
const some: readonly RegistrationView[] = [
  aRegistration('one', { notes: '=1+1', profile: { displayName: 'Alice' } }),
  aRegistration('two', { userId: bob, status: 'waitlist', sequence: 2 }),
  aRegistration('three', { userId: bob, status: 'waitlist', sequence: 3, offer: { expiresAt: 0 } }),
  aRegistration('four', { userId: bob, status: 'waitlist', sequence: 4, replaces: registrationIdOf('one') }),
  aRegistration('five', { status: 'confirmed', sequence: 5, roleId: 'bar' as RoleId, attendedAt: 0 }),
  aRegistration('six', {
    status: 'cancelled',
    sequence: 6,
    cancelledAt: 0,
    cancelCause: 'staff',
    cancelReasonCode: 'no-show',
    cancelReason: 'did not come',
  }),
];

async function startWithSome() {
  const servers = await api.start();
  servers.registrations.push(...some);
  return servers;
}

interface Shown {
  readonly items: readonly Record<string, unknown>[];
  readonly nextCursor: string | null;
}

describe('the list of participants', () => {
  it('shows all of each, with their places', async () => {
    await startWithSome();
    const response = await api.send({ to: registrations, by: staff });
    expect(response.statusCode).toBe(200);
    const { items, nextCursor } = response.json<Shown>();
    expect(nextCursor).toBeNull();
    const same = { eventId, roleId, registrationDate: '1970-01-01T00:00:00.000Z', registeredBy: 'alice' };
    expect(items.map(({ registrationId }) => registrationId)).toEqual(
      ['five', 'six', 'one', 'two', 'three', 'four'].map(registrationIdOf),
    );
    expect(items[0]).toMatchObject({ attendedAt: '1970-01-01T00:00:00.000Z' });
    expect(items[1]).toEqual({
      ...same,
      registrationId: registrationIdOf('six'),
      userId: 'alice',
      status: 'cancelled',
      cancelledAt: '1970-01-01T00:00:00.000Z',
      cancelCause: 'staff',
      cancelReasonCode: 'no-show',
      cancelReason: 'did not come',
    });
    expect(
      items.slice(2).map(({ waitlistPosition, offer, replaces }) => ({ waitlistPosition, offer, replaces })),
    ).toEqual([
      {},
      { waitlistPosition: 1 },
      { offer: { expiresAt: '1970-01-01T00:00:00.000Z' } },
      { waitlistPosition: 2, replaces: registrationIdOf('one') },
    ]);
  });

  it('is filtered and comes in pages', async () => {
    await startWithSome();
    const query = `roleId=${roleId}&status=waitlist&limit=2`;
    const first = (await api.send({ to: `${registrations}?${query}`, by: staff })).json<Shown>();
    expect(first.items.map(({ registrationId }) => registrationId)).toEqual(['two', 'three'].map(registrationIdOf));
    const next = `${registrations}?${query}&cursor=${first.nextCursor}`;
    const second = (await api.send({ to: next, by: staff })).json<Shown>();
    expect(second.items.map(({ registrationId }) => registrationId)).toEqual([registrationIdOf('four')]);
    expect(second.nextCursor).toBeNull();
  });

  it.each([
    ['limit=0', '/limit'],
    ['limit=100000', '/limit'],
    ['limit=-1', '/limit'],
    ['limit=1.5', '/limit'],
    ['limit=x', '/limit'],
    ['status=gone', '/status'],
    ['limit=1&limit=2', '/limit'],
    ['roleId=a%20b', '/roleId'],
    ['cursor=forged', '/cursor'],
    ['cursor=', '/cursor'],
    ['bom=true', '/bom'],
  ])('is refused for %s', async (query, pointer) => {
    await startWithSome();
    expectMistakes(await api.send({ to: `${registrations}?${query}`, by: staff }), pointer);
  });

  it('says which status there are', async () => {
    await startWithSome();
    const response = await api.send({ to: `${registrations}?status=gone`, by: staff });
    expect(expectMistakes(response, '/status')).toEqual(['must be one of confirmed, waitlist, cancelled']);
  });
});

it.each([registrations, csv])('%s is for staff of the organizer', async (to) => {
  await expectForStaff(api, await startWithSome(), to, eventId);
});

describe('a registration', () => {
  it('in line is shown with its place, to its owner and to staff, also among their own', async () => {
    await startWithSome();
    const url = `${registrations}/${registrationIdOf('four')}`;
    for (const by of [staff, `Bearer ${await tokenOf('bob')}`])
      expect((await api.send({ to: url, by })).json()).toMatchObject({ status: 'waitlist', waitlistPosition: 2 });
    expectProblem(await api.send({ to: url, by: alice }), 404, 'registration-not-found');
    const mine = (await api.send({ to: '/v1/me/registrations?limit=1', by: alice })).json<Shown>();
    expect(mine).toMatchObject({ items: [{ registrationId: registrationIdOf('one'), notes: '=1+1' }] });
    expect(mine.items[0]).not.toHaveProperty('sequence');
  });
});

describe('the export of participants', () => {
  it('is CSV', async () => {
    await startWithSome();
    const response = await api.send({ to: `${csv}?roleId=${roleId}&status=confirmed`, by: staff });
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="participants-${eventId}.csv"`,
      'cache-control': 'private, no-store',
    });
    const [header, row, end] = response.body.split('\r\n');
    expect(header).toMatch(/^registrationId,userId,displayName,/);
    expect(row).toBe(
      `${registrationIdOf('one')},alice,Alice,,role-1,volunteers,confirmed,,,,1970-01-01T00:00:00.000Z,alice,,,,,,'=1+1,`,
    );
    expect(end).toBe('');
  });

  it('begins with a byte order mark when it is asked to', async () => {
    await startWithSome();
    const bytes = async (query: string) => (await api.send({ to: csv + query, by: staff })).rawPayload.subarray(0, 3);
    const mark = Buffer.from([0xef, 0xbb, 0xbf]);
    expect(await bytes('?bom=true')).toEqual(mark);
    expect(await bytes('?bom=false')).not.toEqual(mark);
    expect(await bytes('')).not.toEqual(mark);
  });

  it.each([
    ['bom=yes', '/bom'],
    ['status=gone', '/status'],
    ['limit=10', '/limit'],
  ])('is refused for %s', async (query, pointer) => {
    await startWithSome();
    expectMistakes(await api.send({ to: `${csv}?${query}`, by: staff }), pointer);
  });

  it('that can not begin is told by a problem, and leaves nothing open', async () => {
    const servers = await startWithSome();
    const { streamParticipants } = servers.deps.queries;
    Object.assign(servers.deps.queries, {
      streamParticipants: (...query: Parameters<typeof streamParticipants>) => {
        servers.storeFault = new StoreAwayError();
        return streamParticipants(...query);
      },
    });
    const response = await api.send({ to: csv, by: staff });
    expectProblem(response, 503, 'unavailable');
    expect(response.headers).not.toHaveProperty('content-disposition');
    expect(servers.streamsOpen).toBe(0);
  });
});

describe('a long export', () => {
  /** As many rows as there are asked for. */
  async function startEndless(overrides: Readonly<Record<string, string>> = {}) {
    const servers = await api.start(overrides);
    const given = { rows: 0, ended: false, fault: undefined as Error | undefined };
    Object.assign(servers.deps.queries, {
      async *streamParticipants() {
        try {
          for (; ; given.rows += 1) {
            if (given.fault !== undefined) throw given.fault;
            // Never without a pause, as no driver reads without one.
            if (given.rows % 100 === 99) await new Promise(setImmediate);
            yield aRegistration('one', { notes: 'n'.repeat(500) });
          }
        } finally {
          given.ended = true;
        }
      },
    });
    const url = await api.api.listen({ host: '127.0.0.1', port: 0 });
    return { given, servers, url };
  }

  async function open(url: string, authorization = staff) {
    const outgoing = request(url + csv, { headers: { authorization } });
    outgoing.on('error', () => undefined);
    outgoing.end();
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    const broken = new Promise<string>((resolve) => {
      incoming.on('error', ({ message }) => resolve(message));
      incoming.on('end', () => resolve('complete'));
    });
    return { outgoing, incoming, broken };
  }

  const untilSteady = async (rows: () => number) => {
    let before = -1;
    await expect
      .poll(
        () => {
          const [last, now] = [before, rows()];
          before = now;
          return now > 0 && now === last;
        },
        { interval: 150, timeout: 10_000 },
      )
      .toBe(true);
  };

  it('waits for a client that does not read', async () => {
    const { given, url } = await startEndless();
    const { incoming, outgoing } = await open(url);
    incoming.pause();
    await untilSteady(() => given.rows);
    // What sockets hold, and some pieces here: not more, however long it takes.
    expect(given.rows * 700).toBeLessThan(20_000_000);
    const before = given.rows;
    incoming.resume();
    await expect.poll(() => given.rows).toBeGreaterThan(before + 10_000);
    outgoing.destroy();
    await expect.poll(() => given.ended).toBe(true);
  });

  it('ends when its client goes away', async () => {
    const { given, url } = await startEndless();
    const { incoming, outgoing } = await open(url);
    await once(incoming, 'data');
    outgoing.destroy();
    await expect.poll(() => given.ended).toBe(true);
  });

  it('is cut short, and not made to look whole, when the store fails', async () => {
    const { given, url } = await startEndless();
    const { incoming, broken } = await open(url);
    incoming.resume();
    await expect.poll(() => given.rows).toBeGreaterThan(1000);
    given.fault = new StoreAwayError();
    expect(await broken).not.toBe('complete');
  });

  it('is cut short when the process stops, and does not keep it from stopping', async () => {
    const { given, url } = await startEndless();
    const { incoming, broken } = await open(url);
    incoming.resume();
    await expect.poll(() => given.rows).toBeGreaterThan(1000);
    await api.api.close();
    expect(await broken).not.toBe('complete');
    await expect.poll(() => given.ended).toBe(true);
  });

  it('is cut short, and that is logged, when the moment that it shows is kept no longer', async () => {
    const { given, servers, url } = await startEndless();
    const warn = vi.spyOn(servers.deps.logger, 'warn');
    const { incoming, broken } = await open(url);
    incoming.resume();
    await expect.poll(() => given.rows).toBeGreaterThan(1000);
    // As the driver has it.
    given.fault = Object.assign(new Error('Read timestamp is older than the oldest available timestamp'), {
      code: 239,
      codeName: 'SnapshotTooOld',
    });
    expect(await broken).not.toBe('complete');
    const reqId: unknown = expect.any(String);
    expect(warn).toHaveBeenCalledExactlyOnceWith({ err: given.fault, reqId, eventId }, 'export broken off');
  });

  it('is cut short when its client takes nothing, whatever else that sends', async () => {
    const { given, servers, url } = await startEndless({ EXPORT_IDLE_MS_MAX: '200' });
    const warn = vi.spyOn(servers.deps.logger, 'warn');
    const { incoming, outgoing, broken } = await open(url);
    incoming.pause();
    // Another request, letter by letter, which keeps the connection from being silent.
    outgoing.socket?.write('GET / HTTP/1.1\r\nhost: ');
    const letters = setInterval(() => outgoing.socket?.write('a'), 20);
    try {
      await expect.poll(() => given.ended).toBe(true);
    } finally {
      clearInterval(letters);
    }
    const err: unknown = expect.objectContaining({ message: 'broken off, because nobody took it' });
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ err }), 'export broken off');
    incoming.resume();
    expect(await broken).not.toBe('complete');
  });

  it('goes on for as long as its client takes it, however long that is', async () => {
    const { given, url } = await startEndless({ EXPORT_IDLE_MS_MAX: '1000' });
    const { incoming, outgoing } = await open(url);
    incoming.resume();
    const begunAtMs = performance.now();
    await expect.poll(() => performance.now() - begunAtMs).toBeGreaterThan(1500);
    expect(given.ended).toBe(false);
    outgoing.destroy();
    await expect.poll(() => given.ended).toBe(true);
  });

  it('is one of two of its user; others begin theirs', async () => {
    const { url } = await startEndless();
    const { outgoing } = await open(url);
    const { outgoing: second } = await open(url);
    expectProblem(await api.send({ to: csv, by: staff }), 429, 'too-many-requests');
    const { incoming, outgoing: third } = await open(url, `Bearer ${await tokenOf('otto', { claims: staffClaims })}`);
    expect(incoming.statusCode).toBe(200);
    outgoing.destroy();
    await expect
      .poll(async () => {
        const { incoming: next, outgoing: last } = await open(url);
        last.destroy();
        return next.statusCode;
      })
      .toBe(200);
    for (const one of [second, third]) one.destroy();
  });

  it('is one of a few at a time', async () => {
    const { given, url } = await startEndless({ EXPORTS_MAX: '1' });
    const { outgoing } = await open(url);
    const refused = await api.send({ to: csv, by: staff });
    expectProblem(refused, 429, 'too-many-requests');
    expect(refused.headers['retry-after']).toBe('5');
    outgoing.destroy();
    await expect.poll(() => given.ended).toBe(true);
    const { outgoing: next } = await open(url);
    next.destroy();
  });
});
