import { setImmediate } from 'node:timers/promises';
import { accept, commandIdFromToken, reject, type Decision, type JournalEntry, type UserId } from '@rollcall/domain';
import type { JournalItem, JournalPage } from '@rollcall/contracts/http';
import { describe, expect, it } from 'vitest';
import { expectForStaff, expectMistakes, expectProblem, staff, useApi } from '../testing/api.ts';
import { anEvent, registrationIdOf, roleId, StoreAwayError } from '../testing/fakes.ts';

const api = useApi();
const view = anEvent('open');
const { eventId, settings, roles } = view;
const journal = `/v1/events/${eventId}/journal`;
const history = `/v1/events/${eventId}/history`;

const bob = 'bob' as UserId;
const commandIdOf = (version: number) => commandIdFromToken(`v${version}`.padEnd(22, '0'));

/** Decided a second after the one before it. */
const entry = (version: number, decision: Decision, other: Partial<JournalEntry> = {}): JournalEntry => ({
  eventId,
  version,
  commandId: commandIdOf(version),
  bodyHash: 'nobody may see this',
  commandType: 'SignUp',
  actor: { kind: 'user', userId: bob },
  acceptedAt: version * 1000 - 1,
  decidedAt: version * 1000,
  decision,
  ...other,
});

const place = { registrationId: registrationIdOf('bob'), userId: bob, roleId, sequence: 2 };
const other = { registrationId: registrationIdOf('cem'), userId: 'cem' as UserId, roleId, sequence: 3 };
const decisions: readonly JournalEntry[] = [
  entry(1, accept({ type: 'EventCreated', settings, roles, pools: [] }), {
    commandType: 'CreateEvent',
    actor: { kind: 'staff', userId: 'olga' as UserId },
  }),
  entry(2, accept({ type: 'RegistrationConfirmed', ...place })),
  entry(3, accept({ type: 'RegistrationConfirmed', ...other }), { actor: { kind: 'user', userId: other.userId } }),
  entry(4, reject({ reason: 'signups-closed', signupClosesAt: 0 })),
  entry(5, accept({ type: 'RegistrationCancelled', ...place, previousStanding: 'confirmed', cause: 'expired' }), {
    commandType: 'ObligationStep',
    actor: { kind: 'system' },
    causationId: commandIdOf(1),
  }),
  entry(6, reject({ reason: 'unprocessable' }), { commandType: 'unknown', actor: undefined }),
];

async function startWithSome(overrides?: Readonly<Record<string, string>>) {
  const servers = await api.start(overrides);
  servers.decisions.push(...decisions);
  servers.events.set(eventId, { ...view, version: decisions.length });
  return servers;
}

it.each([journal, history])('%s is for staff of the organizer', async (to) => {
  await expectForStaff(api, await startWithSome(), to, eventId);
});

describe('the journal', () => {
  const read = async (query = '') => (await api.send({ to: journal + query, by: staff })).json<JournalPage>();

  it('shows decisions with everything but the hash of what was sent', async () => {
    await startWithSome();
    const { items } = await read();
    expect(items).toHaveLength(6);
    const [created, , , refused, step, unreadable] = items;
    expect(created).toEqual({
      version: 1,
      commandId: commandIdOf(1),
      type: 'CreateEvent',
      actor: { kind: 'staff', userId: 'olga' },
      acceptedAt: '1970-01-01T00:00:00.999Z',
      decidedAt: '1970-01-01T00:00:01.000Z',
      outcome: 'accepted',
      domainEvents: [
        {
          type: 'EventCreated',
          settings: { ...settings, startsAt: '2096-10-02T07:06:40.000Z', endsAt: '2099-12-03T16:53:20.000Z' },
          roles,
          pools: [],
        },
      ],
    });
    const rejection = { reason: 'signups-closed', signupClosesAt: '1970-01-01T00:00:00.000Z' };
    expect(refused).toMatchObject({ outcome: 'rejected', rejection, actor: { kind: 'user', userId: 'bob' } });
    expect(refused).not.toHaveProperty('domainEvents');
    expect(step).toMatchObject({ causationId: commandIdOf(1), type: 'ObligationStep' });
    expect(step?.actor).toEqual({ kind: 'system' });
    expect(unreadable).toMatchObject({ outcome: 'rejected', rejection: { reason: 'unprocessable' } });
    expect(unreadable?.actor).toEqual({ kind: 'unknown' });
    expect(JSON.stringify(items)).not.toContain('nobody may see this');
  });

  it('is followed from one version to the next, to its end and on', async () => {
    const servers = await startWithSome();
    const versions = ({ items }: JournalPage) => items.map(({ version }: JournalItem) => version);
    const first = await read('?limit=4');
    expect([versions(first), first.nextAfter]).toEqual([[1, 2, 3, 4], 4]);
    const second = await read(`?limit=4&after=${first.nextAfter}`);
    expect([versions(second), second.nextAfter]).toEqual([[5, 6], 6]);
    expect(await read(`?after=${second.nextAfter}`)).toEqual({ items: [], nextAfter: 6 });
    servers.decisions.push(entry(7, reject({ reason: 'event-cancelled' })));
    expect(versions(await read(`?after=${second.nextAfter}`))).toEqual([7]);
    expect(await read('?after=999')).toEqual({ items: [], nextAfter: 999 });
  });

  it.each([
    ['limit=0', '/limit'],
    ['limit=501', '/limit'],
    ['limit=ten', '/limit'],
    ['after=-1', '/after'],
    ['after=1.5', '/after'],
    ['after=', '/after'],
    ['cursor=x', '/cursor'],
  ])('is refused for %s', async (query, pointer) => {
    await startWithSome();
    expectMistakes(await api.send({ to: `${journal}?${query}`, by: staff }), pointer);
  });
});

