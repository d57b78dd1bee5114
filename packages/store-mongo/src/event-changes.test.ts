import { ChangesLostError, type EventChange, type EventChanges, type ResumePoint } from '@rollcall/engine';
import { eventChangesContract } from '@rollcall/testkit';
import { MongoNetworkError, MongoServerError } from 'mongodb';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Collections } from './connect.ts';
import { createEventChanges } from './event-changes.ts';
import { createEventStore } from './event-store.ts';
import { testDatabase, type TestDatabase } from './testing.ts';

eventChangesContract('MongoDB', async () => {
  const { collections, drop } = await testDatabase(inject('mongodbUrl'));
  return { store: createEventStore(collections), changes: createEventChanges(collections), close: drop };
});

describe('changes of the events collection', () => {
  let database: TestDatabase;
  let collections: Collections;
  let changes: EventChanges;
  beforeEach(async () => {
    database = await testDatabase(inject('mongodbUrl'));
    ({ collections } = database);
    changes = createEventChanges(collections);
  });
  afterEach(() => database.drop());

  /** What came before may be told of once more. */
  async function toldOf(act: () => Promise<unknown>, isIt: (change: EventChange) => boolean): Promise<EventChange> {
    await raw().insertOne({ _id: 'e1', version: 9, commitId: 'c9' } as never, bypass);
    const from = await changes.now();
    await act();
    for await (const { change } of changes.follow(from, new AbortController().signal)) {
      if (change !== undefined && isIt(change)) return change;
    }
    throw new Error('the changes have ended');
  }

  const raw = () => collections.db.collection<{ _id: string }>('events');
  const bypass = { bypassDocumentValidation: true };

  it('are told of when an event is put back as a whole, as by a restore', async () => {
    const document = { _id: 'e1', version: 3, commitId: 'c3' };
    const replace = () => raw().replaceOne({ _id: 'e1' }, document, bypass);
    const change = await toldOf(replace, ({ head }) => head?.version === 3);
    expect(change).toMatchObject({ eventId: 'e1', head: { version: 3, commitId: 'c3' } });
  });

  it('are told of when an event is deleted', async () => {
    const change = await toldOf(
      () => raw().deleteOne({ _id: 'e1' }),
      ({ head }) => head === undefined,
    );
    expect(change).toMatchObject({ eventId: 'e1', head: undefined });
  });

  it('are lost when the collection is dropped', async () => {
    await expect(
      toldOf(
        () => raw().drop(),
        () => false,
      ),
    ).rejects.toBeInstanceOf(ChangesLostError);
  });

  function nextAfter(point: object, from: EventChanges = changes) {
    const following = from.follow(JSON.stringify(point) as ResumePoint, new AbortController().signal);
    return following[Symbol.asyncIterator]().next();
  }

  it('are lost behind a point that no server can read', async () => {
    await expect(nextAfter({ resumeAfter: { _data: 'zz' } })).rejects.toBeInstanceOf(ChangesLostError);
  });

  it('are lost where the oplog has moved on, and not where the server is away', async () => {
    const rejecting = (error: Error) => async () => {
      throw error;
    };
    const failing = (error: Error) =>
      createEventChanges({
        ...collections,
        events: Object.assign(Object.create(collections.events) as Collections['events'], {
          watch: () => ({ tryNext: rejecting(error), close: async () => undefined }),
        }),
      });
    const lost = new MongoServerError({ message: 'Resume of change stream was not possible', code: 286 });
    await expect(nextAfter({}, failing(lost))).rejects.toBeInstanceOf(ChangesLostError);
    const away = new MongoNetworkError('away');
    await expect(nextAfter({}, failing(away))).rejects.toBe(away);
  });
});
