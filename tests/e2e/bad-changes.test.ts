import { createClient } from '@rollcall/client';
import type { EventId, RegistrationId } from '@rollcall/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request, type RequestOptions } from '../support/http.ts';
import { organizerId, startOnSharedServers, staffClaims, type Rollcall } from '../support/rollcall.ts';

/** What organizers and participants get wrong: each is told clearly, and nothing changes. */
let rollcall: Rollcall;
let base: string;
let event: string;
let tokens: { ann: string; bob: string; staff: string };
let ids: { eventId: EventId; other: EventId; seat: RegistrationId; waiting: RegistrationId; gone: RegistrationId };

const wait = { waitSeconds: 10 };
const hints = { prefer: 'wait=10' };

beforeAll(async () => {
  rollcall = await startOnSharedServers({ apis: 1, workers: 1 });
  const [url = ''] = rollcall.urls;
  tokens = {
    ann: await rollcall.token('ann'),
    bob: await rollcall.token('bob'),
    staff: await rollcall.token('staff-1', staffClaims),
  };
  const staff = createClient({ url, token: tokens.staff });
  const must = <Value>(result: { kind: string; value?: Value }): Value => {
    if (result.value === undefined) throw new Error(JSON.stringify(result));
    return result.value;
  };
  const create = async (roleId: string) => {
    const roles = [
      { roleId, name: 'Cooks', capacity: 1, waitlist: 'offer', offerSeconds: 3_600 } as const,
      { roleId: `${roleId}-2`, name: 'Drivers', capacity: 1 },
    ];
    const made = await staff.createEvent({
      organizerId,
      title: 'The event',
      startsAt: '2099-01-01T10:00:00Z',
      endsAt: '2099-01-01T12:00:00Z',
      timeZone: 'Europe/Berlin',
      usersMayMove: true,
      roles,
    });
    const { eventId } = must(made);
    must(await staff.openEvent(eventId, wait));
    return eventId;
  };
  const [eventId, other] = [await create('cooks'), await create('elsewhere')];
  const signUp = async (user: string, roleId: string) => {
    const client = createClient({ url, token: await rollcall.token(user) });
    return must(await client.signUpForEvent(eventId, { roleId }, wait)).registrationId;
  };
  const gone = await signUp('cem', 'cooks-2');
  must(await staff.removeUserFromRole(eventId, gone, wait));
  ids = { eventId, other, gone, seat: await signUp('ann', 'cooks'), waiting: await signUp('bob', 'cooks') };
  base = `${url}/v1/events`;
  event = `${base}/${eventId}`;
});
afterAll(() => rollcall.stop());

interface Wrong {
  readonly by?: keyof typeof tokens;
  /** Behind the event's address. */
  readonly to: () => string;
  readonly ask?: RequestOptions;
  readonly status: number;
  readonly type: string;
  /** What the problem says besides. */
  readonly says?: Readonly<Record<string, unknown>>;
}

const move = (id: () => string, roleId: string): Pick<Wrong, 'to' | 'ask'> => ({
  to: () => `/registrations/${id()}/move`,
  ask: { method: 'POST', body: { roleId } },
});
const capacity = (value: unknown): Wrong => ({
  by: 'staff',
  to: () => '/roles/cooks',
  ask: { method: 'PATCH', body: { capacity: value } },
  status: 400,
  type: 'validation',
});
const notes = (text: string): Wrong => ({
  to: () => `/registrations/${ids.seat}`,
  ask: { method: 'PATCH', body: { notes: text } },
  status: 400,
  type: 'validation',
});
const list = (query: string): Wrong => ({
  by: 'staff',
  to: () => `/registrations?${query}`,
  status: 400,
  type: 'validation',
});
const post = (path: () => string): Pick<Wrong, 'to' | 'ask'> => ({ to: path, ask: { method: 'POST' } });

