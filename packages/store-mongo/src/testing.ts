import { randomBytes } from 'node:crypto';
import { collectionsOf, createMongoClient, type Collections } from './connect.ts';
import { ensureSchema } from './schema.ts';

/** A database of a test's own on a shared server. */
export interface TestDatabase {
  readonly collections: Collections;
  drop(): Promise<void>;
}

export async function testDatabase(url: string): Promise<TestDatabase> {
  const database = emptyDatabase(url);
  await ensureSchema(database.collections.db);
  return database;
}

/** Without a schema. */
export function emptyDatabase(url: string): TestDatabase {
  const database = `t${randomBytes(6).toString('hex')}`;
  const client = createMongoClient({
    url,
    appName: 'test',
    serverSelectionMs: 5_000,
    socketMs: 30_000,
    monitorCommands: true,
  });
  const collections = collectionsOf(client, database);
  return {
    collections,
    async drop() {
      await collections.db.dropDatabase();
      await client.close();
    },
  };
}
