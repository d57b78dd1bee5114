import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endLeftoverServer, isAlive } from '@rollcall/infra';

const folderPrefix = 'run-';
const ownerFile = 'owner.pid';

/** A folder for one run, which goes with it. */
export function newRunFolder(benchDir: string): string {
  mkdirSync(benchDir, { recursive: true });
  const folder = mkdtempSync(join(benchDir, folderPrefix));
  writeFileSync(join(folder, ownerFile), String(process.pid));
  return folder;
}

/** A run that was killed could not clean up: ends the servers that it left, and removes its folder. */
export async function removeLeftovers(benchDir: string): Promise<void> {
  mkdirSync(benchDir, { recursive: true });
  const folders = readdirSync(benchDir).filter((name) => name.startsWith(folderPrefix));
  for (const folder of folders.map((name) => join(benchDir, name))) {
    if (isOwned(folder)) continue;
    for (const server of ['mongo', 'redis', 'postgres']) await endLeftoverServer(join(folder, server));
    rmSync(folder, { recursive: true, force: true });
  }
}

function isOwned(folder: string): boolean {
  try {
    return isAlive(Number(readFileSync(join(folder, ownerFile), 'utf8')));
  } catch {
    return false;
  }
}