const cases: Readonly<Record<string, Wrong>> = {
  'a move to the same role': { ...move(() => ids.seat, 'cooks'), status: 409, type: 'same-role' },
  'a move to another event’s role': { ...move(() => ids.seat, 'elsewhere'), status: 404, type: 'role-not-found' },
  'a move from a cancelled registration': {
    by: 'staff',
    ...move(() => ids.gone, 'cooks'),
    status: 409,
    type: 'already-cancelled',
  },
  'a move of somebody else': {
    by: 'bob',
    ...move(() => ids.seat, 'cooks-2'),
    status: 404,
    type: 'registration-not-found',
  },
  'a capacity of −1': capacity(-1),
  'a capacity of 1.5': capacity(1.5),
  'a capacity of 2⁵³': capacity(2 ** 53),
  'a capacity in quotes': capacity('10'),
  'a capacity below what is taken': {
    by: 'staff',
    to: () => '/roles/cooks',
    ask: { method: 'PATCH', body: { capacity: 0 } },
    status: 409,
    type: 'capacity-below-taken',
    says: { taken: 1, over: 1 },
  },
  'deleting a used role': {
    by: 'staff',
    to: () => '/roles/cooks',
    ask: { method: 'DELETE' },
    status: 409,
    type: 'role-in-use',
    says: { confirmed: 1, waitlist: 1 },
  },
  'renaming to an existing name': {
    by: 'staff',
    to: () => '/roles/cooks',
    ask: { method: 'PATCH', body: { name: 'Drivers' } },
    status: 409,
    type: 'role-name-taken',
    says: { name: 'Drivers' },
  },
  'a pool with an unknown role': {
    by: 'staff',
    to: () => '',
    ask: { method: 'PATCH', body: { pools: { all: { capacity: 1, roleIds: ['cooks', 'nobody'] } } } },
    status: 409,
    type: 'settings-invalid',
    says: { rule: 'pool-roles-exist' },
  },
  'settings that contradict each other': {
    by: 'staff',
    to: () => '',
    ask: { method: 'PATCH', body: { endsAt: '2098-01-01T12:00:00Z', title: 'Not this' } },
    status: 409,
    type: 'settings-invalid',
  },
  'accepting without an offer': {
    by: 'bob',
    ...post(() => `/registrations/${ids.waiting}/accept`),
    status: 409,
    type: 'no-offer',
  },
  'accepting somebody else’s': {
    ...post(() => `/registrations/${ids.waiting}/accept`),
    status: 404,
    type: 'registration-not-found',
  },
  'checking oneself in': { ...post(() => `/registrations/${ids.seat}/check-in`), status: 403, type: 'forbidden' },
  'a seat by override for oneself': {
    by: 'bob',
    to: () => '/registrations',
    ask: { body: { roleId: 'cooks-2', override: true } },
    status: 403,
    type: 'forbidden',
  },
  'notes of 2,001 code points': notes('🌱'.repeat(2_001)),
  'notes with control characters': notes('a\u0000b'),
  'half an emoji': notes('\ud83c'),
  'an unknown status filter': list('status=attended'),
  'a forged cursor': list('cursor=eyJmb3JnZWQiOnRydWV9'),
  'limit=0': list('limit=0'),
  'limit=100000': list('limit=100000'),
  'a list by a participant': { to: () => '/registrations', status: 403, type: 'forbidden' },
  'a CSV by a participant': { to: () => '/registrations.csv', status: 403, type: 'forbidden' },
};

/** What is stored of the event: its version stands for the decisions that changed nothing. */
async function stored(): Promise<unknown> {
  const { collections } = rollcall;
  const {
    version: _version,
    commitId: _commit,
    ...definition
  } = (await collections.events.findOne({ _id: ids.eventId })) ?? {
    version: 0,
    commitId: '',
  };
  return { definition, registrations: await collections.registrations.find({ eventId: ids.eventId }).toArray() };
}

describe('is refused, with nothing changed:', () => {
  it.each(Object.entries(cases))('%s', async (_name, { by = 'ann', to, ask, status, type, says = {} }) => {
    const before = await stored();
    const reply = await request(event + to(), { token: tokens[by], ...ask, headers: hints });
    expect(reply.body).toMatchObject({ type: `/problems/${type}`, status, ...says });
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    expect(await stored()).toEqual(before);
  });
});

describe('is taken as it is:', () => {
  it.each(['🌱'.repeat(2_000), 'שלום', '=HYPERLINK("http://example.org")', 'two\nlines\tand a tab'])(
    'notes %#',
    async (text) => {
      const to = `${event}/registrations/${ids.seat}`;
      const changed = await request(to, { method: 'PATCH', token: tokens.ann, body: { notes: text }, headers: hints });
      expect(changed.status).toBe(200);
      expect((await request(to, { token: tokens.ann })).body['notes']).toBe(text);
    },
  );

  it('and no spreadsheet calculates it', async () => {
    const to = `${event}/registrations/${ids.seat}`;
    const body = { notes: '=HYPERLINK("http://example.org")' };
    await request(to, { method: 'PATCH', token: tokens.ann, body, headers: hints });
    const csv = await fetch(`${event}/registrations.csv?bom=true`, {
      headers: { authorization: `Bearer ${tokens.staff}` },
    });
    expect(csv.headers.get('content-type')).toContain('text/csv');
    const bytes = new Uint8Array(await csv.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(new TextDecoder().decode(bytes)).toContain(`"'=HYPERLINK(""http://example.org"")"`);
  });
});
