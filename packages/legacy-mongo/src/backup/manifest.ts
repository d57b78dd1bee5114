import { createHash } from 'node:crypto';
import { open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LegacyProblem, type BackupCollection, type BackupFile, type BackupManifest } from '@rollcall/migration';

const manifestFile = 'manifest.json';

/** Written beside its place and put there once it is whole, so that a manifest means a whole backup. */
export async function writeManifest(folder: string, manifest: BackupManifest): Promise<void> {
  const aside = join(folder, `${manifestFile}.new`);
  const file = await open(aside, 'w');
  try {
    await file.writeFile(`${JSON.stringify(manifest, undefined, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(aside, join(folder, manifestFile));
  await syncFolder(folder);
  await syncFolder(dirname(folder));
}

/** A name that was given or taken away is on the disk only once its folder is. */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } finally {
    await handle?.close();
  }
}

export async function manifestChecksum(folder: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(join(folder, manifestFile)))
    .digest('hex');
}

/** Undefined where there is none: nothing, or a backup that did not come to its end. @throws LegacyProblem */
export async function readManifest(folder: string): Promise<BackupManifest | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, manifestFile), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new LegacyProblem(`${join(folder, manifestFile)} is no JSON`, { cause: error });
  }
  if (!isManifest(found)) throw new LegacyProblem(`${join(folder, manifestFile)} is no manifest of a backup`);
  return found;
}

type Maybe<T> = { readonly [Key in keyof T]?: unknown } | null | undefined;

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** A path that leads out of the folder is none that was written here. */
const isPath = (value: unknown): boolean => typeof value === 'string' && !value.split(/[/\\]/).includes('..');

const isFile = (value: unknown): boolean => {
  const file = value as Maybe<BackupFile>;
  return isPath(file?.path) && isCount(file?.bytes) && typeof file?.sha256 === 'string';
};

const isCollection = (value: unknown): boolean => {
  const collection = value as Maybe<BackupCollection>;
  return (
    typeof collection?.name === 'string' &&
    isCount(collection.documents) &&
    isFile(collection.data) &&
    isFile(collection.metadata)
  );
};

function isManifest(value: unknown): value is BackupManifest {
  const manifest = value as Maybe<BackupManifest>;
  return (
    manifest?.format === 1 &&
    typeof manifest.database === 'string' &&
    Array.isArray(manifest.collections) &&
    manifest.collections.every(isCollection)
  );
}
