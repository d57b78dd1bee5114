import type { PoolId, Rejection, UserId } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { alice, decideAll, expectMistakes, expectProblem, others, staff, useApi } from '../testing/api.ts';
import { anEvent, eventIdOf, registrationIdOf, roleId } from '../testing/fakes.ts';

const api = useApi();
const { eventId } = anEvent('open');
const registrations = `/v1/events/${eventId}/registrations`;
const registrationId = registrationIdOf('one');
const own = `${registrations}/${registrationId}`;
const user = { kind: 'user', userId: 'alice' };
const olga = { kind: 'staff', userId: 'olga' };
const wait = { prefer: 'wait=5' };

describe('staff who sign up', () => {
  const signUp = (body: object, by = staff) => api.send({ to: `POST ${registrations}`, by, body: { roleId, ...body } });

  it('themselves are users like all others', async () => {
    const { appended } = await api.start();
    await signUp({ notes: 'n' });
    await signUp({ override: false });
    const command = { type: 'SignUp', actor: { kind: 'user', userId: 'olga' }, userId: 'olga', roleId };
    expect(appended.map(({ body }) => body)).toEqual([{ ...command, notes: 'n' }, command]);
  });

  it.each([{ userId: 'bob' }, { profile: { displayName: 'Olga' } }, { override: true }])(
    'with %o act as staff',
    async (body) => {
      const { appended } = await api.start();
      expect((await signUp(body)).statusCode).toBe(202);
      expect(appended[0]?.body).toEqual({ type: 'SignUp', actor: olga, userId: 'olga', roleId, ...body });
    },
  );

  it('over capacity have to be staff', async () => {
    const { appended } = await api.start();
    for (const by of [alice, others]) expectProblem(await signUp({ override: true }, by), 403, 'forbidden');
    expectMistakes(await signUp({ override: 'yes' }), '/override');
    expect(appended).toEqual([]);
  });

  it('are told that it was over capacity', async () => {
    const result = { registrationId, userId: 'bob' as UserId, roleId, status: 'confirmed', override: true } as const;
    decideAll(await api.start(), { kind: 'registered', ...result });
    const body = { roleId, userId: 'bob', override: true };
    const response = await api.send({ to: `POST ${registrations}`, by: staff, body, headers: wait });
    expect([response.statusCode, response.json()]).toEqual([201, expect.objectContaining(result)]);
  });
});

describe('a place on a waitlist', () => {
  it('is explained, now and later', async () => {
    const because = { reason: 'pool-full', roleId, poolId: 'tent' as PoolId, capacity: 2, taken: 3 } as const;
    const result = { registrationId, userId: 'alice' as UserId, roleId, waitlistPosition: 7, because } as const;
    decideAll(await api.start(), { kind: 'registered', status: 'waitlist', ...result });
    const response = await api.send({ to: `POST ${registrations}`, by: alice, body: { roleId }, headers: wait });
    expect(response.statusCode).toBe(201);
    const { commandId, ...registered } = response.json<{ commandId: string }>();
    expect(registered).toEqual({ eventId, version: 3, status: 'waitlist', ...result });
    const later = await api.send({ to: `/v1/events/${eventId}/commands/${commandId}`, by: alice });
    expect(later.json()).toMatchObject({ result: { kind: 'registered', status: 'waitlist', ...result } });
  });
});

describe('notes and special requirements', () => {
  const patch = (body: unknown, by = alice) => api.send({ to: `PATCH ${own}`, by, body });

  it('are changed by a merge-patch, of owner and staff', async () => {
    const { appended } = await api.start();
    const notes = '=HYPERLINK("https://example.org";"שלום 🎟")\nand\tmore';
    expect((await patch({ notes, specialRequirements: null })).statusCode).toBe(202);
    expect((await patch({}, staff)).statusCode).toBe(202);
    const headers = { 'content-type': 'application/merge-patch+json' };
    expect((await api.send({ to: `PATCH ${own}`, by: alice, body: {}, headers })).statusCode).toBe(202);
    const command = { type: 'UpdateRegistration', registrationId };
    expect(appended.map(({ body }) => body)).toEqual([
      { ...command, actor: user, notes, specialRequirements: null },
      { ...command, actor: olga },
      { ...command, actor: user },
    ]);
  });

  it.each<[unknown, detail: RegExp]>([
    ['x'.repeat(2001), /2000 characters/],
    ['🎟'.repeat(2001), /2000 characters/],
    ['a\u0000b', /control characters/],
    ['a\rb', /control characters/],
    ['a\u0085b', /control characters/],
    ['a\uD83Cb', /control characters/],
    [7, /string/],
    [{ $ne: null }, /string/],
  ])('%j are refused', async (text, detail) => {
    const { appended } = await api.start();
    const body = JSON.stringify({ notes: text });
    expect(expectMistakes(await patch(body), '/notes')).toEqual([expect.stringMatching(detail)]);
    const signUp = { to: `POST ${registrations}`, by: alice, body: { roleId, specialRequirements: text } };
    expectMistakes(await api.send(signUp), '/specialRequirements');
    expect(appended).toEqual([]);
  });

  it('may be of 2,000 code points, whatever these take', async () => {
    await api.start();
    expect((await patch({ notes: '🎟'.repeat(2000) })).statusCode).toBe(202);
  });
});

