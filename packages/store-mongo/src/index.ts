export { collectionsOf, createMongoClient, workerAppName, type Collections, type MongoOptions } from './connect.ts';
export { createEventStore } from './event-store.ts';
export { createEventQueries } from './event-queries.ts';
export { ensureSchema } from './schema.ts';
export {
  journalEntry,
  registrationOf,
  type EventDocument,
  type JournalDocument,
  type RegistrationDocument,
} from './documents.ts';
