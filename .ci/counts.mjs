// Prints "N passed, N failed, N skipped" of the last test run: of all of it, or of the files below the folder given. Fails if a test
// failed, or if none ran, which otherwise looks like success.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const folder = process.argv[2] ?? '';
const counts = { passed: 0, failed: 0, skipped: 0 };

for (const file of readFiles()) {
  if (!relative('.', file.name).startsWith(folder)) continue;
  // A file that could not be loaded has no tests, and must not vanish from the count.
  if (file.status === 'failed' && !file.assertionResults.some((result) => result.status === 'failed'))
    counts.failed += 1;
  for (const { status } of file.assertionResults) counts[status in counts ? status : 'skipped'] += 1;
}

// Only the line for all tests is plain, so that nobody takes a part for the whole.
const line = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
process.stdout.write(folder === '' ? `${line}\n` : `(in ${folder}: ${line})\n`);
if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1;

function readFiles() {
  try {
    return JSON.parse(readFileSync('.data/test-results.json', 'utf8')).testResults;
  } catch {
    return [];
  }
}
