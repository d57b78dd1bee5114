export {
  collectionsOf,
  createMongoClient,
  migrationAppName,
  workerAppName,
  type Collections,
  type MongoOptions,
} from './connect.ts';
export { createEventStore } from './event-store.ts';
export { createEventChanges } from './event-changes.ts';
export { createEventQueries } from './event-queries.ts';
export { ensureSchema } from './schema.ts';
export type { EventDocument } from './event-document.ts';
export { journalEntry, type JournalDocument } from './journal-document.ts';
export { registrationOf, type RegistrationDocument } from './registration-document.ts';
export {
  createRecords,
  type Head,
  type JournalRange,
  type JournalRecord,
  type Records,
  type RecordsOfMoment,
} from './records.ts';
export { freshCollection, type RebuiltRegistrations } from './rebuilt.ts';
export { createStoreTraces } from './traces.ts';
export { inSnapshot } from './snapshot.ts';
export { storedEvent } from './stored.ts';
export { createHeldEvents, type HeldEvents } from './held.ts';
export { createMigrationState } from './migration-state.ts';
export { collectionNames } from './validators.ts';
