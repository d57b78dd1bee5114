import type { Db } from 'mongodb';
import { createIndexes, firstIndexes, migrationIndexes, replacedIndex, wholeDomainIndexes } from './indexes.ts';
import { validators } from './validators.ts';

interface SchemaChange {
  /** Recorded once applied; never renamed, never reused. */
  readonly id: string;
  readonly apply: (db: Db) => Promise<void>;
}

/** In order. A change must be safe to run twice: a crash may come between applying and recording it. */
const changes: readonly SchemaChange[] = [
  { id: '001-collections', apply: createCollections },
  { id: '002-indexes', apply: (db) => createIndexes(db, firstIndexes) },
  { id: '003-whole-domain', apply: bringWholeDomain },
  { id: '004-relay', apply: createCollections },
  { id: '005-import', apply: applyValidators },
  { id: '006-migration', apply: makeRoomForMigration },
];

interface AppliedChange {
  readonly _id: string;
  readonly appliedAt: Date;
}

/** Brings a database to the schema of this version, and answers which changes that took. Safe to run at any time, also twice at once. */
export async function ensureSchema(db: Db): Promise<readonly string[]> {
  const applied = db.collection<AppliedChange>('schemaChanges');
  const known = new Set((await applied.find().toArray()).map(({ _id }) => _id));
  const due = changes.filter(({ id }) => !known.has(id));
  for (const { id, apply } of due) {
    await apply(db);
    await applied.updateOne({ _id: id }, { $setOnInsert: { appliedAt: new Date() } }, { upsert: true });
  }
  return due.map(({ id }) => id);
}

async function createCollections(db: Db): Promise<void> {
  const existing = new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
  for (const name of Object.keys(validators)) {
    if (!existing.has(name)) await db.createCollection(name).catch(ignore('NamespaceExists'));
  }
  await applyValidators(db);
}

/** Always those of this version, whichever change asks for them. */
async function applyValidators(db: Db): Promise<void> {
  for (const [name, validator] of Object.entries(validators)) {
    await db.command({ collMod: name, validator, validationLevel: 'strict', validationAction: 'error' });
  }
}

/** A day: what an offer is held for unless somebody says otherwise. */
const offerMs = 86_400_000;

/** Pools, offers, obligations and moves came after the first events were made; those have none of them. */
async function bringWholeDomain(db: Db): Promise<void> {
  await createCollections(db);
  await db.collection('events').updateMany({ pools: { $exists: false } }, [
    {
      $set: {
        pools: [],
        usersMayMove: false,
        roles: { $map: { input: '$roles', in: { $mergeObjects: [{ offerMs }, '$$this'] } } },
      },
    },
  ]);
  await createIndexes(db, wholeDomainIndexes);
  await db.collection('registrations').dropIndex(replacedIndex).catch(ignore('IndexNotFound'));
}

async function makeRoomForMigration(db: Db): Promise<void> {
  await createCollections(db);
  await createIndexes(db, migrationIndexes);
}

/** Somebody else's run came first. */
const ignore =
  (codeName: string) =>
  (error: { readonly codeName?: string }): void => {
    if (error.codeName !== codeName) throw error;
  };
