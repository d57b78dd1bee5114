import { describe, expect, it } from 'vitest';
import { alice, decideAll, expectMistakes, expectProblem, others, staff, useApi } from '../testing/api.ts';
import { anEvent, eventIdOf, registrationIdOf, roleId } from '../testing/fakes.ts';

const api = useApi();
const { eventId } = anEvent('open');
const event = `/v1/events/${eventId}`;
const newEvent = {
  organizerId: 'org-1',
  title: 'T',
  startsAt: '2099-01-01T10:00:00Z',
  endsAt: '2099-01-01T12:00:00Z',
  timeZone: 'Europe/Berlin',
  roles: [
    { roleId: 'bar', name: 'Bar', capacity: 3, waitlist: 'offer', waitlistMax: 9, offerSeconds: 60 },
    { name: 'Crew', capacity: null },
  ],
};
const create = (body: object, prefer = 'wait=0') =>
  api.send({ to: 'POST /v1/events', by: staff, body: { ...newEvent, ...body }, headers: { prefer } });
const patch = (body: unknown, by = staff) => api.send({ to: `PATCH ${event}`, by, body });

describe('a new event', () => {
  const whole = {
    cancelClosesAt: '2098-12-31T10:00:00+01:00',
    capacity: 100,
    usersMayMove: true,
    registrationsPerUserMax: 2,
    pools: { tent: { capacity: 5, roleIds: ['bar'] } },
  };

  it('is a command with all that was said, and defaults for the rest', async () => {
    const { appended } = await api.start();
    await create(whole);
    expect(appended[0]?.body).toMatchObject({
      type: 'CreateEvent',
      settings: {
        cancelClosesAt: Date.parse(whole.cancelClosesAt),
        capacity: 100,
        usersMayMove: true,
        registrationsPerUserMax: 2,
      },
      roles: [
        { roleId: 'bar', name: 'Bar', capacity: 3, waitlist: 'offer', waitlistMax: 9, offerMs: 60_000 },
        { roleId: expect.stringMatching(/^[\w-]{8}$/), capacity: null, waitlist: 'auto', offerMs: 86_400_000 },
      ],
      pools: [{ poolId: 'tent', capacity: 5, roleIds: ['bar'] }],
    });
    await create({});
    expect(appended[1]?.body).toMatchObject({ settings: { usersMayMove: false }, pools: [] });
    expect(appended[1]?.body).not.toHaveProperty('settings.capacity');
  });

  it('is answered as it is, with what its limits leave free', async () => {
    decideAll(await api.start(), { kind: 'created' });
    const response = await create(whole, 'wait=5');
    expect(response.statusCode).toBe(201);
    const none = { confirmed: 0, waitlist: 0, offered: 0 };
    expect(response.json()).toMatchObject({
      cancelClosesAt: '2098-12-31T09:00:00.000Z',
      capacity: 100,
      usersMayMove: true,
      roles: [
        { roleId: 'bar', capacity: 3, waitlistMax: 9, offerSeconds: 60, counts: { ...none, available: 3 } },
        { name: 'Crew', capacity: null, offerSeconds: 86_400, counts: { ...none, available: 100 } },
      ],
      pools: { tent: { capacity: 5, roleIds: ['bar'] } },
    });
    expect((await create({}, 'wait=5')).json()).toMatchObject({
      roles: [{}, { capacity: null, counts: { available: null } }],
    });
  });

  it.each<[object, pointer: string]>([
    [{ capacity: -1 }, '/capacity'],
    [{ capacity: 1.5 }, '/capacity'],
    [{ capacity: 2 ** 53 }, '/capacity'],
    [{ capacity: '10' }, '/capacity'],
    [{ cancelClosesAt: '2099-02-30T10:00:00Z' }, '/cancelClosesAt'],
    [{ usersMayMove: 'yes' }, '/usersMayMove'],
    [{ title: 'a\u0000b' }, '/title'],
    [{ roles: [{ name: 'a', capacity: -1 }] }, '/roles/0/capacity'],
    [{ roles: [{ name: 'a', capacity: 2 ** 53 }] }, '/roles/0/capacity'],
    [{ roles: [{ name: 'a', capacity: '10' }] }, '/roles/0/capacity'],
    [{ roles: [{ name: 'a', capacity: 1, offerSeconds: 0 }] }, '/roles/0/offerSeconds'],
    [{ roles: [1, 2].map((n) => ({ roleId: 'r', name: `n${n}`, capacity: 1 })) }, '/roles/1/roleId'],
    [{ roles: [1, 2].map((n) => ({ roleId: `r${n}`, name: 'n', capacity: 1 })) }, '/roles/1/name'],
    [{ pools: { tent: { capacity: 1, roleIds: ['bar', 'bar'] } } }, '/pools/tent/roleIds'],
    [{ pools: { tent: { capacity: 1, roleIds: ['bar', 'nobody'] } } }, '/pools/tent/roleIds/1'],
    [{ pools: { 'the tent': { capacity: 1, roleIds: [] } } }, '/pools/the tent'],
  ])('with %o is refused', async (body, pointer) => {
    const { appended } = await api.start();
    expectMistakes(await create(body), pointer);
    expect(appended).toEqual([]);
  });
});

