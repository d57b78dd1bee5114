import { LegacyProblem, type LegacyId } from '@rollcall/migration';
import { Double, Int32, MongoServerError, ObjectId, type Document } from 'mongodb';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { idOf, testLegacy, type TestLegacy } from './testing.ts';

let legacy: TestLegacy;
beforeEach(async () => {
  legacy = await testLegacy(inject('mongodbUrl'));
});
afterEach(() => legacy.drop());

const iced = new ObjectId();
const other = new ObjectId();

async function twoEvents() {
  const { events, registrations } = legacy;
  await events.insertMany([iced, other].map((_id) => ({ _id, title: 'Event', roles: [], signedUp: 0 })));
  await registrations.insertMany(
    [iced, other].flatMap((eventId) => [
      { eventId, status: 'active' },
      { eventId: eventId.toHexString(), as: 'text' },
    ]),
  );
}

const isRefused = (act: () => Promise<unknown>): Promise<boolean> =>
  act().then(
    () => false,
    (error: unknown) => {
      if (error instanceof MongoServerError && error.code === 121) return true;
      throw error;
    },
  );

/** All that an application does to an event and its registrations. */
const writes: readonly (readonly [string, (eventId: ObjectId) => Promise<unknown>])[] = [
  ['$set', (_id) => legacy.events.updateOne({ _id }, { $set: { title: 'New' } })],
  ['$push', (_id) => legacy.events.updateOne({ _id }, { $push: { roles: { id: 'a' } } } as Document)],
  ['replaceOne', (_id) => legacy.events.replaceOne({ _id }, { title: 'Other' })],
  ['findOneAndUpdate', (_id) => legacy.events.findOneAndUpdate({ _id }, { $inc: { signedUp: 1 } })],
  ['an update by a pipeline', (_id) => legacy.events.updateOne({ _id }, [{ $set: { title: 'New' } }])],
  ['bulkWrite', (_id) => legacy.events.bulkWrite([{ updateOne: { filter: { _id }, update: { $set: { x: 1 } } } }])],
  ['an inserted registration', (eventId) => legacy.registrations.insertOne({ eventId })],
  ['one whose event is text', (eventId) => legacy.registrations.insertOne({ eventId: eventId.toHexString() })],
  ['insertMany', (eventId) => legacy.registrations.insertMany([{ eventId }, { eventId }])],
  ['an update of registrations', (eventId) => legacy.registrations.updateMany({ eventId }, { $set: { status: 'x' } })],
  [
    'an update of those whose event is text',
    (eventId) => legacy.registrations.updateMany({ eventId: eventId.toHexString() }, { $set: { status: 'x' } }),
  ],
  ['an upsert', (eventId) => legacy.registrations.updateOne({ eventId, no: 1 }, { $set: { x: 1 } }, { upsert: true })],
  ['a move into it', (eventId) => legacy.registrations.updateOne({ as: 'free' }, { $set: { eventId } })],
  [
    'a transaction',
    (eventId) =>
      legacy.client.withSession((session) =>
        session.withTransaction(() => legacy.registrations.insertOne({ eventId }, { session })),
      ),
  ],
];

describe('a frozen event', () => {
  beforeEach(async () => {
    await twoEvents();
    await legacy.registrations.insertOne({ as: 'free' });
    await legacy.store.freeze([idOf(iced)]);
  });

  it.each(writes)('refuses %s, and others do not', async (_name, write) => {
    expect(await isRefused(() => write(iced))).toBe(true);
    expect(await isRefused(() => write(other))).toBe(false);
  });

  it('lets deletes through', async () => {
    expect((await legacy.registrations.deleteMany({ eventId: iced })).deletedCount).toBe(1);
  });

  it('is written past the freeze by ourselves', async () => {
    const _id = new ObjectId();
    await legacy.store.apply({
      event: { id: iced, set: { title: 'Ours' } },
      inserts: [{ _id, eventId: iced }],
      updates: [],
      deletes: [],
    });
    expect(await legacy.events.findOne({ _id: iced })).toMatchObject({ title: 'Ours' });
    expect(await legacy.registrations.countDocuments({ _id })).toBe(1);
  });

  it('is told of, and free again after', async () => {
    await legacy.store.freeze([idOf(iced), idOf(other)]);
    expect((await legacy.store.frozen()).inBoth).toEqual({ kind: 'only', ids: new Set([idOf(iced), idOf(other)]) });
    await legacy.store.unfreeze([idOf(iced)]);
    expect((await legacy.store.frozen()).inEither).toEqual({ kind: 'only', ids: new Set([idOf(other)]) });
    expect(await isRefused(() => legacy.registrations.insertOne({ eventId: iced }))).toBe(false);
    expect(await isRefused(() => legacy.registrations.insertOne({ eventId: other }))).toBe(true);
  });

  it('is a matter of all, with exceptions', async () => {
    await legacy.store.freezeAll();
    expect(await isRefused(() => legacy.events.insertOne({ title: 'New' }))).toBe(true);
    expect(await isRefused(() => legacy.registrations.insertOne({}))).toBe(true);
    await legacy.store.unfreeze([idOf(other)]);
    expect((await legacy.store.frozen()).inBoth).toEqual({ kind: 'except', ids: new Set([idOf(other)]) });
    expect(await isRefused(() => legacy.registrations.insertOne({ eventId: other }))).toBe(false);
    expect(await isRefused(() => legacy.registrations.insertOne({ eventId: iced }))).toBe(true);
    await legacy.store.unfreezeAll();
    expect(await isRefused(() => legacy.registrations.insertOne({ eventId: iced }))).toBe(false);
  });

  it('is told of as torn after a kill between the collections, and whole when it is frozen again', async () => {
    await legacy.db.command({ collMod: 'events', validator: {} });
    const { inBoth, inEither } = await legacy.store.frozen();
    expect(inBoth.ids.size).toBe(0);
    expect([...inEither.ids]).toEqual([idOf(iced)]);
    await legacy.store.freeze([idOf(iced)]);
    expect([...(await legacy.store.frozen()).inBoth.ids]).toEqual([idOf(iced)]);
  });
});

