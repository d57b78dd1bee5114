import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { rootDir } from './paths.mjs';

/**
 * What each `npm run` script runs, always by Node: a file of this repository, or the bin of an installed package. A script's own
 * arguments come before those that the caller adds, and flags are for Node.
 * @type {Record<string, { file?: string, bin?: [name: string, bin: string], flags?: string[], args?: string[], bare?: true, foldsSignals?: true }>}
 */
export const scripts = {
  start: { file: 'infra/devstack/start.ts', foldsSignals: true },
  // What `verify` reads is garbage at once; where V8 leaves it lying for longer, a million registrations take 100 MB more.
  rollcall: { file: 'apps/cli/src/main.ts', flags: ['--max-semi-space-size=8'] },
  test: { bin: ['vitest', 'vitest'], args: ['run'] },
  bench: { file: 'tests/bench/main.ts' },
  typecheck: { bin: ['typescript7', 'tsc'], args: ['--noEmit', '-p', 'tsconfig.json'] },
  lint: { bin: ['oxlint', 'oxlint'], args: ['--type-aware'] },
  format: { bin: ['oxfmt', 'oxfmt'] },
  'format:check': { bin: ['oxfmt', 'oxfmt'], args: ['--check'] },
  deadcode: { bin: ['knip', 'knip'] },
  docs: { file: 'infra/docs/write.ts' },
  'bench:availability': { file: 'tests/bench/availability.ts' },
  'bench:counting': { file: 'tests/bench/counting.ts' },
  'bench:decide': { file: 'tests/bench/decide.ts' },
  'bench:durability': { file: 'tests/chaos/durability.ts' },
  'bench:live': { file: 'tests/bench/live.ts' },
  'bench:migration': { file: 'tests/bench/migration.ts' },
  'bench:reads': { file: 'tests/bench/reads.ts' },
  'bench:recovery': { file: 'tests/chaos/recovery.ts' },
  'bench:refusals': { file: 'tests/bench/refusals.ts' },
  'bench:tokens': { file: 'tests/bench/tokens.ts' },
  'bench:verify': { file: 'tests/bench/verify.ts' },
  chaos: { file: 'tests/chaos/chaos.ts' },
  sim: { file: 'tests/simulation/sim.ts', flags: ['--max-semi-space-size=64'] },
  mutation: { file: 'infra/mutation/run.ts' },
  'mutation:safeguards': { file: 'infra/mutation/safeguards.ts' },
  // `npm run pnpm -- install` after a change to a package.json: the one script that must work on an outdated lock file.
  pnpm: { bare: true },
};

/** @param {keyof typeof scripts} name @returns {string} what Node runs */
export function programOf(name) {
  const { file, bin } = scripts[name];
  return file === undefined ? binOf(...bin) : join(rootDir, file);
}

/** @param {keyof typeof scripts} name @returns {string[]} the arguments for Node */
export function commandLine(name) {
  const { flags = [], args = [] } = scripts[name];
  return [...flags, programOf(name), ...args];
}

function binOf(packageName, binName) {
  const manifest = join(rootDir, 'node_modules', packageName, 'package.json');
  const { bin } = createRequire(import.meta.url)(manifest);
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[binName]);
}
