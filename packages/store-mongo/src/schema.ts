import type { CreateIndexesOptions, Db, IndexSpecification } from 'mongodb';
import { indexes } from './indexes.ts';
import { validators } from './validators.ts';

interface SchemaChange {
  /** Recorded once applied; never renamed, never reused. */
  readonly id: string;
  readonly apply: (db: Db) => Promise<void>;
}

/** In order. A change must be safe to run twice: a crash may come between applying and recording it. */
const changes: readonly SchemaChange[] = [
  { id: '001-collections', apply: createCollections },
  { id: '002-indexes', apply: createIndexes },
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
  for (const [name, validator] of Object.entries(validators)) {
    if (!existing.has(name)) await db.createCollection(name).catch(ignoreExisting);
    await db.command({ collMod: name, validator, validationLevel: 'strict', validationAction: 'error' });
  }
}

/** Somebody else's run came first. */
function ignoreExisting(error: { readonly codeName?: string }): void {
  if (error.codeName !== 'NamespaceExists') throw error;
}

const indexList: readonly [string, IndexSpecification, CreateIndexesOptions?][] = [
  ['events', { status: 1, startsAt: 1, _id: 1 }],
  ['events', { organizerId: 1, status: 1, startsAt: 1, _id: 1 }],
  ['registrations', { eventId: 1, roleId: 1, status: 1, sequence: 1 }, { name: indexes.line }],
  ['registrations', { eventId: 1, status: 1 }],
  [
    'registrations',
    { eventId: 1, roleId: 1, userId: 1 },
    { name: indexes.oneActive, unique: true, partialFilterExpression: { status: { $in: ['confirmed', 'waitlist'] } } },
  ],
  ['registrations', { eventId: 1, userId: 1, status: 1 }],
  // "My registrations": the one query that goes to every shard.
  ['registrations', { userId: 1, registrationDate: -1, _id: -1 }],
  ['journal', { eventId: 1, version: 1 }, { unique: true }],
  ['journal', { eventId: 1, commandId: 1 }, { unique: true }],
];

async function createIndexes(db: Db): Promise<void> {
  for (const [collection, keys, options] of indexList) await db.collection(collection).createIndex(keys, options);
}
