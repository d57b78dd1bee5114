import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Rooms of the workspace once more, to be changed. What was in the folder before is removed. */
export function copyWorkspace(rootDir: string, workDir: string, rooms: readonly string[]): void {
  rmSync(workDir, { recursive: true, force: true });
  mkdirSync(workDir, { recursive: true });
  // Links between the rooms are relative, so they lead to the copies; all else lies in the one node_modules of the workspace.
  for (const room of rooms)
    cpSync(join(rootDir, room), join(workDir, room), { recursive: true, verbatimSymlinks: true });
  symlinkSync(join(rootDir, 'node_modules'), join(workDir, 'node_modules'));
  cpSync(join(rootDir, 'package.json'), join(workDir, 'package.json'));
}
