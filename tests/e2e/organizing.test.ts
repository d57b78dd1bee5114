import { createClient, type RollcallClient } from '@rollcall/client';
import { checkHistory } from '@rollcall/checkers';
import type { EventId } from '@rollcall/domain';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { recordedHistory } from '../support/recorded.ts';
import { organizerId, startOnSharedServers, staffClaims, type Rollcall } from '../support/rollcall.ts';

let rollcall: Rollcall;
let url: string;
let staff: RollcallClient;
const wait = { waitSeconds: 10 };

beforeAll(async () => {
  rollcall = await startOnSharedServers({ apis: 1, workers: 1, workerEnv: { OVERDUE_SWEEP_MS: '300' } });
  [url = ''] = rollcall.urls;
  staff = await clientOf('staff-1', staffClaims);
});
afterAll(() => rollcall.stop());

async function clientOf(user: string, claims: Readonly<Record<string, unknown>> = {}): Promise<RollcallClient> {
  return createClient({ url, token: await rollcall.token(user, claims) });
}

/** What a call answered when it did what it was asked. */
function ok<Value>(result: { kind: string; value?: Value }): Value {
  if (result.value === undefined) throw new Error(JSON.stringify(result));
  return result.value;
}

type NewEvent = Parameters<RollcallClient['createEvent']>[0];

/** An open event whose roles have the ids that are given. */
async function anEvent(parts: Partial<NewEvent>): Promise<string> {
  const event = await staff.createEvent({
    organizerId,
    title: 'Summer fair',
    startsAt: '2099-01-01T10:00:00Z',
    endsAt: '2099-01-01T12:00:00Z',
    timeZone: 'Europe/Berlin',
    roles: [{ roleId: 'cooks', name: 'Cooks', capacity: 1 }],
    ...parts,
  });
  const { eventId } = ok(event);
  ok(await staff.openEvent(eventId, wait));
  return eventId;
}

async function signedUp(user: string, eventId: string, roleId = 'cooks') {
  return ok(await (await clientOf(user)).signUpForEvent(eventId, { roleId }, wait));
}

const statusOf = async (eventId: string, registrationId: string) =>
  ok(await staff.getRegistration(eventId, registrationId));

async function expectTrueHistory(eventId: string): Promise<void> {
  expect(checkHistory(await recordedHistory(rollcall, eventId as EventId))).toEqual([]);
}

it('an organizer lowers and raises capacities, first as a dry run', async () => {
  const roles = [{ roleId: 'cooks', name: 'Cooks', capacity: 3 }];
  const eventId = await anEvent({ roles });
  const [ann, bob, cem] = [
    await signedUp('ann', eventId),
    await signedUp('bob', eventId),
    await signedUp('cem', eventId),
  ];
  const lower = { capacity: 1, ifOver: 'demote' } as const;
  expect(await staff.changeRole(eventId, 'cooks', { capacity: 1 }, wait)).toMatchObject({
    code: 'capacity-below-taken',
    problem: { taken: 3, over: 2 },
  });
  const preview = ok(await staff.changeRole(eventId, 'cooks', { ...lower, dryRun: true }, wait));
  expect(preview).toMatchObject({
    dryRun: true,
    complete: true,
    effects: [
      { registrationId: cem.registrationId, effect: 'demoted' },
      { registrationId: bob.registrationId, effect: 'demoted' },
    ],
  });
  expect(await statusOf(eventId, cem.registrationId)).toMatchObject({ status: 'confirmed' });
  ok(await staff.changeRole(eventId, 'cooks', lower, wait));
  expect(await statusOf(eventId, bob.registrationId)).toMatchObject({ status: 'waitlist', waitlistPosition: 1 });
  expect(await statusOf(eventId, cem.registrationId)).toMatchObject({ status: 'waitlist', waitlistPosition: 2 });
  // Whoever comes now stands behind those who were demoted.
  expect(await signedUp('dan', eventId)).toMatchObject({ waitlistPosition: 3, because: { reason: 'role-full' } });
  ok(await staff.changeRole(eventId, 'cooks', { capacity: null, name: 'All cooks' }, wait));
  expect(ok(await staff.getAvailability(eventId)).roles).toEqual([
    { roleId: 'cooks', capacity: null, confirmed: 4, waitlist: 0, offered: 0, available: null },
  ]);
  expect(await statusOf(eventId, ann.registrationId)).toMatchObject({ status: 'confirmed' });
  await expectTrueHistory(eventId);
});

