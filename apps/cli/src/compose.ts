import { collectionsOf, createMongoClient, createRecords, type Collections, type Records } from '@rollcall/store-mongo';
import type { Environment } from './environment.ts';

const serverSelectionMs = 10_000;
/** The server may need a while for the first batch of a large event. */
const socketMs = 120_000;

export interface Database extends AsyncDisposable {
  readonly collections: Collections;
  readonly records: Records;
}

/** The database, for those who read it past the API. */
export function openDatabase(environment: Environment, appName = 'rollcall-cli'): Database {
  const { url, database } = environment.mongodb();
  const client = createMongoClient({ url, appName, serverSelectionMs, socketMs });
  const collections = collectionsOf(client, database);
  return {
    collections,
    records: createRecords(collections),
    [Symbol.asyncDispose]: () => client.close(),
  };
}
