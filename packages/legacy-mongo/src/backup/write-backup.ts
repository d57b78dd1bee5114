import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LegacyProblem, type BackupCollection, type BackupManifest, type BackupProgress } from '@rollcall/migration';
import { BSON, type Document, type Timestamp } from 'mongodb';
import { withoutFreeze } from '../freezing.ts';
import { atOneMoment, collectionNames, type Legacy, type SnapshotOptions } from '../legacy.ts';
import { writeFileFrom } from './bson-file.ts';
import { readManifest, syncFolder, writeManifest } from './manifest.ts';
import { rawBatches } from './raw.ts';
import { verifyBackup } from './verify-backup.ts';

const tool = 'rollcall migrate backup, format 1';

/** Laid out as mongodump does it: `<database>/<collection>.bson`, and its options and indexes beside it. */
export async function writeBackup(
  legacy: Legacy,
  folder: string,
  progress: (progress: BackupProgress) => void = () => undefined,
): Promise<BackupManifest> {
  const { client, db } = legacy;
  if ((await readManifest(folder)) !== undefined) {
    const { manifest } = await verifyBackup(folder);
    if (manifest.database === db.databaseName) return manifest;
    throw new LegacyProblem(`${folder} holds a backup of ${manifest.database}, not of ${db.databaseName}`);
  }
  await begin(folder, db.databaseName);
  const inside = join(folder, db.databaseName);
  await mkdir(inside, { recursive: true });
  const { version } = await db.admin().serverInfo();
  return atOneMoment(client, async (options) => {
    const collections: BackupCollection[] = [];
    for (const name of collectionNames(legacy)) {
      collections.push(await writeCollection(legacy, { folder, name, options, progress }));
    }
    await syncFolder(inside);
    // The driver keeps it without telling its type.
    const { snapshotTime } = options.session as { readonly snapshotTime?: Timestamp };
    const manifest: BackupManifest = {
      format: 1,
      tool,
      database: db.databaseName,
      serverVersion: String(version),
      moment: snapshotTime === undefined ? '' : new Date(snapshotTime.getHighBits() * 1_000).toISOString(),
      collections,
    };
    await writeManifest(folder, manifest);
    return manifest;
  });
}

/** Says that the folder is ours, before anything else is in it: others lay theirs out like this too. */
const markFile = 'rollcall-backup';

/** Only what a backup that was killed has left is removed; anything else is somebody's. */
async function begin(folder: string, database: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const found = await readdir(folder);
  const left = found.includes(markFile) ? [markFile, database, 'manifest.json.new'] : [];
  const strange = found.filter((name) => !left.includes(name));
  if (strange.length > 0)
    throw new LegacyProblem(`${folder} is no backup, and not empty: it has ${strange.join(', ')}`);
  await writeFile(join(folder, markFile), `${tool}\n`);
  await syncFolder(folder);
  await rm(join(folder, database), { recursive: true, force: true });
  await rm(join(folder, 'manifest.json.new'), { force: true });
}

interface Part {
  readonly folder: string;
  readonly name: string;
  readonly options: SnapshotOptions;
  readonly progress: (progress: BackupProgress) => void;
}

async function writeCollection({ db }: Legacy, { folder, name, options, progress }: Part): Promise<BackupCollection> {
  const collection = db.collection(name);
  const fileOf = (ending: string) => join(db.databaseName, `${encodeURIComponent(name)}.${ending}`);
  let documents = 0;
  async function* bytes(): AsyncGenerator<Buffer> {
    for await (const batch of rawBatches(collection.find({}, { ...options, raw: true }))) {
      documents += batch.length;
      yield* batch;
    }
  }
  const dataPath = fileOf('bson');
  const data = await writeFileFrom(join(folder, dataPath), bytes(), (written) =>
    progress({ collection: name, documents, bytes: written }),
  );
  const metadataPath = fileOf('metadata.json');
  const text = Buffer.from(await describe(db.collection(name)));
  const metadata = await writeFileFrom(join(folder, metadataPath), once(text));
  return { name, documents, data: { path: dataPath, ...data }, metadata: { path: metadataPath, ...metadata } };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** Numbers stay of the type that they are. */
const asStored = { promoteValues: false, promoteBuffers: false, bsonRegExp: true } as const;

/** The options as the owner made them, and the indexes. */
async function describe(collection: ReturnType<Legacy['db']['collection']>): Promise<string> {
  const { db, name } = { db: collection.db, name: collection.collectionName };
  const [found] = (await db.listCollections({ name }, asStored).toArray()) as {
    readonly options?: Document;
    readonly info?: { readonly uuid?: { toHexString?: () => string } };
  }[];
  if (found === undefined) throw new LegacyProblem(`there is no collection ${collection.namespace}`);
  const indexes = await collection.listIndexes(asStored).toArray();
  return BSON.EJSON.stringify(
    { options: withoutFreeze(found.options ?? {}), indexes, collectionName: name, type: 'collection' },
    { relaxed: false },
  );
}
