import { createClient, type RollcallClient } from '@rollcall/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOpenEvent, type OpenEvent } from '../support/events.ts';
import { request } from '../support/http.ts';
import { startOnSharedServers, staffClaims, type Rollcall } from '../support/rollcall.ts';

let rollcall: Rollcall;
let url: string;
let event: OpenEvent;
let roleId: string;

beforeAll(async () => {
  rollcall = await startOnSharedServers({ apis: 1, workers: 1 });
  [url = ''] = rollcall.urls;
  event = await createOpenEvent(rollcall, { roles: [{ name: 'volunteers', capacity: 1, waitlist: 'auto' }] });
  [roleId = ''] = event.roleIds;
});
afterAll(() => rollcall.stop());

async function clientOf(user: string, claims: Readonly<Record<string, unknown>> = {}): Promise<RollcallClient> {
  return createClient({ url, token: await rollcall.token(user, claims) });
}

/** The decision of a mutation that was waited for. */
function decided<Value>(result: { kind: string; value?: Value }): Value {
  if (result.kind !== 'decided' || result.value === undefined) throw new Error(JSON.stringify(result));
  return result.value;
}

function found<Value>(result: { kind: string; value?: Value }): Value {
  if (result.kind !== 'found' || result.value === undefined) throw new Error(JSON.stringify(result));
  return result.value;
}

const wait = { waitSeconds: 10 };

it('takes a seat, queues, promotes, and tells everybody the truth', async () => {
  const [ann, bob, cem] = [await clientOf('ann'), await clientOf('bob'), await clientOf('cem')];
  const { eventId } = event;
  const annSeat = decided(await ann.signUpForEvent(eventId, { roleId, notes: 'vegetarian 🌱' }, wait));
  expect(annSeat).toMatchObject({ status: 'confirmed', roleId, userId: 'ann' });
  const bobPlace = decided(await bob.signUpForEvent(eventId, { roleId }, wait));
  expect(bobPlace).toMatchObject({ status: 'waitlist', waitlistPosition: 1 });
  const cemPlace = decided(await cem.signUpForEvent(eventId, { roleId }, wait));
  expect(cemPlace).toMatchObject({ status: 'waitlist', waitlistPosition: 2 });

  expect(await bob.signUpForEvent(eventId, { roleId }, wait)).toMatchObject({
    kind: 'refused',
    status: 409,
    code: 'already-registered',
    problem: { registrationId: bobPlace.registrationId, status: 409, waitlistPosition: 1 },
  });
  expect(found(await bob.getAvailability(eventId)).roles).toEqual([
    { roleId, capacity: 1, confirmed: 1, waitlist: 2, offered: 0, available: 0 },
  ]);

  expect(decided(await ann.cancelSignup(eventId, annSeat.registrationId, { ...wait, reason: 'ill' }))).toMatchObject({
    status: 'cancelled',
  });
  expect(await ann.cancelSignup(eventId, annSeat.registrationId, wait)).toMatchObject({
    status: 409,
    code: 'already-cancelled',
  });
  expect(found(await bob.getRegistration(eventId, bobPlace.registrationId))).toMatchObject({ status: 'confirmed' });
  expect(found(await cem.getRegistration(eventId, cemPlace.registrationId))).toMatchObject({
    status: 'waitlist',
    waitlistPosition: 1,
  });
  expect(await cem.getRegistration(eventId, bobPlace.registrationId)).toMatchObject({ status: 404 });
  expect(await cem.cancelSignup(eventId, bobPlace.registrationId, wait)).toMatchObject({ status: 404 });

  // Back again, and to the end of the line, as a new registration.
  const again = decided(await ann.signUpForEvent(eventId, { roleId }, wait));
  expect(again).toMatchObject({ status: 'waitlist', waitlistPosition: 2 });
  expect(again.registrationId).not.toBe(annSeat.registrationId);
  expect(found(await ann.myRegistrations()).items.map(({ status }) => status)).toEqual(['waitlist', 'cancelled']);

  const staff = await clientOf('staff-1', staffClaims);
  expect(found(await staff.getRegistration(eventId, cemPlace.registrationId))).toMatchObject({ userId: 'cem' });
  expect(decided(await staff.removeUserFromRole(eventId, bobPlace.registrationId, wait))).toMatchObject({
    status: 'cancelled',
  });
  expect(found(await cem.getRegistration(eventId, cemPlace.registrationId))).toMatchObject({ status: 'confirmed' });
});

it('lists events with their counts, and hides drafts from everybody but staff', async () => {
  const draft = await createOpenEvent(rollcall, {
    roles: [{ name: 'crew', capacity: 3, waitlist: 'off' }],
    open: false,
  });
  const anybody = createClient({ url });
  const staff = await clientOf('staff-1', staffClaims);
  const listed = found(await anybody.listEvents()).items.map(({ eventId }) => eventId);
  expect(listed).toContain(event.eventId);
  expect(listed).not.toContain(draft.eventId);
  expect(await anybody.getEvent(draft.eventId)).toMatchObject({ status: 404 });
  expect(found(await staff.getEvent(draft.eventId))).toMatchObject({ status: 'draft' });
  expect(found(await staff.listEvents({ status: 'draft' })).items.map(({ eventId }) => eventId)).toEqual([
    draft.eventId,
  ]);
  const counted = found(await anybody.getEvent(event.eventId));
  expect(counted.roles[0]?.counts).toMatchObject({ confirmed: 1 });
});

it('tells what became of a command, to its sender and to staff', async () => {
  const dan = await clientOf('dan');
  const taken = await dan.signUpForEvent(event.eventId, { roleId });
  if (taken.kind !== 'pending') throw new Error(JSON.stringify(taken));
  expect(taken.ahead).toBeGreaterThanOrEqual(0);
  expect(found(await dan.getCommand(event.eventId, taken.commandId, wait))).toMatchObject({ status: 'accepted' });
  const staff = await clientOf('staff-1', staffClaims);
  expect(found(await staff.getCommand(event.eventId, taken.commandId))).toMatchObject({ status: 'accepted' });
  const other = await clientOf('eve');
  expect(await other.getCommand(event.eventId, taken.commandId)).toMatchObject({
    status: 404,
    code: 'unknown-command',
  });
  expect(await dan.getCommand(event.eventId, 'cAAAAAAAAAAAAAAAAAAAAAA')).toMatchObject({
    status: 404,
    code: 'unknown-command',
  });
});

it('answers availability with an ETag, and 304 while it holds', async () => {
  const first = await request(`${url}/v1/events/${event.eventId}/availability`);
  const etag = first.headers.get('etag') ?? '';
  expect(etag).not.toBe('');
  const second = await request(`${url}/v1/events/${event.eventId}/availability`, {
    headers: { 'if-none-match': etag },
  });
  expect(second.status).toBe(304);
});

it('describes itself', async () => {
  const { body } = await request(`${url}/openapi.json`);
  expect(body['openapi']).toMatch(/^3\.1/);
  expect(Object.keys(body['paths'] as object)).toContain('/v1/events/{eventId}/registrations');
  const docs = await fetch(`${url}/docs`);
  expect(docs.status).toBe(200);
  expect(await docs.text()).toContain('<html');
});
