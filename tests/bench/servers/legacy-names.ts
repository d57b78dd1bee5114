import { ObjectId } from 'mongodb';

/** The environment variable in which the server of the bench finds the old system's database. */
export const legacyDatabaseVariable = 'BENCH_LEGACY_DATABASE';

/** As the old system calls the event that stands in a path. */
export const legacyEventId = (eventId: string): ObjectId =>
  new ObjectId(Buffer.from(eventId.slice(1), 'base64url').subarray(0, 12));
