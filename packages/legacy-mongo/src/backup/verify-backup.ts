import { join } from 'node:path';
import { LegacyProblem, type BackupManifest, type LegacyDocument } from '@rollcall/migration';
import { BSON } from 'mongodb';
import { readDocuments, readWhole } from './bson-file.ts';
import { manifestChecksum, readManifest } from './manifest.ts';

export interface VerifiedBackup {
  readonly manifest: BackupManifest;
  readonly documents: number;
  /** Of the manifest itself, to know it again. */
  readonly sha256: string;
}

const lenient = { validation: { utf8: false } } as const;

/** Reads all of it. @throws LegacyProblem that names the file and what is wrong with it. */
export async function verifyBackup(folder: string): Promise<VerifiedBackup> {
  const manifest = await manifestOf(folder);
  let documents = 0;
  for (const { name, data, metadata, documents: expected } of manifest.collections) {
    let count = 0;
    for await (const bytes of readDocuments(join(folder, data.path), data)) {
      parse(bytes, data.path);
      count += 1;
    }
    if (count !== expected) {
      throw new LegacyProblem(
        `${data.path} has ${count} documents of ${name}, and had ${expected} when it was written`,
      );
    }
    await readWhole(join(folder, metadata.path), metadata);
    documents += count;
  }
  return { manifest, documents, sha256: await manifestChecksum(folder) };
}

/** @throws LegacyProblem */
async function manifestOf(folder: string): Promise<BackupManifest> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) throw new LegacyProblem(`${folder} holds no backup, or one that did not come to its end`);
  return manifest;
}

function parse(bytes: Buffer, path: string): LegacyDocument {
  try {
    return BSON.deserialize(bytes, lenient);
  } catch (error) {
    throw new LegacyProblem(`${path} is damaged: a document in it can not be read`, { cause: error });
  }
}

/** The documents of one collection of a backup. @throws LegacyProblem */
export async function* readBackup(folder: string, collection: string): AsyncGenerator<LegacyDocument> {
  const { collections } = await manifestOf(folder);
  const found = collections.find(({ name }) => name === collection);
  if (found === undefined) throw new LegacyProblem(`the backup in ${folder} has no collection ${collection}`);
  for await (const bytes of readDocuments(join(folder, found.data.path), found.data))
    yield parse(bytes, found.data.path);
}
