import { LegacyProblem, type LegacyNames } from '@rollcall/migration';
import {
  MongoServerError,
  type ClientSession,
  type Collection,
  type Db,
  type Document,
  type MongoClient,
} from 'mongodb';

/** The collections of the old system. */
export interface Legacy {
  readonly client: MongoClient;
  readonly db: Db;
  readonly names: LegacyNames;
  readonly events: Collection;
  readonly registrations: Collection;
  readonly users: Collection | undefined;
}

export function legacyOf(client: MongoClient, names: LegacyNames): Legacy {
  // What other programs have written may be no text at all: it is read with U+FFFD in the place of what can't be read.
  const db = client.db(names.database, { enableUtf8Validation: false });
  const { events, registrations, users } = names.collections;
  return {
    client,
    db,
    names,
    events: db.collection(events),
    registrations: db.collection(registrations),
    users: users === null ? undefined : db.collection(users),
  };
}

/** The collections that are the owner's, in a fixed order. */
export const collectionNames = ({ names: { collections } }: Legacy): readonly string[] =>
  [collections.events, collections.registrations, collections.users].filter((name) => name !== null);

/** SnapshotTooOld, SnapshotUnavailable. */
const tooOld = new Set<unknown>([239, 246]);

/** All that it reads with these options is of one moment. */
export async function atOneMoment<T>(client: MongoClient, read: (options: SnapshotOptions) => Promise<T>): Promise<T> {
  try {
    return await client.withSession({ snapshot: true }, (session) =>
      // The driver takes the client's default over the session's, unless the level is said each time.
      read({ session, readConcern: { level: 'snapshot' } }),
    );
  } catch (error) {
    if (!(error instanceof MongoServerError) || !tooOld.has(error.code)) throw error;
    throw new LegacyProblem(
      'reading took longer than the server keeps a moment: raise its parameter, for instance to an hour, with db.adminCommand({ setParameter: 1, minSnapshotHistoryWindowInSeconds: 3600 })',
      { cause: error },
    );
  }
}

export interface SnapshotOptions {
  readonly session: ClientSession;
  readonly readConcern: { readonly level: 'snapshot' };
}

/** What stands at a path without arrays in it. */
export function at(document: unknown, path: string): unknown {
  let found = document;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Document)[name];
  }
  return found;
}

export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
