import { randomBytes } from 'node:crypto';
import type { LegacyId, LegacyNames, LegacyStore } from '@rollcall/migration';
import { MongoClient, type Collection, type Db, type ObjectId } from 'mongodb';
import type { FreezeLimits } from './freezing.ts';
import { createLegacyStore } from './legacy-store.ts';

/** The collections of an old system of a test's own. */
export interface TestLegacy {
  readonly client: MongoClient;
  readonly db: Db;
  readonly names: LegacyNames;
  readonly events: Collection;
  readonly registrations: Collection;
  readonly users: Collection;
  readonly store: LegacyStore;
  drop(): Promise<void>;
}

export const namesOf = (database: string): LegacyNames => ({
  database,
  collections: { events: 'events', registrations: 'registrations', users: 'users' },
  registration: { eventId: 'eventId', userId: 'userId' },
  event: { roles: 'roles' },
  role: { id: 'id', signups: 'currentSignups' },
  signup: { userId: 'userId' },
  userFields: ['firstName'],
});

const quick: FreezeLimits = { lockMs: 200, pauseMs: 20, limitMs: 1_000 };

export async function testLegacy(url: string, freezeLimits: FreezeLimits = quick): Promise<TestLegacy> {
  const names = namesOf(`t${randomBytes(6).toString('hex')}`);
  const client = new MongoClient(url, { readConcernLevel: 'majority', writeConcern: { w: 'majority' } });
  const db = client.db(names.database);
  for (const name of ['events', 'registrations', 'users']) await db.createCollection(name);
  await db.collection('registrations').createIndex({ eventId: 1 });
  return {
    client,
    db,
    names,
    events: db.collection('events'),
    registrations: db.collection('registrations'),
    users: db.collection('users'),
    store: createLegacyStore(client, names, { freezeLimits }),
    async drop() {
      await db.dropDatabase();
      await client.close();
    },
  };
}

export const idOf = (id: ObjectId): LegacyId => id.toHexString() as LegacyId;

export async function allOf<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
