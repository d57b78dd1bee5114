import {
  defaultMapping,
  LegacyChangesLost,
  legacyNamesOf,
  LegacyProblem,
  parseMapping,
  type LegacyId,
  type LegacyNames,
  type LegacyResumePoint,
} from '@rollcall/migration';
import { BSON, ObjectId, type Document } from 'mongodb';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { insertRaw } from './backup/raw.ts';
import { createLegacyStore } from './legacy-store.ts';
import { allOf, idOf, testLegacy, type TestLegacy } from './testing.ts';

let legacy: TestLegacy;
beforeEach(async () => {
  legacy = await testLegacy(inject('mongodbUrl'));
});
afterEach(() => legacy.drop());

const event = new ObjectId();
const mixed = (_id: unknown, more: Document = {}) => ({ _id, ...more }) as never;

describe('the ids of events', () => {
  it('come in their order, of whatever type, and from anywhere on', async () => {
    const usable = Array.from({ length: 2_500 }, (_, n) => n);
    await legacy.events.insertMany([
      ...usable.map((n) => mixed(n)),
      mixed('text'),
      mixed(event),
      mixed(new Date(0)),
      mixed({ a: 1 }),
    ]);
    const found = await allOf(legacy.store.eventIds());
    const expected = [...usable.map(String), 'text', undefined, idOf(event), undefined];
    expect(found.map(({ legacyId }) => legacyId)).toEqual(expected);
    for (const from of [0, 999, 1_000, 2_499, 2_500, 2_501]) {
      const rest = await allOf(legacy.store.eventIds(found[from]?.position));
      expect(rest.map(({ legacyId }) => legacyId)).toEqual(expected.slice(from + 1));
    }
    expect(await legacy.store.countEvents()).toBe(2_504);
    expect(await legacy.store.existing(['7', 'text', '99999', 'none', idOf(event)] as LegacyId[])).toEqual(
      new Set(['7', 'text', idOf(event)]),
    );
    const sizes = found.map(({ bytes }) => bytes);
    expect(sizes).toEqual(sizes.map(() => expect.any(Number)));
    expect(Math.min(...sizes)).toBeGreaterThan(10);
  });
});

