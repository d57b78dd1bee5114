// `npm run mutation [-- file.ts …]`: changes packages/domain in every way that Stryker knows, one at a time, and tells which
// changes no example notices. With arguments only those files below packages/domain/src.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';
import { report } from './report.ts';
import { copyWorkspace } from './work-copy.ts';

/** Below it more than one of ten changes would go unnoticed. */
const scoreMin = 90;
const rootDir = join(import.meta.dirname, '../..');
/** Stryker writes its changes into the files, so it gets copies. Its report is written beside them. */
const workDir = join(rootDir, '.data/mutation/work');
/** What the tests of the domain need. */
const rooms = ['packages/domain', 'packages/testkit', 'packages/engine'];

const files = process.argv.slice(2).map((file) => `packages/domain/src/${file}`);
try {
  copyWorkspace(rootDir, workDir, rooms);
  for (const file of ['stryker.config.json', 'vitest.config.ts']) {
    cpSync(join(import.meta.dirname, file), join(workDir, file));
  }

  process.chdir(workDir);
  const startedAt = Date.now();
  const results = await new Stryker({
    ...(files.length === 0 ? {} : { mutate: files }),
    plugins: [fileURLToPath(import.meta.resolve('@stryker-mutator/vitest-runner'))],
  }).runMutationTest();
  const score = report(results);
  const seconds = Math.round((Date.now() - startedAt) / 1_000);
  process.stdout.write(`took ${seconds} s; .data/mutation/report.html shows each change in its place\n`);
  process.exitCode = score < scoreMin ? 1 : 0;
} finally {
  process.chdir(rootDir);
  rmSync(workDir, { recursive: true, force: true });
}
