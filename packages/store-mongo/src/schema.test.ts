import type { CommitId, EventId, OrganizerId, RegistrationId, RoleId, UserId } from '@rollcall/domain';
import { MongoServerError } from 'mongodb';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { createEventStore } from './event-store.ts';
import { createIndexes, firstIndexes, indexes } from './indexes.ts';
import type { RegistrationDocument } from './registration-document.ts';
import { ensureSchema } from './schema.ts';
import { emptyDatabase, type TestDatabase } from './testing.ts';

const allChanges = ['001-collections', '002-indexes', '003-whole-domain', '004-relay', '005-import', '006-migration'];
const eventId = 'e-of-the-first-version' as EventId;

let database: TestDatabase;
beforeEach(() => {
  database = emptyDatabase(inject('mongodbUrl'));
});
afterEach(() => database.drop());

const indexNames = async () => (await database.collections.registrations.indexes()).map(({ name }) => name);
const registrationIndexes = [
  '_id_',
  indexes.line,
  'eventId_1_status_1_roleId_1',
  indexes.oneActive,
  'eventId_1_userId_1_status_1',
  'userId_1_registrationDate_-1__id_-1',
  indexes.offers,
  indexes.offersDue,
  indexes.legacyIds,
].toSorted();

describe('ensureSchema', () => {
  it('makes a new database, and then has nothing to do', async () => {
    const { db } = database.collections;
    expect(await ensureSchema(db)).toEqual(allChanges);
    expect((await indexNames()).toSorted()).toEqual(registrationIndexes);
    expect(await ensureSchema(db)).toEqual([]);
  });

  it('can run twice at once', async () => {
    const { db } = database.collections;
    await Promise.all([ensureSchema(db), ensureSchema(db)]);
    expect((await indexNames()).toSorted()).toEqual(registrationIndexes);
  });

  it('brings a database of the first version along', async () => {
    const { collections } = database;
    const { db } = collections;
    await db.collection<{ _id: string }>('schemaChanges').insertMany(allChanges.slice(0, 2).map((_id) => ({ _id })));
    for (const name of ['events', 'registrations', 'journal']) await db.createCollection(name);
    await createIndexes(db, firstIndexes);
    const role = { roleId: 'role' as RoleId, name: 'Role', capacity: 5, waitlist: 'auto' as const };
    await db.collection<{ _id: EventId }>('events').insertOne({
      _id: eventId,
      version: 3,
      commitId: 'commit' as CommitId,
      status: 'open',
      organizerId: 'org' as OrganizerId,
      title: 'The event',
      startsAt: new Date(),
      endsAt: new Date(),
      timeZone: 'UTC',
      registrationsPerUserMax: 1,
      roles: [role],
    } as never);

    expect(await ensureSchema(db)).toEqual(['003-whole-domain', '004-relay', '005-import', '006-migration']);
    expect((await indexNames()).toSorted()).toEqual(registrationIndexes);
    const stored = await createEventStore(collections).loadEvent(eventId);
    expect(stored?.current).toMatchObject({ pools: [], settings: { usersMayMove: false } });
    expect(stored?.current.roles.get(role.roleId)?.role).toEqual({ ...role, offerMs: 86_400_000 });
    // It stands the validator from now on.
    const { matchedCount } = await collections.events.updateOne({ _id: eventId }, { $set: { version: 4 } });
    expect(matchedCount).toBe(1);
  });
});

describe('validators', () => {
  beforeEach(() => ensureSchema(database.collections.db));

  const confirmed: RegistrationDocument = {
    _id: 'r-1' as RegistrationId,
    eventId,
    userId: 'ann' as UserId,
    roleId: 'role' as RoleId,
    status: 'confirmed',
    sequence: 1,
    registrationDate: new Date(),
    registeredBy: 'ann' as UserId,
  };
  const waiting: RegistrationDocument = { ...confirmed, status: 'waitlist' };
  const offer = { expiresAt: new Date() };
  const replaces = 'r-2' as RegistrationId;
  const insert = (document: RegistrationDocument) =>
    database.collections.registrations.insertOne(document).then(
      () => 'taken',
      (error: unknown) => (error instanceof MongoServerError && error.code === 121 ? 'refused' : error),
    );

  it.each<RegistrationDocument>([
    confirmed,
    { ...confirmed, attendedAt: new Date() },
    { ...waiting, offer, replaces },
    { ...confirmed, status: 'cancelled', cancelledAt: new Date(), cancelCause: 'staff', cancelReasonCode: 'no-show' },
  ])('take %o', async (document) => {
    expect(await insert(document)).toBe('taken');
  });

  it.each<RegistrationDocument>([
    { ...confirmed, offer },
    { ...confirmed, replaces },
    { ...waiting, attendedAt: new Date() },
    { ...waiting, status: 'cancelled', offer },
    { ...waiting, offer: { expiresAt: 5 as never } },
    { ...confirmed, cancelReasonCode: 'because' as never },
    { ...confirmed, seat: 12 } as RegistrationDocument,
  ])('refuse %o', async (document) => {
    expect(await insert(document)).toBe('refused');
  });
});
