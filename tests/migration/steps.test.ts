import { join } from 'node:path';
import type { Decided, MutationResult } from '@rollcall/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { legacyWorld } from '../support/legacy/generate.ts';
import { legacyApp } from '../support/legacy/legacy-app.ts';
import type { Held, Raw } from '../support/legacy/oracle.ts';
import { personOf } from '../support/legacy/people.ts';
import type { Counts } from '../support/legacy/planting.ts';
import { bothSides, bytesOf, eventsOf, opened, startMigrationStage, type Event, type MigrationStage } from './stage.ts';

/** Each kind another number of times, so that no two are mixed up. */
const wanted: Counts = {
  'array-only': 3,
  'document-only': 4,
  'array-repeat': 5,
  'document-repeat': 16,
  'two-roles': 7,
  'notes-differ': 8,
  'role-differs': 9,
  'unknown-user': 10,
  'date-text': 11,
  'date-unusable': 12,
  waitlisted: 13,
  attended: 14,
  'no-show': 15,
  cancelled: 17,
  'unknown-role': 1,
  'unknown-status': 2,
  'field-unusable': 3,
  'over-capacity': 2,
  'signed-up-wrong': 3,
  'total-slots-wrong': 4,
  'role-name-repeat': 1,
  'event-ongoing': 1,
  'event-completed': 1,
  'event-cancelled': 1,
  orphan: 21,
};
const [eventCount, stoppedCount] = [40, 6];
const world = legacyWorld({
  events: eventCount,
  people: { kind: 'fixed', perEvent: 16 },
  wanted,
  userCount: 200,
  // Events to come, whenever this runs.
  now: Date.UTC(2090, 5, 1, 12),
  // What assess compares the number with is the lists.
  signedUpCounts: 'lines',
});

/** What the generator plants, as the findings call it; the others are in order, and nothing is found. */
const calledSo: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'array-only',
      'document-only',
      'array-repeat',
      'document-repeat',
      'two-roles',
      'notes-differ',
      'role-differs',
      'unknown-user',
      'date-text',
      'date-unusable',
      'unknown-role',
      'unknown-status',
      'over-capacity',
      'signed-up-wrong',
      'total-slots-wrong',
      'role-name-repeat',
    ].map((kind) => [kind, kind]),
  ),
  'field-unusable': 'user-id-unusable',
};

function asFindings(planted: Counts): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [kind, count] of Object.entries(planted)) {
    const name = calledSo[kind];
    // Who is unknown is so in the list, and again in the document.
    const times = kind === 'unknown-user' ? 2 : 1;
    if (name !== undefined) counts[name] = (counts[name] ?? 0) + count * times;
    // A document of which nobody knows whether it is active leaves its line alone.
    if (kind === 'unknown-status') counts['array-only'] = (counts['array-only'] ?? 0) + count;
  }
  return counts;
}

const countsOf = (findings: unknown): Record<string, number> =>
  Object.fromEntries((findings as { kind: string; count: number }[]).map(({ kind, count }) => [kind, count]));

let stage: MigrationStage;
let backup: string;
beforeAll(async () => {
  stage = await startMigrationStage(world);
  backup = join(stage.folder, 'backup');
});
afterAll(() => stage.stop());

/** Says what it would do, does nothing, and then does it. */
async function dryThenReally(...args: readonly string[]) {
  const before = await bothSides(stage);
  const dry = await stage.migrate(...args, '--dry-run');
  expect(dry.summary, dry.stderr).toMatchObject({ complete: true });
  expect(await bothSides(stage)).toEqual(before);
  return { dry, ran: await stage.migrate(...args) };
}

/** @returns what it says, when it has changed nothing */
async function refusal(...args: readonly string[]): Promise<string> {
  const before = await bothSides(stage);
  const { exitCode, stderr } = await stage.migrate(...args);
  expect(exitCode).toBe(2);
  expect(await bothSides(stage)).toEqual(before);
  return stderr;
}

const done = async (...args: readonly string[]) => {
  const ran = await stage.migrate(...args);
  expect(ran.exitCode, ran.stdout + ran.stderr).toBe(0);
  return ran;
};

type Covered = Event & { readonly said: Held };
const covered = (events: readonly Event[]) =>
  events.filter((event): event is Covered => event.said.stops === undefined);

