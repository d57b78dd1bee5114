import { MongoClient, type Db } from 'mongodb';
import type { EventDocument } from './event-document.ts';
import type { JournalDocument } from './journal-document.ts';
import type { RegistrationDocument } from './registration-document.ts';

export interface MongoOptions {
  readonly url: string;
  readonly appName: string;
  /** How long a call looks for a primary before it fails, in ms. */
  readonly serverSelectionMs: number;
  /** How long a call may wait for its answer, in ms. */
  readonly socketMs: number;
  /** Lets tests see the commands that are sent. */
  readonly monitorCommands?: boolean;
}

/**
 * A client whose defaults are the durable ones, and which notices a primary that hangs: with the driver's own timeouts
 * that took 38 s, with a connect timeout of 2 s and a heartbeat of 1 s it took 11.7 s.
 */
export function createMongoClient({
  url,
  appName,
  serverSelectionMs,
  socketMs,
  monitorCommands = false,
}: MongoOptions): MongoClient {
  return new MongoClient(url, {
    appName,
    readPreference: 'primary',
    readConcernLevel: 'majority',
    writeConcern: { w: 'majority', journal: true },
    connectTimeoutMS: 2_000,
    heartbeatFrequencyMS: 1_000,
    serverSelectionTimeoutMS: serverSelectionMs,
    socketTimeoutMS: socketMs,
    ignoreUndefined: true,
    monitorCommands,
  });
}

/** Whose transactions may be ended when they are abandoned: those of clients of this name. */
export const workerAppName = 'rollcall-worker';
/** As which a migration connects to Rollcall's database. */
export const migrationAppName = 'rollcall-migration';

export interface Collections {
  readonly client: MongoClient;
  readonly db: Db;
  readonly events: ReturnType<typeof eventsOf>;
  readonly registrations: ReturnType<typeof registrationsOf>;
  readonly journal: ReturnType<typeof journalOf>;
}

const eventsOf = (db: Db) => db.collection<EventDocument>('events');
const registrationsOf = (db: Db) => db.collection<RegistrationDocument>('registrations');
const journalOf = (db: Db) => db.collection<JournalDocument>('journal');

export function collectionsOf(client: MongoClient, database: string): Collections {
  const db = client.db(database);
  return { client, db, events: eventsOf(db), registrations: registrationsOf(db), journal: journalOf(db) };
}