describe('a history', () => {
  const read = async (query = '') => {
    const response = await api.send({ to: history + query, by: staff });
    expect(response.statusCode, response.body).toBe(200);
    return response.body
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('is lines: the event, and who holds which seat', async () => {
    await startWithSome();
    const response = await api.send({ to: history, by: staff });
    expect(response.headers).toMatchObject({
      'content-type': 'application/x-ndjson; charset=utf-8',
      'cache-control': 'private, no-store',
    });
    expect(response.body.endsWith('}\n')).toBe(true);
    expect(await read()).toEqual([
      { type: 'event', eventId, version: 6, decidedAt: '1970-01-01T00:00:06.000Z' },
      { type: 'place', ...other, standing: 'confirmed', sinceVersion: 3 },
    ]);
  });

  it('is told as of a time, and of one user with what was decided about them', async () => {
    await startWithSome();
    expect(await read('?at=1970-01-01T02:00:04.999%2B02:00&userId=bob')).toEqual([
      { type: 'event', eventId, version: 4, decidedAt: '1970-01-01T00:00:04.000Z' },
      { type: 'place', ...place, standing: 'confirmed', sinceVersion: 2 },
      expect.objectContaining({ type: 'decision', version: 2, facts: [{ type: 'RegistrationConfirmed', ...place }] }),
      expect.objectContaining({
        type: 'decision',
        version: 4,
        rejection: { reason: 'signups-closed', signupClosesAt: '1970-01-01T00:00:00.000Z' },
      }),
    ]);
    expect(await read('?at=1970-01-01T00:00:00Z')).toEqual([{ type: 'event', eventId, version: 0 }]);
    expect(await read('?at=2999-01-01T00:00:00Z')).toEqual(await read());
    expect(await read('?userId=nobody')).toHaveLength(1);
  });

  it.each([
    ['at=2030-05-01', '/at'],
    ['at=2030-05-01T10:00:00', '/at'],
    ['at=2030-02-30T10:00:00Z', '/at'],
    ['at=2030-05-01T25:00:00Z', '/at'],
    ['at=2030-06-30T23:59:60Z', '/at'],
    ['at=', '/at'],
    ['userId=', '/userId'],
    ['limit=5', '/limit'],
  ])('is refused for %s', async (query, pointer) => {
    await startWithSome();
    expectMistakes(await api.send({ to: `${history}?${query}`, by: staff }), pointer);
  });

  it('of too many decisions is refused, with where it is told all the same', async () => {
    await startWithSome({ HISTORY_DECISIONS_MAX: '5' });
    const problem = expectProblem(await api.send({ to: history, by: staff }), 422, 'history-too-long');
    expect(problem).toMatchObject({ decisions: 6, decisionsMax: 5 });
    expect(problem['detail']).toContain('`rollcall history`');
  });

  it('counts as one of the exports that may be under way', async () => {
    const { deps } = await startWithSome({ EXPORTS_PER_USER_MAX: '1' });
    const { promise: made, resolve: make } = Promise.withResolvers<void>();
    let isBegun = false;
    Object.assign(deps.queries, {
      async *streamJournal() {
        isBegun = true;
        yield* decisions;
        await made;
      },
    });
    // Nothing is sent before somebody waits for it.
    const first = api.send({ to: history, by: staff }).then((response) => response);
    await expect.poll(() => isBegun).toBe(true);
    expectProblem(await api.send({ to: history, by: staff }), 429, 'too-many-requests');
    make();
    expect((await first).statusCode).toBe(200);
    await expect.poll(async () => (await api.send({ to: history, by: staff })).statusCode).toBe(200);
  });

  it('is told by a problem when the store fails in the middle of the journal', async () => {
    const { deps } = await startWithSome();
    Object.assign(deps.queries, {
      async *streamJournal() {
        yield* decisions;
        throw new StoreAwayError();
      },
    });
    expectProblem(await api.send({ to: history, by: staff }), 503, 'unavailable');
  });

  it('that takes many decisions is given up in the middle when the process stops', async () => {
    const { deps } = await startWithSome();
    let [given, isEnded] = [0, false];
    Object.assign(deps.queries, {
      async *streamJournal() {
        try {
          for (; ; given += 1) {
            yield entry(given + 1, reject({ reason: 'event-cancelled' }));
            await setImmediate();
          }
        } finally {
          isEnded = true;
        }
      },
    });
    const answer = api.send({ to: history, by: staff }).catch((error: unknown) => error);
    await expect.poll(() => given).toBeGreaterThan(100);
    await api.api.close();
    await answer;
    await expect.poll(() => isEnded).toBe(true);
  });
});
