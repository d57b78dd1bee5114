import { createClient, type RollcallClient } from '@rollcall/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOpenEvent, type OpenEvent } from '../support/events.ts';
import { startOnSharedServers, staffClaims, type Rollcall } from '../support/rollcall.ts';

let rollcall: Rollcall;
let event: OpenEvent;
let staff: RollcallClient;

beforeAll(async () => {
  rollcall = await startOnSharedServers({ apis: 1, workers: 1, apiEnv: { HISTORY_DECISIONS_MAX: '7' } });
  event = await createOpenEvent(rollcall, { roles: [{ name: 'volunteers', capacity: 1, waitlist: 'auto' }] });
  staff = await clientOf('staff-1', staffClaims);
});
afterAll(() => rollcall.stop());

async function clientOf(user: string, claims: Readonly<Record<string, unknown>> = {}): Promise<RollcallClient> {
  const [url = ''] = rollcall.urls;
  return createClient({ url, token: await rollcall.token(user, claims) });
}

function valueOf<Value>(result: { kind: string; value?: Value }): Value {
  if (result.value === undefined) throw new Error(JSON.stringify(result));
  return result.value;
}

async function history(options?: Parameters<RollcallClient['readHistory']>[1]) {
  const lines: unknown[] = [];
  for await (const line of valueOf(await staff.readHistory(event.eventId, options))) lines.push(line);
  return lines;
}

const wait = { waitSeconds: 10 };

it('tells staff what was decided, as it goes on, and who held the seat at any time', async () => {
  const { eventId, roleIds } = event;
  const [roleId = ''] = roleIds;
  const [ann, bob] = [await clientOf('ann'), await clientOf('bob')];
  const first = valueOf(await ann.signUpForEvent(eventId, { roleId, notes: 'a secret of mine' }, wait));
  const second = valueOf(await bob.signUpForEvent(eventId, { roleId }, wait));

  const begun = valueOf(await staff.readJournal(eventId));
  expect(begun.items.map(({ version, type }) => `${version} ${type}`)).toEqual([
    '1 CreateEvent',
    '2 ChangeEventSettings',
    '3 SignUp',
    '4 SignUp',
  ]);
  expect(begun.nextAfter).toBe(4);
  expect(valueOf(await staff.readJournal(eventId, { after: 4 }))).toEqual({ items: [], nextAfter: 4 });
  const thenAt = begun.items.at(-1)?.decidedAt ?? '';

  valueOf(await ann.cancelSignup(eventId, first.registrationId, { ...wait, reason: 'another secret' }));
  expect(await ann.cancelSignup(eventId, first.registrationId, wait)).toMatchObject({ kind: 'refused' });
  const next = valueOf(await staff.readJournal(eventId, { after: begun.nextAfter, limit: 1 }));
  const promoted = { registrationId: second.registrationId, userId: 'bob', roleId, sequence: 4 };
  expect(next.items).toMatchObject([
    {
      version: 5,
      commandId: expect.stringMatching(/^c/) as string,
      type: 'CancelSignup',
      actor: { kind: 'user', userId: 'ann' },
      outcome: 'accepted',
      domainEvents: [
        { type: 'RegistrationCancelled', registrationId: first.registrationId, cause: 'user' },
        { type: 'RegistrationPromoted', ...promoted },
      ],
    },
  ]);
  const refused = valueOf(await staff.readJournal(eventId, { after: next.nextAfter }));
  expect(refused).toMatchObject({
    items: [{ version: 6, rejection: { reason: 'already-cancelled', registrationId: first.registrationId } }],
    nextAfter: 6,
  });
  expect(JSON.stringify([begun, next, refused])).not.toMatch(/secret|Name of|bodyHash/);

  const seat = { type: 'place', roleId, standing: 'confirmed' };
  expect(await history({ at: thenAt })).toMatchObject([
    { type: 'event', version: 4 },
    { ...seat, userId: 'ann', sinceVersion: 3 },
    { userId: 'bob', standing: 'waitlist', waitlistPosition: 1 },
  ]);
  expect(await history({ userId: 'bob' })).toMatchObject([
    { type: 'event', version: 6 },
    { ...seat, userId: 'bob', sinceVersion: 5 },
    { type: 'decision', version: 4, facts: [{ type: 'RegistrationWaitlisted' }] },
    { type: 'decision', version: 5, facts: [{ type: 'RegistrationPromoted' }] },
  ]);
  expect(await ann.readJournal(eventId)).toMatchObject({ kind: 'refused', code: 'forbidden' });
  expect(await ann.readHistory(eventId)).toMatchObject({ kind: 'refused', code: 'forbidden' });

  valueOf(await staff.removeUserFromRole(eventId, second.registrationId, wait));
  expect(await history()).toHaveLength(1);
  valueOf(await bob.signUpForEvent(eventId, { roleId }, wait));
  expect(await staff.readHistory(eventId)).toMatchObject({
    kind: 'refused',
    status: 422,
    code: 'history-too-long',
    problem: { decisions: 8, decisionsMax: 7 },
  });
});