/** Each event is as the oracle says, and those that no rule covers are not there. */
async function expectSame(as: (said: Held) => Held = (said) => said, stoppedNow = stoppedCount): Promise<void> {
  const events = await eventsOf(stage);
  expect(covered(events)).toHaveLength(eventCount - stoppedNow);
  for (const { said, held } of events) expect(held).toEqual(said.stops === undefined ? as(said) : undefined);
  expect(await stage.verify()).toBe(0);
}

/** An event as people know it: its id, its roles' and who can do what in it. */
async function visit(index: number) {
  const { rollcall } = stage;
  const legacyId = world.eventAt(index).event._id.toHexString();
  const found = (await rollcall.collections.events.findOne({ legacyId } as Raw)) as unknown as {
    readonly _id: string;
    readonly organizerId: string;
    readonly roles: readonly { readonly roleId: string; readonly capacity: number }[];
  };
  const eventId = found._id;
  const staff = await stage.client('staff', { org: [found.organizerId], grants: ['organizer'] });
  const seats = await staff.listParticipants(eventId, { status: 'confirmed', limit: 100 });
  if (seats.kind !== 'found') throw new Error(seats.problem.title);
  return { legacyId, eventId, roles: found.roles, staff, seats: seats.value.items };
}

const waiting = { waitSeconds: 20 };

async function decided<Value>(result: Promise<MutationResult<Value>>): Promise<Decided<Value>['value']> {
  const is = await result;
  if (is.kind !== 'decided') throw new Error(JSON.stringify(is));
  return is.value;
}

const role = <Item>(roles: readonly Item[], place: number): Item => {
  const found = roles[place];
  if (found === undefined) throw new Error(`there is none at ${place}`);
  return found;
};

/** What happens at events that Rollcall leads: each of it once. @returns the events at which something happened */
async function liveOn(newcomer: string): Promise<ReadonlySet<string>> {
  const first = await visit(0);
  const { eventId, staff, roles, seats } = first;
  const [from, to] = [role(roles, 0), role(roles, 1)];
  for (const { roleId } of roles) await decided(staff.changeRole(eventId, roleId, { capacity: 300 }, waiting));
  const person = await stage.client(newcomer);
  const signUp = { roleId: from.roleId, notes: 'Came by Rollcall' };
  expect(await decided(person.signUpForEvent(eventId, signUp, waiting))).toMatchObject({ status: 'confirmed' });
  const inFirst = seats.filter(({ roleId }) => roleId === from.roleId);
  const [leaving, moving, noting] = [role(inFirst, 0), role(inFirst, 1), role(inFirst, 2)];
  const leaver = await stage.client(leaving.userId);
  await decided(leaver.cancelSignup(eventId, leaving.registrationId, waiting));
  await decided(staff.moveUserBetweenRoles(eventId, moving.registrationId, { roleId: to.roleId }, waiting));
  const noter = await stage.client(noting.userId);
  await decided(noter.updateRegistration(eventId, noting.registrationId, { notes: `New by ${newcomer}` }, waiting));
  await decided(staff.checkIn(eventId, noting.registrationId, waiting));

  const second = await visit(1);
  await decided(second.staff.changeEvent(second.eventId, { title: `Edited by ${newcomer}` }, waiting));
  return new Set([first.legacyId, second.legacyId]);
}

/** Of which event a registration document is, by the key of its bytes. */
async function eventsOfDocuments(): Promise<ReadonlyMap<string, string>> {
  const registrations = await stage.legacy.collection('registrations').find().toArray();
  return new Map(registrations.map(({ _id, eventId }) => [`registrations ${String(_id)}`, String(eventId)]));
}