describe('events', () => {
  it('are read with those who acted on registrations, where it has to be looked up who they are', async () => {
    const [ann, staff, other, idle] = [new ObjectId(), new ObjectId(), new ObjectId(), new ObjectId()];
    await legacy.users.insertMany([ann, staff, other, idle].map((_id) => ({ _id, firstName: 'A' })));
    await legacy.events.insertOne({ _id: event });
    const actionHistory = [{ performedBy: other }, { performedBy: 5 }, 'none'];
    await legacy.registrations.insertOne({ eventId: event, userId: ann, registeredBy: staff, actionHistory });
    const usersOf = async (names: LegacyNames) => {
      const [found] = await createLegacyStore(legacy.client, names).readEvents([idOf(event)]);
      return [...(found?.users?.keys() ?? [])].toSorted();
    };
    expect(await usersOf(legacy.names)).toEqual([idOf(ann)]);
    const actors = { registeredBy: 'registeredBy', actionHistory: 'actionHistory', performedBy: 'performedBy' };
    expect(await usersOf({ ...legacy.names, actors })).toEqual([ann, staff, other].map(idOf).toSorted());
    expect(legacyNamesOf(defaultMapping).actors).toBeUndefined();
    const bySubject = parseMapping({ users: { subject: { field: 'sub' } } });
    expect(legacyNamesOf(bySubject).actors).toEqual(actors);
  });

  it('are read with their registrations, by whichever type they name it, and the users that they name', async () => {
    const [ann, ben, cy] = [new ObjectId(), new ObjectId(), new ObjectId()];
    await legacy.users.insertMany([
      { _id: ann, firstName: 'Ann', secret: 's' },
      { _id: ben, firstName: 'Ben' },
      { _id: cy, firstName: 'Cy' },
    ]);
    await legacy.events.insertMany([
      { _id: event, roles: [{ id: 'r', currentSignups: [{ userId: ann.toHexString() }] }] },
      mixed(5, { roles: 'none' }),
    ]);
    await legacy.registrations.insertMany([
      { eventId: event, userId: ben },
      { eventId: event.toHexString(), userId: 7 },
      { eventId: '5' },
      { eventId: new ObjectId(), userId: cy },
    ]);
    const found = await legacy.store.readEvents([idOf(event), '5' as LegacyId, 'nobody' as LegacyId]);
    const counts = new Map(found.map(({ legacyId, registrations }) => [legacyId as string, registrations.length]));
    expect(counts).toEqual(
      new Map([
        [event.toHexString(), 2],
        ['5', 1],
      ]),
    );
    expect(found[0]?.users).toEqual(
      new Map([
        [ann.toHexString(), { _id: ann, firstName: 'Ann' }],
        [ben.toHexString(), { _id: ben, firstName: 'Ben' }],
      ]),
    );
  });

  it('whose ids read the same are a problem', async () => {
    await legacy.events.insertMany([mixed(5), mixed('5')]);
    await expect(legacy.store.readEvents(['5' as LegacyId])).rejects.toBeInstanceOf(LegacyProblem);
  });

  it('with text that is none can be read', async () => {
    const bytes = Buffer.from(BSON.serialize({ _id: event, title: 'xx' }));
    bytes.fill(0xff, bytes.indexOf('xx'), bytes.indexOf('xx') + 1);
    await insertRaw(legacy.db, 'events', [bytes]);
    const [found] = await legacy.store.readEvents([idOf(event)]);
    expect(found?.event['title']).toBe('\uFFFDx');
  });

  it('of nearly 16 MB with 100,000 registrations can be read', async () => {
    await legacy.events.insertOne({ _id: event, text: 'x'.repeat(15.9 * 1_000_000) });
    for (let n = 0; n < 10; n += 1) {
      await legacy.registrations.insertMany(Array.from({ length: 10_000 }, () => ({ eventId: event })));
    }
    const [found] = await legacy.store.readEvents([idOf(event)]);
    expect(found?.registrations).toHaveLength(100_000);
  });
});

it('which of some events are there, and the users in whose field one of some texts stands', async () => {
  await legacy.events.insertMany([{ _id: event }, mixed(5), mixed('text')]);
  const ids = [idOf(event), '5' as LegacyId, 'text' as LegacyId, 'nobody' as LegacyId];
  expect(await legacy.store.existing(ids)).toEqual(new Set(ids.slice(0, 3)));
  const ann = new ObjectId();
  await legacy.users.insertMany([
    { _id: ann, sub: 'a', secret: 's' },
    mixed('ben', { sub: 7 }),
    mixed('cy', { sub: 'c' }),
  ]);
  expect(await legacy.store.usersBy('sub', ['a', '7', 'x'])).toEqual(
    new Map<string, Document>([
      [ann.toHexString(), { _id: ann, sub: 'a' }],
      ['ben', { _id: 'ben', sub: 7 }],
    ]),
  );
});

it('orphans are the registrations of events that are not there, or of none', async () => {
  const gone = new ObjectId();
  await legacy.events.insertOne({ _id: event });
  const example = new ObjectId();
  await legacy.registrations.insertMany([
    { eventId: event },
    { eventId: event.toHexString() },
    { eventId: gone },
    { eventId: gone },
    { eventId: 'gone' },
    { _id: example },
    { eventId: { a: 1 } },
  ]);
  const found = await allOf(legacy.store.orphans(1));
  const told = found.map(({ eventId, count, examples }) => [eventId, count, examples.length]);
  expect(told).toHaveLength(4);
  expect(told).toEqual(
    expect.arrayContaining([
      [undefined, 1, 1],
      [undefined, 1, 1],
      [gone.toHexString(), 2, 1],
      ['gone', 1, 1],
    ]),
  );
  expect(found.flatMap(({ examples }) => examples)).toContain(idOf(example));
});

