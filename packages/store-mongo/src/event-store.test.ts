import {
  createEvent,
  createScribe,
  eventQueriesContract,
  eventStoreContract,
  openEvent,
  signUp,
  storeTracesContract,
} from '@rollcall/testkit';
import {
  commandIdFromToken,
  eventIdFor,
  type CommitId,
  type JournalEntry,
  type OrganizerId,
  type RegistrationId,
  type RoleId,
  type UserId,
} from '@rollcall/domain';
import type { CommandStartedEvent } from 'mongodb';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createMongoClient, collectionsOf, workerAppName } from './connect.ts';
import { createEventQueries } from './event-queries.ts';
import { createEventStore } from './event-store.ts';
import type { RegistrationDocument } from './registration-document.ts';
import { createStoreTraces } from './traces.ts';
import { testDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject('mongodbUrl'));
});
afterAll(() => database.drop());

eventStoreContract('MongoDB', async () => ({
  store: createEventStore(database.collections),
  async close() {
    // All tests share the database: each has an event of its own.
  },
}));

eventQueriesContract('MongoDB', async () => ({
  store: createEventStore(database.collections),
  queries: createEventQueries(database.collections, 5_000),
  async close() {
    // As above.
  },
}));

storeTracesContract('MongoDB', async () => ({
  store: createEventStore(database.collections),
  traces: createStoreTraces(database.collections),
  async close() {
    // As above.
  },
}));

it('writes 500 new signups with four statements, and no field that they do not need', async () => {
  const { collections } = database;
  const eventId = eventIdFor(commandIdFromToken('f'.repeat(22)));
  const scribe = createScribe(eventId);
  const store = createEventStore(collections);
  expect(await store.commit(scribe.batch(createEvent({}, { eventId }), openEvent({ eventId })))).toBe('committed');
  const batch = scribe.batch(...Array.from({ length: 500 }, (_, n) => signUp(`user-${n}`, { eventId })));

  const sent: string[] = [];
  const listener = ({ commandName }: CommandStartedEvent) => void sent.push(commandName);
  collections.client.on('commandStarted', listener);
  expect(await store.commit(batch)).toBe('committed');
  collections.client.off('commandStarted', listener);
  expect(sent).toEqual(['update', 'insert', 'insert', 'commitTransaction']);
  const fields = new Set((await collections.registrations.find({ eventId }).toArray()).flatMap(Object.keys));
  const needed = ['eventId', 'userId', 'roleId', 'status', 'sequence', 'registrationDate', 'registeredBy'];
  expect([...fields]).toEqual(['_id', ...needed]);
});

it('finds many places in a long line by one walk over it', async () => {
  const { collections } = database;
  const eventId = eventIdFor(commandIdFromToken('p'.repeat(22)));
  const roleId = 'role' as RoleId;
  const waiting = Array.from({ length: 20_000 }, (_, n): RegistrationDocument => {
    const userId = `user-${n}` as UserId;
    const about = { eventId, roleId, userId, registeredBy: userId, registrationDate: new Date(0) };
    return { ...about, _id: `place-${n}` as RegistrationId, status: 'waitlist', sequence: 10 * n };
  });
  await collections.registrations.insertMany(waiting, { ordered: false });
  const store = createEventStore(collections);
  const asked = waiting.filter((_, n) => n % 40 === 39).map(({ sequence }) => sequence);
  const places = await store.findPlaces(eventId, roleId, asked);
  expect([...places]).toEqual(asked.map((sequence, index) => [sequence, 40 * (index + 1)]));
  // Sequences are read in stretches: this line has two.
  expect([...(await store.findPlaces(eventId, roleId, [199_990, 100_000, 99_990, 5]))]).toEqual([
    [99_990, 10_000],
    [100_000, 10_001],
    [199_990, 20_000],
  ]);
});

it('ends the transaction of a worker that died over it, and of nobody else', async () => {
  const { collections } = database;
  const store = createEventStore(collections);
  const eventId = eventIdFor(commandIdFromToken('d'.repeat(22)));
  const head = { version: 1, commitId: 'first' as CommitId };
  await collections.events.insertOne({
    _id: eventId,
    ...head,
    status: 'open',
    organizerId: 'org' as OrganizerId,
    title: 'The event',
    startsAt: new Date(),
    endsAt: new Date(),
    timeZone: 'UTC',
    registrationsPerUserMax: 1,
    usersMayMove: false,
    roles: [],
    pools: [],
  });
  const next = { version: 2, commitId: 'second' as CommitId };
  const entry: JournalEntry = {
    eventId,
    version: 2,
    commandId: commandIdFromToken('d'.repeat(22)),
    bodyHash: '',
    commandType: 'SignUp',
    actor: undefined,
    acceptedAt: 0,
    decidedAt: 0,
    decision: { outcome: 'rejected', rejection: { reason: 'event-not-found' } },
  };
  const commit = () =>
    store.commit({ eventId, expected: head, next, changedEvent: undefined, entries: [entry], writes: [] });

  const clientOf = (appName: string) =>
    createMongoClient({ url: inject('mongodbUrl'), appName, serverSelectionMs: 5_000, socketMs: 30_000 });
  async function beginAndStop(appName: string): Promise<AsyncDisposable> {
    const client = clientOf(appName);
    const session = client.startSession();
    session.startTransaction();
    const { events } = collectionsOf(client, collections.db.databaseName);
    await events.updateOne({ _id: eventId }, { $set: { version: 9 } }, { session });
    return { [Symbol.asyncDispose]: () => client.close() };
  }

  {
    await using _other = await beginAndStop('somebody-else');
    expect(await commit()).toBe('contended');
    expect(await store.endAbandonedCommits(0)).toBe(0);
    expect(await commit()).toBe('contended');
  }
  await using _dead = await beginAndStop(workerAppName);
  expect(await commit()).toBe('contended');
  expect(await store.endAbandonedCommits(60_000)).toBe(0);
  expect(await store.endAbandonedCommits(0)).toBe(1);
  expect(await commit()).toBe('committed');
});
