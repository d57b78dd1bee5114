// `npm run mutation:safeguards [-- name …]`: takes the safeguards of the write path away, one at a time, and shows that simulation, or
// chaos, notices. Exit code 1 when one is not missed. Prints the table of docs/reliability.md.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { safeguards, type Safeguard } from './safeguard-list.ts';
import { copyWorkspace } from './work-copy.ts';

const rootDir = join(import.meta.dirname, '../..');
const workDir = join(rootDir, '.data/mutation/safeguards');
const rooms = ['packages', 'apps', 'tests', 'infra'];
/** Seeds at a time, and at most. */
const seedsAtOnce = 250;
const seedsMax = 5_000;
const chaosMax = 5;

interface Found {
  /** How many runs it took, at most; undefined: none of them missed it. */
  readonly runs: number | undefined;
  readonly violation: string;
}

function simulate(): Found {
  for (let from = 1; from <= seedsMax; from += seedsAtOnce) {
    const args = ['tests/simulation/sim.ts', '--seeds', String(seedsAtOnce), '--from', String(from)];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: workDir, encoding: 'utf8' });
    const violation = /^seed \d+: .*/m.exec(stdout)?.[0];
    if (violation !== undefined) return { runs: from + seedsAtOnce - 1, violation };
    if (status !== 0) throw new Error(stderr);
  }
  return { runs: undefined, violation: '' };
}

function harm(scenario: string): Found {
  for (let run = 1; run <= chaosMax; run += 1) {
    const args = ['tests/chaos/chaos.ts', '--only', scenario, '--scenarios', '1', '--seconds', '8'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: workDir, encoding: 'utf8' });
    const violation = /^BAD .*\n +(.*)$/m.exec(stdout)?.[1];
    if (violation !== undefined) return { runs: run, violation };
    if (status !== 0) throw new Error(stderr);
  }
  return { runs: undefined, violation: '' };
}

function without({ file, find, replace, chaos }: Safeguard): Found {
  const path = join(workDir, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(find).length !== 2) throw new Error(`${file} has not exactly one of: ${find}`);
  writeFileSync(
    path,
    text.replace(find, () => replace),
  );
  try {
    return chaos === undefined ? simulate() : harm(chaos);
  } finally {
    writeFileSync(path, text);
  }
}

const named = new Set(process.argv.slice(2));
const chosen = safeguards.filter(({ name }) => named.size === 0 || named.has(name));
try {
  copyWorkspace(rootDir, workDir, rooms);
  // The servers' programs.
  symlinkSync(join(rootDir, '.tools'), join(workDir, '.tools'));
  console.log('| without | runs | what is said first |\n| --- | --- | --- |');
  for (const safeguard of chosen) {
    const { runs, violation } = without(safeguard);
    console.log(`| ${safeguard.name} | ${runs ?? 'not missed'} | ${violation.replaceAll('|', '\\|').slice(0, 160)} |`);
    if (runs === undefined) process.exitCode = 1;
  }
} finally {
  rmSync(workDir, { recursive: true, force: true });
}
