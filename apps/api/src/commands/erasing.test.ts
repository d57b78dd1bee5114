import type { CommandId, Result, UserId } from '@rollcall/domain';
import { describe, expect, it, vi } from 'vitest';
import { expectProblem, staff, useApi } from '../testing/api.ts';
import { anEvent, registrationIdOf, StoreAwayError, type FakeServers } from '../testing/fakes.ts';
import { tokenOf } from '../testing/tokens.ts';

const eraser = `Bearer ${await tokenOf('dora', { claims: { grants: ['erase'] } })}`;
const to = 'POST /v1/users/ann/erase';

/** As a worker would, once it is asked to. */
function decideErasures(servers: FakeServers, ...results: readonly Result[]): void {
  const rest = [...results];
  servers.append = async (command) => {
    servers.decide(command, rest.shift() ?? { kind: 'changed' });
    return { kind: 'new', ahead: 0, wakeUpDue: true };
  };
}
const erased = (count: number, left = false): Result => ({
  kind: 'erased',
  registrationIds: Array.from({ length: count }, (_, n) => registrationIdOf(`r${n}`)),
  left,
});

describe('POST /v1/users/{userId}/erase', () => {
  const api = useApi();

  it('is for those with the grant alone, whoever they are staff of', async () => {
    const servers = await api.start();
    expectProblem(await api.send({ to }), 401, 'unauthorized');
    expectProblem(await api.send({ to, by: staff }), 403, 'forbidden');
    expect(servers.appended).toEqual([]);
  });

  it('asks each event that names the user, until nothing is left', async () => {
    const servers = await api.start();
    servers.traces = [anEvent('open'), anEvent('draft')];
    decideErasures(servers, erased(3, true), erased(2));
    const answer = await api.send({ to, by: eraser });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      events: [
        { eventId: anEvent('open').eventId, registrations: 5, left: false },
        { eventId: anEvent('draft').eventId, registrations: 0, left: false },
      ],
      complete: true,
    });
    const bodies = servers.appended.map(({ body }) => body);
    expect(bodies).toHaveLength(3);
    expect(bodies[0]).toMatchObject({ type: 'EraseUser', userId: 'ann', actor: { kind: 'staff', userId: 'dora' } });
    const ids = bodies.map((body) => body.type === 'EraseUser' && body.erasedAs);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^erased-[A-Za-z0-9_-]{22}$/);
  });

  it('takes every id that a user can have, and no other', async () => {
    await api.start();
    const longest = '🌱'.repeat(128);
    const answer = await api.send({ to: `POST /v1/users/${encodeURIComponent(longest)}/erase`, by: eraser });
    expect(answer.json()).toEqual({ events: [], complete: true });
    for (const id of ['a%0A', `${encodeURIComponent(longest)}x`, '%ED%A0%80']) {
      expectProblem(await api.send({ to: `POST /v1/users/${id}/erase`, by: eraser }), 404, 'not-found');
    }
    const withBody = await api.send({ to, by: eraser, body: { really: true } });
    expectProblem(withBody, 400, 'validation');
  });

  it('answers what it knows when it takes longer, and goes on; the next request hears of the end', async () => {
    const servers = await api.start({ ERASE_MS_MAX: '20' });
    servers.traces = [anEvent('open')];
    const first = await api.send({ to, by: eraser });
    expect(first.statusCode).toBe(202);
    expect(first.headers['retry-after']).toBe('1');
    expect(first.json()).toEqual({ events: [], complete: false });
    // Somebody else has to wait, and nothing is begun twice.
    const other = await api.send({ to: 'POST /v1/users/bob/erase', by: eraser });
    expectProblem(other, 503, 'busy');
    expect(other.headers['retry-after']).toBe('5');
    expect((await api.send({ to, by: eraser })).statusCode).toBe(202);
    expect(servers.appended).toHaveLength(1);
    const [command] = servers.appended;
    if (command !== undefined) servers.decide(command, erased(1));
    await vi.waitFor(async () => {
      const last = await api.send({ to, by: eraser });
      expect(last.json()).toMatchObject({ events: [{ registrations: 1 }], complete: true });
    });
    expect(servers.appended).toHaveLength(1);
    // It has been told; what comes after it is another.
    servers.traces = [];
    expect((await api.send({ to: 'POST /v1/users/bob/erase', by: eraser })).statusCode).toBe(200);
  });

  it('says that something is left when nobody decides', async () => {
    const servers = await api.start({ ERASE_DECISION_MS_MAX: '100' });
    servers.traces = [anEvent('open')];
    const answer = await api.send({ to, by: eraser });
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toMatchObject({ events: [{ registrations: 0, left: true }], complete: false });
  });

  it('fails when the store is away, and begins anew', async () => {
    const servers = await api.start();
    servers.storeFault = new StoreAwayError();
    expectProblem(await api.send({ to, by: eraser }), 503, 'unavailable');
    servers.storeFault = undefined;
    expect((await api.send({ to, by: eraser })).statusCode).toBe(200);
  });

  it('is broken off when the process stops', async () => {
    const servers = await api.start();
    servers.traces = [anEvent('open')];
    const answering = api.send({ to, by: eraser });
    await vi.waitFor(() => expect(servers.appended).toHaveLength(1));
    await api.api.close();
    expect((await answering).json()).toMatchObject({ complete: false });
  });
});

describe('somebody who was erased', () => {
  const api = useApi();
  const nobody = `erased-${'n'.repeat(22)}` as UserId;

  it('does not come back by a token', async () => {
    await api.start();
    const response = await api.send({ to: '/v1/me/registrations', by: `Bearer ${await tokenOf(nobody)}` });
    expectProblem(response, 401, 'unauthorized');
  });

  it('is not signed up by staff', async () => {
    const servers = await api.start();
    const { eventId, roles } = anEvent('open');
    const body = { roleId: roles[0]?.roleId, userId: nobody };
    expectProblem(
      await api.send({ to: `POST /v1/events/${eventId}/registrations`, by: staff, body }),
      403,
      'forbidden',
    );
    expect(servers.appended).toEqual([]);
  });

  it('is told of in what became of the command', async () => {
    const servers = await api.start();
    const { eventId } = anEvent('open');
    const commandId = `c${'x'.repeat(22)}` as CommandId;
    const body = {
      type: 'EraseUser',
      actor: { kind: 'staff', userId: 'dora' },
      userId: 'ann',
      erasedAs: nobody,
    } as never;
    servers.decide({ commandId, eventId, bodyHash: '', keyed: false, body }, erased(1, true));
    const response = await api.send({ to: `/v1/events/${eventId}/commands/${commandId}`, by: eraser });
    expect(response.json()).toMatchObject({ status: 'accepted', result: { kind: 'erased', left: true } });
  });
});