it('roles share seats in pools and in the event, and come and go', async () => {
  const roles = ['cooks', 'drivers', 'guides'].map((roleId) => ({ roleId, name: roleId, capacity: 5 }));
  const pools = { kitchen: { capacity: 1, roleIds: ['cooks', 'drivers'] } };
  const eventId = await anEvent({ roles, pools, capacity: 2 });
  const ann = await signedUp('ann', eventId, 'cooks');
  expect(await signedUp('bob', eventId, 'drivers')).toMatchObject({
    status: 'waitlist',
    because: { reason: 'pool-full', poolId: 'kitchen', capacity: 1, taken: 1 },
  });
  await signedUp('cem', eventId, 'guides');
  expect(await signedUp('dan', eventId, 'guides')).toMatchObject({ because: { reason: 'event-full', taken: 2 } });
  // A seat of the event is free, and the pool's too: bob came before dan.
  ok(await staff.removeUserFromRole(eventId, ann.registrationId, { ...wait, reasonCode: 'no-show', reason: 'ill' }));
  expect(await statusOf(eventId, ann.registrationId)).toMatchObject({
    status: 'cancelled',
    cancelCause: 'staff',
    cancelReasonCode: 'no-show',
    cancelReason: 'ill',
  });
  const held = ok(await staff.listParticipants(eventId, { status: 'confirmed' })).items;
  expect(held.map(({ userId }) => userId)).toEqual(['bob', 'cem']);

  const added = ok(await staff.addRole(eventId, { name: 'medics', capacity: 1 }, wait));
  expect(await staff.addRole(eventId, { name: 'medics', capacity: 1 }, wait)).toMatchObject({
    code: 'role-name-taken',
  });
  ok(await staff.changeEvent(eventId, { pools: { kitchen: null }, capacity: null, title: 'Winter fair' }, wait));
  expect(ok(await staff.getEvent(eventId))).toMatchObject({ title: 'Winter fair', pools: {} });
  expect(ok(await staff.listParticipants(eventId, { status: 'waitlist' })).items).toEqual([]);
  expect(await staff.deleteRole(eventId, 'guides', wait)).toMatchObject({ code: 'role-in-use' });
  ok(await staff.deleteRole(eventId, added.roleId, wait));
  await expectTrueHistory(eventId);
});

it('people move between roles, at once or when their turn comes', async () => {
  const roles = ['cooks', 'drivers'].map((roleId) => ({ roleId, name: roleId, capacity: 1 }));
  const eventId = await anEvent({ roles, usersMayMove: true });
  const [ann, bob] = [await signedUp('ann', eventId, 'cooks'), await signedUp('bob', eventId, 'drivers')];
  const cem = await signedUp('cem', eventId, 'cooks');
  const anns = await clientOf('ann');
  const move = (roleId: string, ifFull: 'refuse' | 'waitlist') =>
    anns.moveUserBetweenRoles(eventId, ann.registrationId, { roleId, ifFull }, wait);
  expect(await move('cooks', 'refuse')).toMatchObject({ code: 'same-role' });
  expect(await move('nowhere', 'refuse')).toMatchObject({ status: 404, code: 'role-not-found' });
  expect(await move('drivers', 'refuse')).toMatchObject({ code: 'role-full', problem: { taken: 1 } });
  const queued = ok(await move('drivers', 'waitlist'));
  expect(queued).toMatchObject({ status: 'waitlist', waitlistPosition: 1, replaces: ann.registrationId });
  ok(await (await clientOf('bob')).cancelSignup(eventId, bob.registrationId, wait));
  // One decision: ann drives, and her place in the kitchen is cem's.
  expect(await statusOf(eventId, queued.registrationId)).toMatchObject({ status: 'confirmed', roleId: 'drivers' });
  expect(await statusOf(eventId, ann.registrationId)).toMatchObject({ status: 'cancelled', cancelCause: 'moved' });
  expect(await statusOf(eventId, cem.registrationId)).toMatchObject({ status: 'confirmed' });
  ok(await staff.removeUserFromRole(eventId, cem.registrationId, wait));
  // Onto a place that was hers, and was cancelled.
  expect(ok(await anns.moveUserBetweenRoles(eventId, queued.registrationId, { roleId: 'cooks' }, wait))).toMatchObject({
    status: 'confirmed',
    roleId: 'cooks',
  });
  await expectTrueHistory(eventId);
});