describe("the owner's validators", () => {
  const optionsOf = async (name: string) => {
    const [found] = await legacy.db.listCollections({ name }, { promoteValues: false }).toArray();
    return (found as unknown as { options: Document }).options;
  };
  const setValidator = (validator: Document, level: string, action: string) =>
    legacy.db.command({ collMod: 'registrations', validator, validationLevel: level, validationAction: action });
  const schema = {
    $jsonSchema: { bsonType: 'object', required: ['eventId'], properties: { n: { minimum: new Double(1) } } },
  };

  it.each([
    [schema, 'strict', 'error'],
    [schema, 'moderate', 'error'],
    [schema, 'strict', 'warn'],
    [schema, 'off', 'error'],
    [{ n: { $not: { $type: new Int32(2) } } }, 'strict', 'error'],
    [{ $comment: 'theirs', n: { $gte: 0 } }, 'moderate', 'warn'],
  ])('%o of level %s that %s are put back as they were', async (validator, level, action) => {
    await setValidator(validator, level, action);
    const before = await optionsOf('registrations');
    await legacy.store.freeze([idOf(iced)]);
    await legacy.store.freeze([idOf(other)]);
    const own = JSON.parse(await legacy.store.ownValidators()) as Document;
    await legacy.store.unfreeze([idOf(iced)]);
    await legacy.store.unfreeze([idOf(other)]);
    expect(await optionsOf('registrations')).toEqual(before);
    expect(own['registrations']).toEqual((JSON.parse(await legacy.store.ownValidators()) as Document)['registrations']);
  });

  it('refuse what they refused while others are frozen', async () => {
    await setValidator(schema, 'strict', 'error');
    await legacy.store.freeze([idOf(iced)]);
    expect(await isRefused(() => legacy.registrations.insertOne({ no: 'event' }))).toBe(true);
  });

  it('refuse no more than they did while others are frozen', async () => {
    await setValidator(schema, 'strict', 'warn');
    await legacy.store.freeze([idOf(iced)]);
    expect(await isRefused(() => legacy.registrations.insertOne({ no: 'event' }))).toBe(false);
    expect(await isRefused(() => legacy.registrations.insertOne({ eventId: iced }))).toBe(true);
  });

  it('are not there after a freeze where there were none', async () => {
    const before = await optionsOf('registrations');
    expect(before).toEqual({});
    await legacy.store.unfreezeAll();
    expect(await optionsOf('registrations')).toEqual(before);
    await legacy.store.freeze([idOf(iced)]);
    await legacy.store.unfreeze([idOf(iced)]);
    expect((await optionsOf('registrations'))['validator'] ?? {}).toEqual({});
    expect(await isRefused(() => legacy.registrations.insertOne({ no: 'event' }))).toBe(false);
  });
});

describe('a transaction of the old application', () => {
  it('that lasts makes freezing give up, with nothing frozen', async () => {
    await twoEvents();
    const session = legacy.client.startSession();
    session.startTransaction();
    await legacy.events.updateOne({ _id: other }, { $set: { title: 'Slow' } }, { session });
    await expect(legacy.store.freeze([idOf(iced)])).rejects.toBeInstanceOf(LegacyProblem);
    expect((await legacy.store.frozen()).inEither.ids.size).toBe(0);
    await session.commitTransaction();
    await session.endSession();
    await legacy.store.freeze([idOf(iced)]);
    expect(await isRefused(() => legacy.events.updateOne({ _id: iced }, { $set: { x: 1 } }))).toBe(true);
  });

  it('that began before and writes after is refused', async () => {
    await twoEvents();
    const session = legacy.client.startSession();
    session.startTransaction();
    await legacy.users.insertOne({ name: 'Ann' }, { session });
    await legacy.store.freeze([idOf(iced)]);
    const late = legacy.registrations.insertOne({ eventId: iced }, { session });
    await expect(late).rejects.toBeInstanceOf(MongoServerError);
    await session.abortTransaction();
    await session.endSession();
  });
});

it('more events than a validator has room for are refused with a reason', async () => {
  const ids = Array.from({ length: 100_001 }, (_, n) => `e${n}` as LegacyId);
  await expect(legacy.store.freeze(ids)).rejects.toThrow('more than the 100000');
});

it('100,000 events can be frozen', async () => {
  await legacy.drop();
  legacy = await testLegacy(inject('mongodbUrl'), { lockMs: 10_000, pauseMs: 20, limitMs: 10_000 });
  const ids = Array.from({ length: 100_000 }, (_, n) => n.toString(16).padStart(24, '0') as LegacyId);
  await legacy.store.freeze(ids);
  expect((await legacy.store.frozen()).inBoth.ids.size).toBe(100_000);
  expect(await isRefused(() => legacy.registrations.insertOne({ eventId: new ObjectId(ids[77_777]) }))).toBe(true);
  expect(await isRefused(() => legacy.registrations.insertOne({ eventId: new ObjectId() }))).toBe(false);
});
