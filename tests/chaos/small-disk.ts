import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ManagedServer } from '@rollcall/infra';

/** What lies on it besides what was there, in MB. */
const roomMb = 48;
const mb = 1_048_576;

export interface SmallDisk {
  /** To the last byte. */
  fill(): void;
  /** There is room again. */
  free(): void;
}

const mount = (folder: string, sizeMb: number): void =>
  void execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', folder], { stdio: 'ignore' });
const unmount = (folder: string): void => void execFileSync('umount', ['--lazy', folder], { stdio: 'ignore' });

/** Why this machine gives us no disk of our own; undefined when it does. */
export function whyNoDisk(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has a tmpfs';
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-disk-'));
  try {
    mount(folder, 1);
    unmount(folder);
    return undefined;
  } catch {
    return 'a tmpfs may not be mounted: that needs root, and a container that may do so';
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Has a server of this machine work on a small disk of its own, and puts its data back in the end. It is stopped twice for that. */
export async function onSmallDisk<T>(
  server: ManagedServer,
  dataDir: string,
  work: (disk: SmallDisk) => Promise<T>,
): Promise<T> {
  const aside = mkdtempSync(join(tmpdir(), 'rollcall-aside-'));
  const filler = join(dataDir, 'filler');
  // Not at one go: the ways to the servers are in this process.
  const copy = (from: string, to: string): Promise<void> => cp(from, to, { recursive: true });
  await server.stop();
  await copy(dataDir, aside);
  mount(dataDir, sizeMbOf(dataDir) + roomMb);
  try {
    await copy(aside, dataDir);
    await server.start();
    return await work({ fill: () => fill(filler), free: () => rmSync(filler, { force: true }) });
  } finally {
    rmSync(filler, { force: true });
    await server.stop();
    await rm(aside, { recursive: true });
    await copy(dataDir, aside);
    unmount(dataDir);
    await rm(dataDir, { recursive: true });
    await copy(aside, dataDir);
    await rm(aside, { recursive: true });
    await server.start();
  }
}

function sizeMbOf(folder: string): number {
  return Number(execFileSync('du', ['-sm', folder], { encoding: 'utf8' }).split('\t')[0]);
}

function fill(file: string): void {
  const descriptor = openSync(file, 'a');
  try {
    for (const bytes of [mb, 4_096]) {
      const piece = Buffer.alloc(bytes, 1);
      while (isWritten(descriptor, piece));
    }
  } finally {
    closeSync(descriptor);
  }
}

function isWritten(descriptor: number, piece: Buffer): boolean {
  try {
    return writeSync(descriptor, piece) > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}
