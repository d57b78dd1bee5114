import { join } from 'node:path';
import { LegacyProblem, type BackupCollection, type RestoreOptions } from '@rollcall/migration';
import { BSON, type Db, type Document, type MongoClient } from 'mongodb';
import { readDocuments, readWhole } from './bson-file.ts';
import { createSum, insertRaw, sumOf } from './raw.ts';
import { verifyBackup } from './verify-backup.ts';

/** Of one insert. The server takes 48 MB and 100,000 documents at once. */
const batchBytes = 16 * 1_024 * 1_024;
const batchDocuments = 10_000;

/** Where a collection is made, until it is whole. */
export const asideOf = (name: string) => `rollcall_restoring_${name}`;

export async function restoreBackup(
  client: MongoClient,
  folder: string,
  { database, drop, only, progress = () => undefined }: RestoreOptions,
): Promise<void> {
  const { manifest } = await verifyBackup(folder);
  const known = new Set(manifest.collections.map(({ name }) => name));
  const unknown = (only ?? []).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new LegacyProblem(`the backup in ${folder} has no ${unknown.join(', ')}`);
  const wanted = manifest.collections.filter(({ name }) => only === undefined || only.includes(name));
  const db = client.db(database);
  const there = new Set((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name));
  const inTheWay = wanted.filter(({ name }) => there.has(name)).map(({ name }) => `${database}.${name}`);
  if (inTheWay.length > 0 && !drop) {
    throw new LegacyProblem(`${inTheWay.join(', ')} would be replaced: say so, or restore into another database`);
  }
  for (const { name } of wanted) await db.collection(asideOf(name)).drop();
  for (const collection of wanted) {
    await restoreAside(db, folder, collection, (documents, bytes) =>
      progress({ collection: collection.name, documents, bytes }),
    );
  }
  // Only now, each by a command that either happens or not.
  for (const { name } of wanted) await db.renameCollection(asideOf(name), name, { dropTarget: true });
}

async function restoreAside(
  db: Db,
  folder: string,
  { name, data, metadata }: BackupCollection,
  progress: (documents: number, bytes: number) => void,
): Promise<void> {
  const { options, indexes } = await readMetadata(join(folder, metadata.path), metadata);
  const aside = asideOf(name);
  await db.createCollection(aside, options);
  const sum = createSum();
  let done = 0;
  let batch: Buffer[] = [];
  let bytesOfBatch = 0;
  const insert = async () => {
    await insertRaw(db, aside, batch);
    done += bytesOfBatch;
    batch = [];
    bytesOfBatch = 0;
    progress(sum.documents, done);
  };
  for await (const bytes of readDocuments(join(folder, data.path), data)) {
    if (batch.length > 0 && (batch.length >= batchDocuments || bytesOfBatch + bytes.length > batchBytes))
      await insert();
    sum.add(bytes);
    batch.push(bytes);
    bytesOfBatch += bytes.length;
  }
  if (batch.length > 0) await insert();
  // After the documents: one build of each is faster than an entry per document.
  const own = indexes.filter(({ key }) => !(Object.keys(key).length === 1 && '_id' in key));
  if (own.length > 0) await db.command({ createIndexes: aside, indexes: own.map(withoutNamespace) });
  if ((await sumOf(db.collection(aside))) !== sum.text()) {
    throw new LegacyProblem(`${aside} does not hold what the backup of ${name} holds; nothing was put in its place`);
  }
}

interface IndexSpec extends Document {
  readonly key: Document;
}

/** Servers before 4.4 told it. */
const withoutNamespace = ({ ns: _ns, ...index }: IndexSpec & { readonly ns?: unknown }): Document => index;

async function readMetadata(path: string, expected: BackupCollection['metadata']) {
  const bytes = await readWhole(path, expected);
  return BSON.EJSON.parse(bytes.toString('utf8'), { relaxed: false }) as {
    readonly options: Document;
    readonly indexes: readonly IndexSpec[];
  };
}
