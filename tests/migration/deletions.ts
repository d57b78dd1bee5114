import type { Db, Document } from 'mongodb';

/** Remembers each registration document of the old system that was deleted, as it was: a deletion leaves nothing to compare with. */
export interface Deletions {
  /** Of all deletions that ended before this was called. */
  soFar(): Promise<readonly Document[]>;
  stop(): Promise<void>;
}

export async function startDeletions(legacy: Db): Promise<Deletions> {
  await legacy.command({ collMod: 'registrations', changeStreamPreAndPostImages: { enabled: true } });
  const marks = legacy.collection<{ _id: number }>('deletionMarks');
  const stream = legacy.watch(
    [
      {
        $match: {
          $or: [
            { operationType: 'delete', 'ns.coll': 'registrations' },
            { operationType: 'insert', 'ns.coll': marks.collectionName },
          ],
        },
      },
    ],
    { fullDocumentBeforeChange: 'whenAvailable' },
  );
  // From here on nothing is missed.
  await stream.tryNext();
  const deleted: Document[] = [];
  let marked = 0;
  return {
    async soFar() {
      marked += 1;
      await marks.insertOne({ _id: marked });
      for (;;) {
        const change = await stream.next();
        if (change.operationType === 'insert' && change.documentKey._id === (marked as unknown)) return deleted;
        if (change.operationType === 'delete') deleted.push(change.fullDocumentBeforeChange ?? {});
      }
    },
    stop: () => stream.close(),
  };
}