describe('a merge-patch of an event', () => {
  it('is one command of all that it says', async () => {
    const { appended } = await api.start();
    const response = await patch({
      title: 'New',
      startsAt: '2099-01-01T11:00:00+01:00',
      location: null,
      signupClosesAt: null,
      cancelClosesAt: '2098-01-01T00:00:00Z',
      capacity: null,
      registrationsPerUserMax: 3,
      usersMayMove: true,
      pools: { tent: { capacity: 4 }, gate: null, bus: { capacity: 1, roleIds: ['a', 'b'] } },
      status: 'closed',
      ifOver: 'demote',
      dryRun: true,
    });
    expect(response.statusCode).toBe(202);
    expect(appended.map(({ body }) => body)).toEqual([
      {
        type: 'ChangeEventSettings',
        actor: { kind: 'staff', userId: 'olga' },
        settings: {
          title: 'New',
          startsAt: Date.parse('2099-01-01T10:00:00Z'),
          location: null,
          signupClosesAt: null,
          cancelClosesAt: Date.parse('2098-01-01T00:00:00Z'),
          capacity: null,
          registrationsPerUserMax: 3,
          usersMayMove: true,
        },
        pools: { tent: { capacity: 4 }, gate: null, bus: { capacity: 1, roleIds: ['a', 'b'] } },
        status: 'closed',
        ifOver: 'demote',
        dryRun: true,
      },
    ]);
  });

  it('may be empty, and refuses what would be over unless it says otherwise', async () => {
    const { appended } = await api.start();
    expect((await patch({})).statusCode).toBe(202);
    expect(appended[0]?.body).toEqual({
      type: 'ChangeEventSettings',
      actor: { kind: 'staff', userId: 'olga' },
      settings: {},
      pools: {},
      ifOver: 'refuse',
      dryRun: false,
    });
  });

  it('may come as what it is', async () => {
    await api.start();
    const headers = { 'content-type': 'application/merge-patch+json' };
    const call = { to: `PATCH ${event}`, by: staff, body: { status: 'cancelled' } };
    expect((await api.send({ ...call, headers })).statusCode).toBe(202);
  });

  it.each<[unknown, ...pointers: string[]]>([
    [{ capacity: -1 }, '/capacity'],
    [{ capacity: 1.5 }, '/capacity'],
    [{ capacity: 2 ** 53 }, '/capacity'],
    [{ capacity: '10' }, '/capacity'],
    [{ title: null }, '/title'],
    [{ startsAt: '2099-02-30T10:00:00Z', timeZone: 'Mars/Olympus' }, '/startsAt'],
    [{ startsAt: '2099-06-30T23:59:60Z', timeZone: 'Mars/Olympus' }, '/startsAt', '/timeZone'],
    [{ signupOpensAt: 0 }, '/signupOpensAt'],
    [{ status: 'draft' }, '/status'],
    [{ ifOver: 'whatever' }, '/ifOver'],
    [{ dryRun: 'true' }, '/dryRun'],
    [{ organizerId: 'org-2' }, '/organizerId'],
    [{ pools: { tent: { capacity: null } } }, '/pools/tent/capacity'],
    [{ pools: null }, '/pools'],
    [{ pools: { tent: { roleIds: ['a', 'a'] } } }, '/pools/tent/roleIds'],
    [[], ''],
    ['null', ''],
  ])('that says %j is refused', async (body, ...pointers) => {
    const { appended } = await api.start();
    expectMistakes(await patch(body), ...pointers);
    expect(appended).toEqual([]);
  });

  it('that is a dry run is answered with whom it would affect', async () => {
    const effects = [
      { registrationId: registrationIdOf('r'), userId: 'bob' as never, roleId, effect: 'demoted' as const },
    ];
    decideAll(await api.start(), { kind: 'previewed', effects, complete: false });
    const response = await api.send({
      to: `PATCH ${event}`,
      by: staff,
      body: { capacity: 1, ifOver: 'demote', dryRun: true },
      headers: { prefer: 'wait=5' },
    });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      commandId: expect.any(String),
      eventId,
      version: 3,
      status: 'accepted',
      dryRun: true,
      effects,
      complete: false,
    });
    const { commandId } = response.json<{ commandId: string }>();
    const later = await api.send({ to: `${event}/commands/${commandId}`, by: staff });
    expect(later.json()).toMatchObject({ status: 'accepted', result: { kind: 'previewed', effects, complete: false } });
  });

  it('that changes something is answered so', async () => {
    decideAll(await api.start(), { kind: 'changed' });
    const call = { to: `PATCH ${event}`, by: staff, body: {}, headers: { prefer: 'wait=5' } };
    expect((await api.send(call)).json()).toEqual({
      commandId: expect.any(String),
      eventId,
      version: 3,
      status: 'accepted',
    });
  });

  it('may be larger than a signup: events have up to a hundred roles', async () => {
    await api.start();
    const roleIds = Array.from({ length: 100 }, (_, index) => `${String(index).padStart(3, '0')}-${'r'.repeat(28)}`);
    const pools = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((id) => [id, { capacity: 1, roleIds }]));
    expect(JSON.stringify({ pools }).length).toBeGreaterThan(16_384);
    expect((await patch({ pools })).statusCode).toBe(202);
    const roles = roleIds.map((id, index) => ({ roleId: id, name: `${'🎟'.repeat(190)}${index}`, capacity: 1 }));
    expect((await create({ roles, pools })).statusCode).toBe(202);
    expectProblem(await patch({ location: 'x'.repeat(300_000) }), 413, 'body-too-large');
  });
});

