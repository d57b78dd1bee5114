import type { EventId } from '@rollcall/domain';
import type { LegacyId } from '@rollcall/migration';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { createEventStore } from './event-store.ts';
import { createHeldEvents, type HeldEvents } from './held.ts';
import { allPerRole, eventIdOf, hot, registrationIdOf, roleA, rolesOfHot, seed } from './testing-hot-event.ts';
import { testDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
let held: HeldEvents;
beforeEach(async () => {
  database = await testDatabase(inject('mongodbUrl'));
  await seed(database.collections);
  held = createHeldEvents(database.collections);
});
afterEach(() => database.drop());

const left = async (eventId: EventId) => {
  const { events, registrations, journal } = database.collections;
  return [
    await events.countDocuments({ _id: eventId }),
    await registrations.countDocuments({ eventId }),
    await journal.countDocuments({ eventId }),
  ];
};

/** Of a process that is killed when it comes to that collection. */
function dyingAt({ collections }: TestDatabase, collection: string): HeldEvents {
  const { db } = collections;
  const dying = new Proxy(db, {
    get(_target, field) {
      if (field !== 'collection') return Reflect.get(db, field) as unknown;
      return (name: string) => {
        if (name === collection) throw new Error('killed');
        return db.collection(name);
      };
    },
  });
  return createHeldEvents({ ...collections, db: dying });
}

describe('an imported event', () => {
  it('is read with all of its registrations', async () => {
    const _id = registrationIdOf(0);
    const texts = { legacyId: 'old', notes: 'é', profile: { displayName: 'Ann' }, attendedAt: new Date(5) };
    await database.collections.registrations.updateOne({ _id }, { $set: texts });
    const found = await held.readHeld(hot);
    expect(found).toMatchObject({ version: 7, importing: false, status: 'open' });
    expect(found?.registrations.length).toBe(rolesOfHot * allPerRole);
    expect(found?.registrations.find(({ registrationId }) => registrationId === _id)).toEqual({
      ...texts,
      registrationId: _id,
      userId: 'u1',
      roleId: roleA,
      status: 'confirmed',
      sequence: 0,
      registrationDate: Date.UTC(2029, 0, 1),
      registeredBy: 'u1',
      attendedAt: 5,
    });
    expect(await held.readHeld('nobody' as EventId)).toBeUndefined();
    expect(await held.heads([hot, 'nobody' as EventId])).toEqual(
      new Map([[hot, { version: 7, importing: false, status: 'open' }]]),
    );
  });

  it('is found by the registrations of the system before', async () => {
    const { registrations } = database.collections;
    await registrations.updateOne({ _id: registrationIdOf(0) }, { $set: { legacyId: 'old-1' } });
    await registrations.updateOne({ eventId: eventIdOf(2) }, { $set: { legacyId: 'old-2' } });
    const ids = ['old-1', 'old-2', 'old-3'] as LegacyId[];
    expect(await held.eventsOfLegacyRegistrations(ids)).toEqual(new Set([hot, eventIdOf(2)]));
  });

  it('is removed with all that is of it, and nothing else', async () => {
    await database.collections.events.updateOne({ _id: hot }, { $set: { importing: true } });
    expect(await held.removeImported(hot)).toBe('removed');
    expect(await left(hot)).toEqual([0, 0, 0]);
    expect(await left(eventIdOf(2))).toEqual([1, 10, 0]);
    expect(await held.removeImported(hot)).toBe('not-there');
  });

  it('is removed after a kill that left half of it', async () => {
    await database.collections.events.updateOne({ _id: hot }, { $set: { importing: true, commitId: 'ours' as never } });
    await database.collections.journal.deleteMany({ eventId: hot });
    expect(await held.removeImported(hot)).toBe('removed');
    expect(await left(hot)).toEqual([0, 0, 0]);
  });

  it('takes no commit any more while it is removed, whenever it was read', async () => {
    const { events } = database.collections;
    await events.updateOne({ _id: hot }, { $set: { importing: true, legacyId: 'old' } });
    const store = createEventStore(database.collections);
    const before = await store.loadEvent(hot);
    await expect(dyingAt(database, 'registrations').removeImported(hot)).rejects.toThrow('killed');
    // Its journal is gone already, and its registrations are not.
    expect(await left(hot)).toEqual([1, rolesOfHot * allPerRole, 0]);
    expect(await held.readHeld(hot)).toBeUndefined();
    expect(await held.heads([hot])).toEqual(new Map());
    const after = await store.loadEvent(hot);
    expect(after?.version).not.toBe(before?.version);
    await held.removeRest(eventIdOf(2));
    await held.removeRest(hot);
    expect(await left(eventIdOf(2))).toEqual([1, 10, 0]);
    expect(await left(hot)).toEqual([0, 0, 0]);
  });

  it('is removed by two at once', async () => {
    await database.collections.events.updateOne({ _id: hot }, { $set: { importing: true } });
    const ends = await Promise.all([held.removeImported(hot), held.removeImported(hot)]);
    expect(ends).toContain('removed');
    expect(ends).not.toContain('refused');
    expect(await left(hot)).toEqual([0, 0, 0]);
  });

  it('is not removed when Rollcall leads it', async () => {
    const before = await left(hot);
    expect(await held.removeImported(hot)).toBe('refused');
    expect(await left(hot)).toEqual(before);
  });
});
