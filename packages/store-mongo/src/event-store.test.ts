import { eventStoreContract } from '@rollcall/testkit';
import { afterAll, beforeAll, inject } from 'vitest';
import { createEventStore } from './event-store.ts';
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