it('seats are offered, accepted, declined, and expire, also when the timer was lost', async () => {
  const offering = { roleId: 'cooks', name: 'Cooks', capacity: 1, waitlist: 'offer', offerSeconds: 3_600 } as const;
  const eventId = await anEvent({ roles: [offering] });
  const people = ['ann', 'bob', 'cem', 'dan', 'eve'];
  const registrations = [];
  for (const user of people) registrations.push((await signedUp(user, eventId)).registrationId);
  const [ann = '', bob = '', cem = '', dan = '', eve = ''] = registrations;
  const offerOf = async (id: string) => (await statusOf(eventId, id)).offer;

  ok(await (await clientOf('ann')).cancelSignup(eventId, ann, wait));
  expect(await offerOf(bob)).toMatchObject({ expiresAt: expect.any(String) });
  expect(ok(await staff.getAvailability(eventId)).roles).toMatchObject([{ confirmed: 0, offered: 1, waitlist: 3 }]);
  expect(await (await clientOf('cem')).acceptOffer(eventId, bob, wait)).toMatchObject({ status: 404 });
  ok(await (await clientOf('bob')).declineOffer(eventId, bob, wait));
  expect(await offerOf(cem)).toBeDefined();
  expect(ok(await (await clientOf('cem')).acceptOffer(eventId, cem, wait))).toMatchObject({ status: 'confirmed' });
  expect(await (await clientOf('cem')).acceptOffer(eventId, cem, wait)).toMatchObject({ code: 'no-offer' });

  ok(await staff.changeRole(eventId, 'cooks', { offerSeconds: 1 }, wait));
  const connection = new Redis(inject('redisUrl'), { maxRetriesPerRequest: null });
  const timers = new Queue('offers', { connection, prefix: rollcall.keyspace.queuePrefix });
  await timers.pause();
  ok(await (await clientOf('cem')).cancelSignup(eventId, cem, wait));
  expect(await offerOf(dan)).toBeDefined();
  // Nobody answers, and no timer goes off: the look for what is overdue finds it.
  await vi.waitFor(async () => expect(await offerOf(eve)).toBeDefined(), { timeout: 10_000, interval: 50 });
  expect(await (await clientOf('dan')).acceptOffer(eventId, dan, wait)).toMatchObject({ code: 'already-cancelled' });
  expect(await statusOf(eventId, dan)).toMatchObject({ cancelCause: 'expired' });
  await timers.obliterate({ force: true });
  await timers.close();
  connection.disconnect();
  await expectTrueHistory(eventId);
});

it('staff assign people, check them in, and cancel the event', async () => {
  const eventId = await anEvent({});
  ok(await staff.closeEvent(eventId, wait));
  const assign = (userId: string, override: boolean) =>
    staff.signUpForEvent(eventId, { roleId: 'cooks', userId, profile: { displayName: userId }, override }, wait);
  const ann = ok(await assign('ann', false));
  expect(ok(await assign('bob', false))).toMatchObject({ status: 'waitlist' });
  expect(ok(await assign('cem', true))).toMatchObject({ status: 'confirmed', override: true });

  const anns = await clientOf('ann');
  const notes = 'שלום 🌱 =HYPERLINK("x")';
  ok(await anns.updateRegistration(eventId, ann.registrationId, { notes }, wait));
  expect(await anns.checkIn(eventId, ann.registrationId, wait)).toMatchObject({ status: 403 });
  ok(await staff.checkIn(eventId, ann.registrationId, wait));
  expect(await staff.checkIn(eventId, ann.registrationId, wait)).toMatchObject({ code: 'already-checked-in' });
  expect(await statusOf(eventId, ann.registrationId)).toMatchObject({ notes, attendedAt: expect.any(String) });
  ok(await staff.undoCheckIn(eventId, ann.registrationId, wait));
  ok(await anns.updateRegistration(eventId, ann.registrationId, { notes: null }, wait));
  expect(await statusOf(eventId, ann.registrationId)).not.toHaveProperty('notes');

  const csv = await new Response(ok(await staff.participantsCsv(eventId, { bom: true }))).text();
  expect(csv.split('\r\n')).toHaveLength(5);
  ok(await staff.cancelEvent(eventId, wait));
  // They are cancelled in steps that follow the decision.
  await vi.waitFor(async () => {
    const { items } = ok(await staff.listParticipants(eventId));
    expect(items.map(({ status, cancelCause }) => [status, cancelCause])).toEqual(
      Array.from({ length: 3 }, () => ['cancelled', 'event-cancelled']),
    );
  });
  expect(await staff.openEvent(eventId, wait)).toMatchObject({ code: 'status-change-refused' });
  await expectTrueHistory(eventId);
});