describe('roles', () => {
  const roles = `${event}/roles`;
  const role = `${roles}/${roleId}`;

  it('are added, with an id that a repeat gets too', async () => {
    const servers = await api.start();
    decideAll(servers, ({ body: { ...command } }) => {
      if (command.type !== 'AddRole') throw new Error('something else was appended');
      return { kind: 'role-added', roleId: command.role.roleId };
    });
    const add = () =>
      api.send({
        to: `POST ${roles}`,
        by: staff,
        body: { name: 'Gate', capacity: 5, offerSeconds: 1 },
        headers: { prefer: 'wait=5', 'idempotency-key': 'k' },
      });
    const response = await add();
    const body = servers.appended[0]?.body;
    if (body?.type !== 'AddRole') throw new Error('something else was appended');
    const { roleId: added } = body.role;
    expect(body.role).toEqual({ roleId: added, name: 'Gate', capacity: 5, waitlist: 'auto', offerMs: 1000 });
    expect(response.statusCode).toBe(201);
    expect(response.headers.location).toBe(`${roles}/${added}`);
    expect(response.json()).toEqual({
      commandId: servers.appended[0]?.commandId,
      eventId,
      version: 3,
      status: 'accepted',
      roleId: added,
    });
    expect((await add()).json()).toEqual(response.json());
  });

  it('are not added twice by one name', async () => {
    decideAll(await api.start(), {
      kind: 'rejected',
      rejection: { reason: 'role-name-taken', roleId, name: 'volunteers' },
    });
    const body = { name: 'volunteers', capacity: 5 };
    const response = await api.send({ to: `POST ${roles}`, by: staff, body, headers: { prefer: 'wait=5' } });
    expect(expectProblem(response, 409, 'role-name-taken')).toMatchObject({ roleId, name: 'volunteers' });
  });

  it('are changed by a merge-patch', async () => {
    const { appended } = await api.start();
    const body = { name: 'Gate', capacity: null, waitlistMax: null, offerSeconds: 30, ifOver: 'keep' };
    expect((await api.send({ to: `PATCH ${role}`, by: staff, body })).statusCode).toBe(202);
    const headers = { 'content-type': 'application/merge-patch+json' };
    expect((await api.send({ to: `PATCH ${role}`, by: staff, body: {}, headers })).statusCode).toBe(202);
    const command = { type: 'ChangeRole', actor: { kind: 'staff', userId: 'olga' }, roleId };
    expect(appended.map((each) => each.body)).toEqual([
      {
        ...command,
        changes: { name: 'Gate', capacity: null, waitlistMax: null, offerMs: 30_000 },
        ifOver: 'keep',
        dryRun: false,
      },
      { ...command, changes: {}, ifOver: 'refuse', dryRun: false },
    ]);
  });

  it('say how many are too many', async () => {
    const rejection = {
      reason: 'capacity-below-taken',
      limit: 'role',
      roleId,
      capacity: 1,
      taken: 3,
      over: 2,
    } as const;
    decideAll(await api.start(), { kind: 'rejected', rejection });
    const call = { to: `PATCH ${role}`, by: staff, body: { capacity: 1 }, headers: { prefer: 'wait=5' } };
    const problem = expectProblem(await api.send(call), 409, 'capacity-below-taken');
    expect(problem).toMatchObject({ limit: 'role', roleId, capacity: 1, taken: 3, over: 2 });
    expect(problem['detail']).toContain('ifOver');
  });

  it('are deleted', async () => {
    const servers = await api.start();
    decideAll(servers, { kind: 'changed' });
    const call = { to: `DELETE ${role}`, by: staff, headers: { prefer: 'wait=5' } };
    expect((await api.send(call)).json()).toMatchObject({ status: 'accepted', version: 3 });
    expect(servers.appended[0]?.body).toEqual({
      type: 'DeleteRole',
      actor: { kind: 'staff', userId: 'olga' },
      roleId,
    });
    decideAll(servers, {
      kind: 'rejected',
      rejection: { reason: 'role-in-use', roleId, confirmed: 1, waitlist: 2, offered: 0 },
    });
    expect(expectProblem(await api.send(call), 409, 'role-in-use')).toMatchObject({ confirmed: 1, waitlist: 2 });
  });

  it.each<[object, pointer: string]>([
    [{ capacity: -1 }, '/capacity'],
    [{ capacity: 1.5 }, '/capacity'],
    [{ capacity: 2 ** 53 }, '/capacity'],
    [{ capacity: '10' }, '/capacity'],
    [{ name: '' }, '/name'],
    [{ name: 'a\nb' }, '/name'],
    [{ roleId: 'other' }, '/roleId'],
    [{ offerSeconds: 0 }, '/offerSeconds'],
    [{ waitlist: 'queue' }, '/waitlist'],
  ])('with %o are refused', async (body, pointer) => {
    const { appended } = await api.start();
    expectMistakes(await api.send({ to: `PATCH ${role}`, by: staff, body }), pointer);
    expectMistakes(
      await api.send({ to: `POST ${roles}`, by: staff, body: { name: 'n', capacity: 1, ...body } }),
      pointer,
    );
    expect(appended).toEqual([]);
  });

  it('that can be none are not found', async () => {
    await api.start();
    expectProblem(await api.send({ to: `DELETE ${roles}/a%20b`, by: staff }), 404, 'role-not-found');
  });
});

describe('only staff of the organizer', () => {
  it.each([
    [`PATCH ${event}`, {}],
    [`POST ${event}/roles`, { name: 'n', capacity: 1 }],
    [`PATCH ${event}/roles/${roleId}`, {}],
    [`DELETE ${event}/roles/${roleId}`, undefined],
  ])('may %s', async (to, body) => {
    const { appended } = await api.start();
    expectProblem(await api.send({ to, by: alice, body }), 403, 'forbidden');
    expectProblem(await api.send({ to, by: others, body }), 403, 'forbidden');
    expectProblem(await api.send({ to, body }), 401, 'unauthorized');
    const draft = to.replace(eventId, eventIdOf('draft'));
    expectProblem(await api.send({ to: draft, by: alice, body }), 404, 'event-not-found');
    expect((await api.send({ to: draft, by: staff, body })).statusCode).toBe(202);
    expect(appended).toHaveLength(1);
  });
});
