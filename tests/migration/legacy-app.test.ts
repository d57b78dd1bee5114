import { MongoClient, ObjectId, type Db } from 'mongodb';
import { afterAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { legacyWorld, type LegacyWorld } from '../support/legacy/generate.ts';
import { insertLegacy, legacyCollections } from '../support/legacy/insert.ts';
import type { Standing } from '../support/legacy/ledger.ts';
import { legacyApp, type LegacyApp, type Place } from '../support/legacy/legacy-app.ts';
import { driftOf, oracle, type Held } from '../support/legacy/oracle.ts';
import { personOf, type Person } from '../support/legacy/people.ts';
import { usualMix, writeSteadily, type WriterEvent } from '../support/legacy/write-steadily.ts';

const client = new MongoClient(inject('mongodbUrl'));
afterAll(() => client.close());

let db: Db;
let world: LegacyWorld;
let app: LegacyApp;
const eventCount = 12;
/** Users who have no place anywhere yet. */
const newcomers = Array.from({ length: 40 }, (_, index) => personOf(1, 100 + index)) as [Person, ...Person[]];

beforeEach(async () => {
  db = client.db(`legacy_app_${new ObjectId().toHexString()}`);
  world = legacyWorld({ events: eventCount, people: { kind: 'fixed', perEvent: 10 }, userCount: 100 });
  await insertLegacy(db, world);
  app = legacyApp(db, { pauseMsMax: 3 });
  return () => db.dropDatabase();
});

/** An event as it is in the database now. */
async function now(index: number) {
  const eventId = world.eventAt(index).event._id;
  const { events, registrations } = legacyCollections(db);
  const event = await events.findOne({ _id: eventId });
  if (event === null) throw new Error('the event is gone');
  const documents = await registrations.find({ eventId }).toArray();
  const raw = documents.map((one) => ({ ...one }));
  return { event, held: heldOf(oracle({ ...event }, raw)), drift: driftOf({ ...event }, raw), documents };
}

function heldOf(said: ReturnType<typeof oracle>): Held {
  if (said.stops !== undefined) throw new Error(said.stops);
  return said;
}

const statusOf = ({ rows }: Held, { person, roleId }: Place) =>
  rows.find((row) => row.userId === person.userId.toHexString() && row.roleId === roleId)?.status;

/** A newcomer at the first event's first role; the role has so many seats more than are taken. */
async function newPlace(free = 5): Promise<Place & { readonly otherRoleId: string }> {
  const { event } = world.eventAt(0);
  const [role, other] = event.roles;
  if (role === undefined || other === undefined) throw new Error('there are no two roles');
  await app.changeCapacity(event._id, role.id, role.currentSignups.length + free);
  return { eventId: event._id, roleId: role.id, person: newcomers[0], otherRoleId: other.id };
}

const nothingApart = { overCapacity: 0, arrayOnly: 0, documentOnly: 0, repeats: 0, signedUpWrong: false };

describe('inserting', () => {
  it('puts in all that was generated, faults included', async () => {
    const { events, registrations, users } = legacyCollections(db);
    expect(await events.countDocuments()).toBe(eventCount);
    expect(await registrations.countDocuments()).toBe(eventCount * 10);
    expect(await users.countDocuments()).toBe(100);
    const { event, registrations: made } = world.eventAt(3);
    expect(await events.findOne({ _id: event._id })).toEqual(event);
    expect(await registrations.find({ eventId: event._id }).sort({ _id: 1 }).toArray()).toEqual(made);
    expect(await registrations.indexes()).toContainEqual(expect.objectContaining({ key: { eventId: 1 } }));
  });
});

describe('the legacy application', () => {
  it('signs up in both copies, and cancels in both', async () => {
    const there = await newPlace();
    const { signedUp } = (await now(0)).event;
    const writes = ['array', 'document', 'signedUp'];
    expect(await app.signUp(there, { notes: 'n' })).toEqual({ kind: 'done', writes });
    const after = await now(0);
    expect(after).toMatchObject({ drift: nothingApart, event: { signedUp: signedUp + 1 } });
    expect(after.held.rows).toContainEqual({
      userId: there.person.userId.toHexString(),
      roleId: there.roleId,
      status: 'confirmed',
      notes: 'n',
    });
    expect(await app.signUp(there)).toEqual({ kind: 'refused', why: 'already' });
    expect(await app.cancel(there, 'delete')).toEqual({ kind: 'done', writes });
    expect(await now(0)).toMatchObject({ drift: nothingApart, event: { signedUp } });
    expect(await app.cancel(there, 'delete')).toEqual({ kind: 'refused', why: 'not-signed-up' });
  });

  it('keeps the document of who cancels, if it is told to', async () => {
    const there = await newPlace();
    await app.signUp(there);
    await app.cancel(there, 'status');
    const { held, documents } = await now(0);
    expect(statusOf(held, there)).toBeUndefined();
    const mine = documents.filter(({ userId }) => there.person.userId.equals(userId as ObjectId));
    expect(mine).toMatchObject([{ status: 'cancelled', actionHistory: [{}, { action: 'cancelled' }] }]);
  });

  it('lets people wait, and promotes the first', async () => {
    const there = await newPlace(0);
    const second = { ...there, person: newcomers[1] as Person };
    expect(await app.signUp(there)).toEqual({ kind: 'refused', why: 'full' });
    expect(await app.signUp(there, { waitlist: true })).toEqual({ kind: 'done', writes: ['document'] });
    expect(await app.signUp(there, { waitlist: true })).toEqual({ kind: 'refused', why: 'already' });
    await app.signUp(second, { waitlist: true });
    expect((await now(0)).held.lines[there.roleId]).toEqual([there, second].map(({ person }) => String(person.userId)));
    const promoted = await app.promote(there.eventId, there.roleId);
    expect(promoted).toMatchObject({ kind: 'done', userId: there.person.userId });
    const { held, drift } = await now(0);
    expect([statusOf(held, there), statusOf(held, second)]).toEqual(['confirmed', 'waitlist']);
    expect(drift).toEqual({ ...nothingApart, overCapacity: 1 });
    await app.promote(there.eventId, there.roleId);
    expect(await app.promote(there.eventId, there.roleId)).toEqual({ kind: 'refused', why: 'nobody-waits' });
  });

  it('moves people with their history, and changes notes, capacity, title and who was there', async () => {
    const there = await newPlace();
    await app.signUp(there, { notes: 'before' });
    expect(await app.changeNotes(there, 'after')).toMatchObject({ kind: 'done' });
    expect(await app.move(there, there.otherRoleId)).toMatchObject({ kind: 'done' });
    const moved = { ...there, roleId: there.otherRoleId };
    expect(await app.markAttended(moved)).toMatchObject({ kind: 'done' });
    expect(await app.changeCapacity(there.eventId, there.roleId, 77)).toMatchObject({ kind: 'done' });
    expect(await app.editTitle(there.eventId, 'Another title')).toMatchObject({ kind: 'done' });
    const { event, held, drift, documents } = await now(0);
    expect(held).toMatchObject({ title: 'Another title', roles: [{ capacity: 77 }, {}, {}] });
    expect(event.totalSlots).toBe(held.roles.reduce((sum, { capacity }) => sum + capacity, 0));
    expect(held.rows).toContainEqual(expect.objectContaining({ roleId: moved.roleId, notes: 'after' }));
    expect(drift).toEqual({ ...nothingApart, overCapacity: expect.any(Number) });
    expect(documents.at(-1)).toMatchObject({
      status: 'attended',
      eventSnapshot: { title: 'Another title' },
      actionHistory: [
        { action: 'registered' },
        { action: 'moved_between_roles', previousValue: there.roleId, newValue: moved.roleId },
        { action: 'attended' },
      ],
    });
  });

  it('makes doubles by a repeat, and drifts where a document alone is deleted', async () => {
    const there = await newPlace();
    await app.signUp(there);
    expect(await app.repeatSignUp(there)).toMatchObject({ kind: 'done' });
    expect((await now(0)).drift.repeats).toBe(2);
    await app.deleteDocumentOnly(there);
    const { held, drift } = await now(0);
    expect(drift).toMatchObject({ arrayOnly: 1, repeats: 1 });
    expect(statusOf(held, there)).toBe('confirmed');
  });

  it('gives one seat to several when they come at once', async () => {
    const there = await newPlace(1);
    const answers = await Promise.all(newcomers.slice(0, 16).map((person) => app.signUp({ ...there, person })));
    expect(answers.filter(({ kind }) => kind === 'done').length).toBeGreaterThan(1);
    const { drift } = await now(0);
    expect(drift.overCapacity).toBeGreaterThan(0);
    expect(drift.signedUpWrong).toBe(true);
  });

  it('answers what a validator refused as a value, with the writes that it had done before', async () => {
    const there = await newPlace();
    await app.signUp(there);
    await db.command({ collMod: 'events', validator: { title: 'nothing has this title' } });
    const refusal = { kind: 'failed', code: 121 };
    expect(await app.signUp({ ...there, person: newcomers[1] as Person })).toMatchObject({ ...refusal, writes: [] });
    expect(await app.cancel(there, 'delete')).toMatchObject({ ...refusal, writes: [] });
    expect(await app.changeNotes(there, 'n')).toMatchObject({ ...refusal, writes: ['document'] });
  });

  it('answers what is not there', async () => {
    const nowhere = { eventId: new ObjectId(), roleId: 'r', person: newcomers[0] };
    const operations = [
      app.signUp(nowhere),
      app.repeatSignUp(nowhere),
      app.cancel(nowhere, 'status'),
      app.move(nowhere, 'r'),
      app.changeNotes(nowhere, 'n'),
      app.promote(nowhere.eventId, 'r'),
      app.changeCapacity(nowhere.eventId, 'r', 1),
    ];
    for (const answer of await Promise.all(operations)) expect(answer).toEqual({ kind: 'refused', why: 'no-event' });
    expect(await app.markAttended(nowhere)).toEqual({ kind: 'refused', why: 'not-signed-up' });
  });
});

describe('the steady writer', () => {
  const events = () =>
    Array.from({ length: eventCount }, (_, index): WriterEvent => {
      const { event } = world.eventAt(index);
      return { eventId: event._id, roleIds: event.roles.map(({ id }) => id) as [string, ...string[]] };
    }) as [WriterEvent, ...WriterEvent[]];
  const signedUp = () =>
    Array.from({ length: eventCount }, (_, index) => index).flatMap((index): Standing[] => {
      const { event } = world.eventAt(index);
      return event.roles.flatMap(({ id, currentSignups }) =>
        currentSignups.map((person) => ({ place: { eventId: event._id, roleId: id, person }, status: 'confirmed' })),
      );
    });

  /** Until so many operations are answered. */
  async function write(count: number, freezeAfter = Number.POSITIVE_INFINITY) {
    const stop = new AbortController();
    const numbers: number[] = [];
    const kinds = new Set<string>();
    const written = await writeSteadily(app, {
      events: events(),
      people: newcomers,
      signedUp: signedUp(),
      perSecond: 250,
      signal: stop.signal,
      seed: 5,
      onAnswer: ({ number, wish }) => {
        numbers.push(number);
        kinds.add(wish.kind);
        if (numbers.length === freezeAfter) {
          void db.command({ collMod: 'events', validator: { title: 'nothing has this title' } });
        }
        if (numbers.length === count) stop.abort();
      },
    });
    return { written, numbers, kinds };
  }

  it('does everything there is to do, and what it was told is true afterwards', async () => {
    const { written, numbers, kinds } = await write(800);
    expect([...kinds].toSorted()).toEqual(Object.keys(usualMix).toSorted());
    expect(written.done + written.refused + written.failed).toBe(written.sent);
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: written.sent }, (_, index) => index + 1));
    expect(written).toMatchObject({ failed: 0, frozen: 0 });
    const after = await Promise.all(events().map((_, index) => now(index)));
    const told = [...written.ledger.standings()].map(({ place: { eventId, roleId, person }, status }) =>
      [eventId, person.userId, roleId, status].join(' '),
    );
    const held = after.flatMap(({ event, held: { rows } }) =>
      rows.map(({ userId, roleId, status }) => [event._id, userId, roleId, status].join(' ')),
    );
    expect(held.toSorted()).toEqual(told.toSorted());
    expect([...written.ledger.gone()].length).toBeGreaterThan(10);
    const drifts = after.map(({ drift }) => drift);
    expect(drifts.some(({ repeats }) => repeats > 0)).toBe(true);
    expect(drifts.some(({ arrayOnly }) => arrayOnly > 0)).toBe(true);
  });

  it('says what was refused when the events were frozen, and of whom it does not know', async () => {
    const { written } = await write(600, 300);
    expect(written.frozen).toBeGreaterThan(50);
    const after = await Promise.all(events().map((_, index) => now(index)));
    const unsure = new Set(
      Array.from(written.ledger.unsure(), ({ eventId, person }) => [eventId, person.userId].join(' ')),
    );
    const told = [...written.ledger.standings()].map(({ place: { eventId, roleId, person }, status }) =>
      [eventId, person.userId, roleId, status].join(' '),
    );
    const held = after.flatMap(({ event, held: { rows } }) =>
      rows
        .filter(({ userId }) => !unsure.has([event._id, userId].join(' ')))
        .map(({ userId, roleId, status }) => [event._id, userId, roleId, status].join(' ')),
    );
    expect(held.toSorted()).toEqual(told.toSorted());
  });
});