describe('the steps of a migration', { timeout: 180_000 }, () => {
  it('assess: finds what is there, event by event, and changes nothing', async () => {
    const before = await bothSides(stage);
    const { exitCode, events, summary, lines } = await stage.migrate('assess');
    expect(await bothSides(stage)).toEqual(before);
    const found = new Map(events.map(({ legacyId, findings }) => [legacyId, countsOf(findings)]));
    for await (const { event, planted } of world.events()) {
      expect(found.get(event._id.toHexString()) ?? {}).toEqual(asFindings(planted));
    }
    const stopped = events.filter(({ stops }) => (stops as unknown[]).length > 0);
    expect(stopped).toHaveLength(stoppedCount);
    const sums = { events: eventCount, stopped: stoppedCount, orphans: 21, unusableIds: 0 };
    expect(summary).toMatchObject({ complete: true, ...sums });
    expect(countsOf(summary?.['findings'])).toEqual(asFindings(wanted));
    expect(lines.filter(({ type }) => type === 'orphans')).toHaveLength(21);
    expect(exitCode).toBe(1);
  });

  it('what comes too early is refused', async () => {
    expect(await refusal('cleanup', '--yes')).toMatch(/there is no backup/);
    expect(await refusal('shadow', '--until-equal')).toMatch(/backfill first/);
  });

  it('backup: restored into another database it is the same to the byte', async () => {
    const { ran } = await dryThenReally('backup', '--folder', backup);
    expect(ran.exitCode, ran.stderr).toBe(0);
    const trial = stage.rollcall.collections.client.db(`${stage.legacy.databaseName}trial`);
    await done('restore', '--folder', backup, '--into-database', trial.databaseName);
    expect(await bytesOf(trial)).toEqual(await bytesOf(stage.legacy));
    await trial.dropDatabase();
  });

  it('backfill: brings over what is to be had, lists what no rule covers, and does nothing the second time', async () => {
    const imported = eventCount - stoppedCount;
    const { dry, ran } = await dryThenReally('backfill');
    for (const { exitCode, summary, stderr } of [dry, ran]) {
      expect(exitCode, stderr).toBe(1);
      expect(summary).toMatchObject({ events: eventCount, outcomes: { imported, stopped: stoppedCount } });
    }
    expect(ran.events.filter(({ outcome }) => outcome === 'stopped')).toHaveLength(stoppedCount);
    await expectSame();
    const once = await bothSides(stage);
    const again = await stage.migrate('backfill');
    expect(again.summary).toMatchObject({ outcomes: { equal: imported, stopped: stoppedCount } });
    expect(await bothSides(stage)).toEqual(once);
  });

  it('while the old system leads, Rollcall refuses a signup', async () => {
    const { eventId, staff, roles } = await visit(0);
    const { roleId } = role(roles, 0);
    const byUser = await (await stage.client('somebody')).signUpForEvent(eventId, { roleId }, waiting);
    expect(byUser).toMatchObject({ kind: 'refused', status: 404 });
    const byStaff = await staff.signUpForEvent(eventId, { roleId, userId: 'somebody' }, waiting);
    expect(byStaff).toMatchObject({ kind: 'refused', status: 409, code: 'event-importing' });
  });

  it('shadow: brings over what the old system has written since, and ends when all is the same', async () => {
    const app = legacyApp(stage.legacy);
    const { event } = world.eventAt(0);
    const roleId = role(event.roles, 0).id;
    const place = { eventId: event._id, roleId, person: personOf(1, 190) };
    await app.changeCapacity(event._id, roleId, 500);
    expect(await app.signUp(place, { notes: 'During shadow' })).toMatchObject({ kind: 'done' });
    const { summary } = await stage.migrate('shadow', '--until-equal');
    expect(summary).toMatchObject({ differing: 0, lasting: 0, stopped: stoppedCount, afterFreeze: 0 });
    await expectSame();
    const before = await bothSides(stage);
    expect((await stage.migrate('shadow', '--until-equal', '--dry-run')).summary).toMatchObject({ differing: 0 });
    expect(await bothSides(stage)).toEqual(before);
  });

  let before: ReadonlyMap<string, string>;
  it('cutover: opens all that was brought over, and people go on in Rollcall', async () => {
    before = await bytesOf(stage.legacy);
    const { dry, ran } = await dryThenReally('cutover', '--all');
    const outcomes = { 'not-shadowed': stoppedCount };
    expect(dry.summary).toMatchObject({ outcomes: { ...outcomes, ready: eventCount - stoppedCount } });
    expect(ran.summary).toMatchObject({ outcomes: { ...outcomes, opened: eventCount - stoppedCount } });
    expect(await bytesOf(stage.legacy)).toEqual(before);
    await expectSame(opened);
    expect(covered(await eventsOf(stage)).filter(({ status }) => status === 'draft')).toEqual([]);
    // Writing to the old system is over.
    const { event } = world.eventAt(0);
    expect(await legacyApp(stage.legacy).editTitle(event._id, 'Too late')).toMatchObject({ code: 121, writes: [] });
  });

  it('rollback: gives back what happened, and leaves all else as it was to the byte', async () => {
    const eventsBefore = await eventsOfDocuments();
    const touched = await liveOn(personOf(1, 191).userId.toHexString());
    const { dry, ran } = await dryThenReally('rollback', '--all');
    expect(ran.events.filter(({ outcome }) => outcome === 'differs')).toEqual([]);
    const removed = { removed: stoppedCount };
    for (const { summary } of [dry, ran]) {
      expect(summary).toMatchObject({ outcomes: { ...removed, 'given-back': eventCount - stoppedCount }, inserted: 1 });
    }
    await expectSame();
    const after = await bytesOf(stage.legacy);
    const eventOf = new Map([...eventsBefore, ...(await eventsOfDocuments())]);
    const isTouched = (key: string) => touched.has(eventOf.get(key) ?? key.replace('events ', ''));
    const untouched = (bytes: ReadonlyMap<string, string>) => new Map([...bytes].filter(([key]) => !isTouched(key)));
    expect(untouched(after)).toEqual(untouched(before));
    expect(untouched(after).size).toBeLessThan(after.size);
  });

  it('what no rule covered is put right, and comes over', async () => {
    const registrations = stage.legacy.collection('registrations');
    for await (const { event } of world.events()) {
      const unknown = { eventId: event._id, roleId: { $nin: event.roles.map(({ id }) => id) } };
      await registrations.deleteMany(unknown);
    }
    await registrations.deleteMany({
      $or: [{ status: 'pending_review' }, { userId: { $not: { $type: 'objectId' } } }],
    });
    await done('backfill');
    await expectSame(undefined, 0);
    await done('cutover', '--all');
    await expectSame(opened, 0);
  });

  it('mirror: the old lists and numbers say who has a seat in Rollcall', async () => {
    await liveOn(personOf(1, 192).userId.toHexString());
    const { ran } = await dryThenReally('mirror', '--once');
    expect(ran.exitCode, ran.stderr).toBe(0);
    const legacyEvents = await stage.legacy.collection('events').find().toArray();
    const events = new Map((await eventsOf(stage)).map((event) => [event.legacyId, event]));
    for (const { _id, roles, signedUp } of legacyEvents) {
      const held = events.get(String(_id))?.held;
      const lists = roles as readonly { id: string; currentSignups: readonly { userId: unknown }[] }[];
      const listed = lists.flatMap(({ id, currentSignups }) =>
        currentSignups.map((line) => `${id} ${String(line.userId)}`),
      );
      const seats = held?.rows.filter(({ status }) => status === 'confirmed') ?? [];
      expect(listed.toSorted()).toEqual(seats.map(({ roleId, userId }) => `${roleId} ${userId}`).toSorted());
      expect(signedUp).toBe(seats.length);
    }
    expect((await done('mirror', '--once')).summary).toMatchObject({ written: 0 });
    expect(await stage.verify()).toBe(0);
  });

  it('cleanup: is refused until it is said, and while something does not verify; then the lists are gone', async () => {
    expect(await refusal('cleanup')).toMatch(/--yes/);
    expect(await refusal('cleanup', '--yes')).toMatch(/older than the cutover/);
    await done('backup', '--folder', `${backup}-after`);
    const { registrations } = stage.rollcall.collections;
    const broken = await registrations.findOne({ status: 'confirmed' });
    if (broken === null) throw new Error('nobody has a seat');
    await registrations.updateOne({ _id: broken._id }, { $set: { sequence: 999_999 } });
    expect(await refusal('cleanup', '--yes')).toMatch(/does not verify/);
    await registrations.updateOne({ _id: broken._id }, { $set: { sequence: broken.sequence } });
    const { ran } = await dryThenReally('cleanup', '--yes');
    expect(ran.summary, ran.stderr).toMatchObject({ changed: eventCount });
    const left = { $or: [{ signedUp: { $exists: true } }, { 'roles.currentSignups': { $exists: true } }] };
    expect(await stage.legacy.collection('events').countDocuments(left)).toBe(0);
    expect(await stage.verify()).toBe(0);
  });

  it('rollback after all of that: the old system says what Rollcall had, and cutover works again', async () => {
    await liveOn(personOf(1, 193).userId.toHexString());
    const had = new Map((await eventsOf(stage)).map(({ legacyId, held }) => [legacyId, held]));
    expect((await done('rollback', '--all')).summary).toMatchObject({ outcomes: { 'given-back': eventCount } });
    for (const { legacyId, said, held } of await eventsOf(stage)) {
      expect(said).toEqual(had.get(legacyId));
      expect(held).toEqual(had.get(legacyId));
    }
    expect(await stage.verify()).toBe(0);
    const again = await done('cutover', '--all');
    expect(again.summary).toMatchObject({ outcomes: { opened: eventCount } });
    await expectSame(undefined, 0);
  });
});