describe('a move', () => {
  const move = (body: object, by = alice) => api.send({ to: `POST ${own}/move`, by, body, headers: wait });

  it('refuses when the role is full, unless it says otherwise', async () => {
    const servers = await api.start();
    decideAll(servers, {
      kind: 'seated',
      registrationId,
      userId: 'alice' as UserId,
      roleId,
      status: 'confirmed',
    });
    const response = await move({ roleId: 'bar' });
    expect([response.statusCode, response.json()]).toEqual([
      200,
      {
        commandId: expect.any(String),
        eventId,
        version: 3,
        registrationId,
        userId: 'alice',
        roleId,
        status: 'confirmed',
      },
    ]);
    await move({ roleId: 'bar', ifFull: 'waitlist' }, staff);
    const command = { type: 'MoveBetweenRoles', registrationId, roleId: 'bar' };
    expect(servers.appended.map(({ body }) => body)).toEqual([
      { ...command, actor: user, ifFull: 'refuse' },
      { ...command, actor: olga, ifFull: 'waitlist' },
    ]);
  });

  it('that waits for its seat is a registration of its own', async () => {
    const waiting = registrationIdOf('two');
    decideAll(await api.start(), {
      kind: 'registered',
      registrationId: waiting,
      userId: 'alice' as UserId,
      roleId,
      status: 'waitlist',
      waitlistPosition: 1,
      because: { reason: 'role-full', roleId, capacity: 1, taken: 1 },
      replaces: registrationId,
    });
    const response = await move({ roleId, ifFull: 'waitlist' });
    expect(response.statusCode).toBe(201);
    expect(response.headers.location).toBe(`${registrations}/${waiting}`);
    expect(response.json()).toMatchObject({ replaces: registrationId, because: { reason: 'role-full', taken: 1 } });
  });

  it.each<[Rejection, status: number]>([
    [{ reason: 'same-role', roleId }, 409],
    // Also a role of another event: it is none of this one.
    [{ reason: 'role-not-found', roleId }, 404],
    [{ reason: 'already-cancelled', registrationId }, 409],
    [{ reason: 'registration-not-found', registrationId }, 404],
    [{ reason: 'moves-by-staff-only' }, 409],
    [{ reason: 'move-pending', registrationId }, 409],
  ])('is refused as the decision says: %o', async (rejection, status) => {
    decideAll(await api.start(), { kind: 'rejected', rejection });
    const { reason, ...facts } = rejection;
    expect(expectProblem(await move({ roleId: 'bar' }), status, reason)).toMatchObject(facts);
  });

  it.each<[object, pointer: string]>([
    [{}, ''],
    [{ roleId: 'a b' }, '/roleId'],
    [{ roleId: 'bar', ifFull: 'push' }, '/ifFull'],
    [{ roleId: 'bar', override: true }, '/override'],
  ])('of %o is refused', async (body, pointer) => {
    const { appended } = await api.start();
    expectMistakes(await move(body), pointer);
    expect(appended).toEqual([]);
  });
});

