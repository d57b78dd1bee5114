import { LegacyProblem, type LegacyDocument, type LegacyId } from '@rollcall/migration';
import { ObjectId, type Document } from 'mongodb';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { testLegacy, type TestLegacy } from './testing.ts';

let legacy: TestLegacy;
beforeEach(async () => {
  legacy = await testLegacy(inject('mongodbUrl'));
});
afterEach(() => legacy.drop());

const event = new ObjectId();

describe('what is written back', () => {
  it('can be written again', async () => {
    const [made, kept, gone] = [new ObjectId(), new ObjectId(), new ObjectId()];
    await legacy.events.insertOne({ _id: event, signedUp: 9, roles: [{ id: 'r', currentSignups: [] }] });
    await legacy.registrations.insertMany([
      { _id: kept, eventId: event, status: 'active', notes: 'n', actionHistory: [{ action: 'a' }] },
      { _id: gone, eventId: event },
    ]);
    const changes = {
      event: { id: event, set: { 'roles.0.currentSignups': [{ userId: 'ann' }] }, unset: ['signedUp'] },
      inserts: [{ _id: made, eventId: event }],
      updates: [
        { id: kept, set: { status: 'x' }, unset: ['notes'], push: { actionHistory: [{ action: 'b' }] } },
        { id: made },
      ],
      deletes: [gone],
    };
    for (let n = 0; n < 2; n += 1) {
      await legacy.store.apply(changes);
      expect(await legacy.events.findOne()).toEqual({
        _id: event,
        roles: [{ id: 'r', currentSignups: [{ userId: 'ann' }] }],
      });
      expect(await legacy.registrations.find().sort({ _id: 1 }).toArray()).toEqual([
        { _id: made, eventId: event },
        { _id: kept, eventId: event, status: 'x', actionHistory: [{ action: 'a' }, { action: 'b' }] },
      ]);
    }
  });

  it('is written as a whole or not at all', async () => {
    await legacy.registrations.createIndex({ userId: 1 }, { unique: true });
    await legacy.registrations.insertOne({ userId: 'ann' });
    const inserts = [
      { _id: new ObjectId(), userId: 'ben' },
      { _id: new ObjectId(), userId: 'ann' },
    ];
    const writing = legacy.store.apply({ event: undefined, inserts, updates: [], deletes: [] });
    await expect(writing).rejects.toBeInstanceOf(LegacyProblem);
    expect(await legacy.registrations.countDocuments()).toBe(1);
  });

  it('may be more than one transaction holds', async () => {
    const inserts = Array.from({ length: 10_001 }, () => ({ _id: new ObjectId(), eventId: event }));
    await legacy.events.insertOne({ _id: event });
    const changes = { event: { id: event, set: { done: true } }, inserts, updates: [], deletes: [] };
    await legacy.store.apply(changes);
    await legacy.store.apply(changes);
    expect(await legacy.registrations.countDocuments()).toBe(10_001);
  });
});

describe('fields of events', () => {
  const paths = ['roles[].currentSignups', 'signedUp'];
  const some: readonly Document[] = [
    { _id: 1, signedUp: 2, roles: [{ id: 'a', currentSignups: [1] }, null, 'x', { id: 'b' }], title: 'One' },
    { _id: 2, roles: { currentSignups: 'no array' } },
    { _id: 3, signedUp: 1 },
    { _id: 4, title: 'None' },
  ];
  async function* backup(): AsyncGenerator<LegacyDocument> {
    yield* some as readonly LegacyDocument[];
  }

  it('are removed, and given back where they are missing', async () => {
    await legacy.events.insertMany(some);
    await legacy.events.insertOne({ _id: 5 as never, signedUp: 1 });
    const ids = ['1', '2', '3', '4'] as LegacyId[];
    expect(await legacy.store.removeFields(ids, paths)).toBe(2);
    // It was not named.
    expect(await legacy.events.findOneAndDelete({ _id: 5 as never })).toMatchObject({ signedUp: 1 });
    expect(await legacy.events.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, roles: [{ id: 'a' }, null, 'x', { id: 'b' }], title: 'One' },
      some[1],
      { _id: 3 },
      some[3],
    ]);
    expect(await legacy.store.removeFields(ids, paths)).toBe(0);
    await legacy.events.updateOne({ _id: 3 as never }, { $set: { signedUp: 7 } });
    const restoring = () => legacy.store.restoreFields(backup(), { paths, itemId: 'id' });
    expect(await restoring()).toBe(2);
    expect(await legacy.events.find().sort({ _id: 1 }).toArray()).toEqual([
      some[0],
      some[1],
      { _id: 3, signedUp: 7 },
      some[3],
    ]);
    expect(await restoring()).toBe(0);
  });
});
