import type { ClientSession, MongoClient } from 'mongodb';

/** What each read of a snapshot is called with. */
export interface SnapshotOptions {
  readonly session: ClientSession;
  readonly readConcern: { readonly level: 'snapshot' };
}

/**
 * Of a session that was started with `snapshot: true`: its reads see the moment of the first one. The level has to be said
 * each time, because the driver takes the client's default over the session's, and majority reads are each of their own moment.
 */
export const snapshotOf = (session: ClientSession): SnapshotOptions => ({
  session,
  readConcern: { level: 'snapshot' },
});

/** All that it reads with these options is of one moment. */
export function inSnapshot<T>(client: MongoClient, read: (options: SnapshotOptions) => Promise<T>): Promise<T> {
  return client.withSession({ snapshot: true }, (session) => read(snapshotOf(session)));
}