describe('changes', () => {
  async function told(from: LegacyResumePoint, count: number) {
    const found: unknown[] = [];
    let point = from;
    for await (const { changes, resumePoint } of legacy.store.changes(from, new AbortController().signal)) {
      found.push(
        ...changes.map(({ collection, operation, eventId, registrationId }) => [
          collection,
          operation,
          eventId,
          registrationId,
        ]),
      );
      point = resumePoint;
      if (found.length >= count) break;
    }
    return { found, point };
  }

  it('name the event that was touched, and the registration', async () => {
    const [one, other] = [new ObjectId(), new ObjectId()];
    const from = await legacy.store.now();
    await legacy.events.insertOne({ _id: event });
    await legacy.registrations.insertOne({ _id: one, eventId: event });
    await legacy.registrations.insertOne({ _id: other, eventId: event.toHexString() });
    await legacy.db.collection('elsewhere').insertOne({});
    await legacy.registrations.updateOne({ _id: one }, { $set: { x: 1 } });
    await legacy.registrations.replaceOne({ _id: one }, { eventId: event, y: 1 });
    await legacy.registrations.deleteOne({ _id: other });
    await legacy.events.updateOne({ _id: event }, { $set: { x: 1 } });
    await legacy.events.deleteOne({ _id: event });
    const id = idOf(event);
    const expected = [
      ['events', 'insert', id, undefined],
      ['registrations', 'insert', id, idOf(one)],
      ['registrations', 'insert', id, idOf(other)],
      ['registrations', 'update', id, idOf(one)],
      ['registrations', 'replace', id, idOf(one)],
      ['registrations', 'delete', undefined, idOf(other)],
      ['events', 'update', id, undefined],
      ['events', 'delete', id, undefined],
    ];
    const { found, point } = await told(from, expected.length);
    expect(found).toEqual(expected);
    await legacy.events.insertOne({ _id: event });
    expect((await told(point, 1)).found).toEqual([['events', 'insert', id, undefined]]);
  });

  it('come all, however many there are', async () => {
    const from = await legacy.store.now();
    await legacy.registrations.insertMany(Array.from({ length: 3_000 }, () => ({ eventId: event })));
    await legacy.registrations.updateMany({}, { $set: { x: 1 } });
    const { found } = await told(from, 6_000);
    expect(found).toHaveLength(6_000);
    expect(found.filter((change) => (change as unknown[])[2] === idOf(event))).toHaveLength(6_000);
  });

  it('of an event of nearly 16 MB are told of', async () => {
    const from = await legacy.store.now();
    await legacy.events.insertOne({ _id: event, text: 'x'.repeat(15.9 * 1_000_000) });
    await legacy.events.replaceOne({ _id: event }, { text: 'y'.repeat(15.9 * 1_000_000) });
    expect((await told(from, 2)).found).toHaveLength(2);
  });

  it.each<readonly [string, () => Promise<unknown>]>([
    ['dropped', () => legacy.events.drop()],
    ['renamed', () => legacy.registrations.rename('other')],
  ])('are lost when a collection is %s, and for a point that is none', async (_name, act) => {
    const from = await legacy.store.now();
    await act();
    await expect(told(from, 1)).rejects.toBeInstanceOf(LegacyChangesLost);
    await expect(told('{"resumeAfter":{"_data":"zz"}}' as LegacyResumePoint, 1)).rejects.toBeInstanceOf(
      LegacyChangesLost,
    );
  });

  it('end when they are not wanted any more', async () => {
    const stop = new AbortController();
    for await (const step of legacy.store.changes(await legacy.store.now(), stop.signal)) {
      expect(step.changes).toEqual([]);
      stop.abort();
    }
  });
});