describe('leaving', () => {
  const cancel = (body: object | undefined, by = alice) => api.send({ to: `POST ${own}/cancel`, by, body });

  it('is a cancellation by the user, and a removal by staff', async () => {
    const { appended } = await api.start();
    await cancel({ reason: 'ill' });
    await cancel(undefined);
    await api.send({ to: `DELETE ${own}`, by: alice });
    await cancel({ reason: 'did not come', reasonCode: 'no-show' }, staff);
    await cancel({}, staff);
    await api.send({ to: `DELETE ${own}`, by: staff });
    const [cancelled, removed] = [
      { type: 'CancelSignup', actor: user, registrationId },
      { type: 'RemoveFromRole', actor: olga, registrationId, reasonCode: 'other' },
    ];
    expect(appended.map(({ body }) => body)).toEqual([
      { ...cancelled, reason: 'ill' },
      cancelled,
      cancelled,
      { ...removed, reason: 'did not come', reasonCode: 'no-show' },
      removed,
      removed,
    ]);
  });

  it('needs no body, and takes no other than its own', async () => {
    const { appended } = await api.start();
    expect((await cancel(undefined)).statusCode).toBe(202);
    expectMistakes(await cancel({ why: 'ill' }), '/why');
    expectMistakes(await cancel({ reason: 'a\u0000b' }), '/reason');
    expect(expectMistakes(await cancel({ reasonCode: 'whim' }, staff), '/reasonCode')[0]).toContain('no-show');
    expect(appended).toHaveLength(1);
  });

  it('with a reason code is for staff', async () => {
    const { appended } = await api.start();
    expectProblem(await cancel({ reasonCode: 'no-show' }), 403, 'forbidden');
    expectProblem(await cancel({ reasonCode: 'no-show' }, others), 403, 'forbidden');
    expect(appended).toEqual([]);
  });

  it('is answered with what was cancelled', async () => {
    decideAll(await api.start(), { kind: 'cancelled', registrationId });
    const response = await api.send({ to: `DELETE ${own}`, by: staff, headers: wait });
    expect(response.json()).toMatchObject({ registrationId, status: 'cancelled', version: 3 });
  });
});

describe('an offer', () => {
  it('is accepted or declined, by owner and staff', async () => {
    const { appended } = await api.start();
    for (const by of [alice, staff]) {
      for (const action of ['accept', 'decline']) {
        expect((await api.send({ to: `POST ${own}/${action}`, by })).statusCode).toBe(202);
      }
    }
    expect(appended.map(({ body }) => body)).toEqual([
      { type: 'AcceptOffer', actor: user, registrationId },
      { type: 'DeclineOffer', actor: user, registrationId },
      { type: 'AcceptOffer', actor: olga, registrationId },
      { type: 'DeclineOffer', actor: olga, registrationId },
    ]);
  });

  it.each<[Rejection, status: number]>([
    [{ reason: 'no-offer', registrationId, status: 'confirmed' }, 409],
    [{ reason: 'offer-expired', registrationId, expiresAt: 0 }, 409],
    [{ reason: 'registration-not-found', registrationId }, 404],
  ])('is refused as the decision says: %o', async (rejection, status) => {
    decideAll(await api.start(), { kind: 'rejected', rejection });
    const response = await api.send({ to: `POST ${own}/accept`, by: alice, headers: wait });
    expectProblem(response, status, rejection.reason);
  });
});

describe('a check-in', () => {
  it('is done and undone by staff alone', async () => {
    const { appended } = await api.start();
    for (const action of ['check-in', 'undo-check-in']) {
      const to = `POST ${own}/${action}`;
      expectProblem(await api.send({ to, by: alice }), 403, 'forbidden');
      expectProblem(await api.send({ to, by: others }), 403, 'forbidden');
      expect((await api.send({ to, by: staff, body: {} })).statusCode).toBe(202);
    }
    expect(appended.map(({ body }) => body)).toEqual([
      { type: 'CheckIn', actor: olga, registrationId },
      { type: 'UndoCheckIn', actor: olga, registrationId },
    ]);
  });
});

describe('every change of a registration', () => {
  const changes: readonly [to: string, body: object | undefined][] = [
    [`PATCH ${own}`, {}],
    [`DELETE ${own}`, undefined],
    [`POST ${own}/move`, { roleId }],
    ...['cancel', 'accept', 'decline', 'check-in', 'undo-check-in'].map(
      (action) => [`POST ${own}/${action}`, undefined] as [string, undefined],
    ),
  ];

  it.each(changes)('%s needs a token, an event that is seen, and an id that can be one', async (to, body) => {
    const { appended } = await api.start();
    expectProblem(await api.send({ to, body }), 401, 'unauthorized');
    const draft = to.replace(eventId, eventIdOf('draft'));
    expectProblem(await api.send({ to: draft, by: alice, body }), 404, 'event-not-found');
    const nonsense = to.replace(registrationId, 'nonsense');
    expectProblem(await api.send({ to: nonsense, by: staff, body }), 404, 'registration-not-found');
    expect(appended).toEqual([]);
  });

  it.each(changes)('%s is the same command when it is repeated with its key', async (to, body) => {
    const { appended } = await api.start();
    const headers = { 'idempotency-key': 'k' };
    await api.send({ to, by: staff, body, headers });
    await api.send({ to, by: staff, body, headers });
    expect(appended).toHaveLength(2);
    expect(appended[0]).toEqual(appended[1]);
  });

  it('has a key of its own', async () => {
    const { appended } = await api.start();
    for (const [to, body] of changes) await api.send({ to, by: staff, body, headers: { 'idempotency-key': 'k' } });
    expect(new Set(appended.map(({ commandId }) => commandId)).size).toBe(changes.length);
  });
});
