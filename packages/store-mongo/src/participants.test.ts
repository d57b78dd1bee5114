import type { EventId, RegistrationId, RoleId, UserId } from '@rollcall/domain';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createEventQueries } from './event-queries.ts';
import type { RegistrationDocument } from './registration-document.ts';
import { explainQueries } from './testing-explain.ts';
import { testDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject('mongodbUrl'));
});
afterAll(() => database.drop());

const eventId = 'e-streamed' as EventId;
const registrationIdOf = (n: number) => `r-${n}` as RegistrationId;

/** More than the server sends at once. */
const people = 1_300;
const somebody = (n: number, status: RegistrationDocument['status']): RegistrationDocument => ({
  _id: registrationIdOf(n),
  eventId,
  userId: `u-${n}` as UserId,
  roleId: 'role' as RoleId,
  status,
  sequence: n,
  registrationDate: new Date(n),
  registeredBy: `u-${n}` as UserId,
});

it('streams everybody as of its beginning, however long the reader takes', async () => {
  const { registrations } = database.collections;
  const half = people / 2;
  await registrations.insertMany(
    Array.from({ length: people }, (_, n) => somebody(n, n < half ? 'confirmed' : 'waitlist')),
  );
  const queries = createEventQueries(database.collections, 5_000);
  const seen: RegistrationId[] = [];
  for await (const { registrationId } of queries.streamParticipants({ eventId })) {
    seen.push(registrationId);
    if (seen.length !== 10) continue;
    // One who was seen goes behind all others, and the last one in front of who comes next.
    await registrations.updateOne({ _id: registrationIdOf(0) }, { $set: { status: 'waitlist', sequence: people } });
    await registrations.updateOne({ _id: registrationIdOf(people - 1) }, { $set: { status: 'cancelled' } });
  }
  expect(seen).toEqual(Array.from({ length: people }, (_, n) => registrationIdOf(n)));
});

it('asks for a bounded number at once, and sets no end to a stream', async () => {
  const queries = createEventQueries(database.collections, 5_000);
  const [streamed] = await explainQueries(database.collections, async () => {
    for await (const _view of queries.streamParticipants({ eventId })) break;
  });
  expect(streamed?.command).toMatchObject({ batchSize: 500 });
  expect(streamed?.command).not.toHaveProperty('maxTimeMS');
  const [listed] = await explainQueries(database.collections, () =>
    queries.listParticipants({ eventId }, undefined, 5),
  );
  expect(listed?.command).toMatchObject({ maxTimeMS: 5_000, limit: 6 });
});

it('closes its cursor when the reader leaves', async () => {
  const { client, registrations } = database.collections;
  const queries = createEventQueries(database.collections, 5_000);
  const killed: unknown[] = [];
  client.on('commandStarted', ({ commandName, command }) => {
    if (commandName === 'killCursors' && command['killCursors'] === registrations.collectionName) killed.push(command);
  });
  for await (const _view of queries.streamParticipants({ eventId })) break;
  expect(killed).toHaveLength(1);
});
