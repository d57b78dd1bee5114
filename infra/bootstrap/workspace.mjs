import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { lastLines, runQuietly } from './command.mjs';
import { withLock } from './lock.mjs';
import { SetupError, say } from './messages.mjs';
import { rootDir, toolsDir } from './paths.mjs';
import { pnpmPackage } from './pins.mjs';
import { ensurePackage } from './store.mjs';

/** Inside node_modules, so that deleting those also forgets that they were complete. */
const stampFile = join(rootDir, 'node_modules', '.rollcall-installed');

// Its own back-off makes a machine without network wait for more than a minute before it says so.
const patience = { pnpm_config_fetch_retry_mintimeout: '1000', pnpm_config_fetch_retry_maxtimeout: '5000' };

/** Installs the workspace if the lock file or a manifest changed since it was last installed. @param {string} node */
export async function ensureWorkspace(node) {
  if (readStamp() === fingerprint()) return;
  const pnpm = await ensurePnpm();
  await withLock(join(toolsDir, 'workspace.lock'), async () => {
    const wanted = fingerprint();
    if (readStamp() === wanted) return;
    rmSync(stampFile, { force: true });
    say("installing the workspace's packages (a minute the first time)…");
    const result = await runQuietly(node, [pnpm, 'install', '--frozen-lockfile'], {
      cwd: rootDir,
      // CI=true is how pnpm is told that nobody is there to answer questions.
      env: { ...patience, ...withNodeFirst(node), CI: 'true' },
    });
    if (!result.ok) throw installFailed(result.output);
    writeFileSync(stampFile, wanted);
  });
}

/** The script that runs pnpm's native binary; npm has chosen the right one for this platform. */
export async function ensurePnpm() {
  const folder = await ensurePackage(pnpmPackage, `pnpm ${pnpmPackage.version}`);
  return join(folder, 'node_modules', 'pnpm', 'bin', 'pnpm.mjs');
}

/** The environment in which `node` means the given one. @param {string} node */
export function withNodeFirst(node) {
  return { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
}

function installFailed(output) {
  const problem = `pnpm could not install the workspace\n    ${lastLines(output, 10)}`;
  if (/OUTDATED_LOCKFILE|lockfile[^]*not up\s+to date/.test(output)) {
    return new SetupError(problem, ['a package.json and pnpm-lock.yaml differ: npm run pnpm -- install']);
  }
  return new SetupError(problem, [
    'check that this machine reaches the npm registry (npm ping) and has a few hundred MB of free disk',
    'then run the same command again; what is already there is kept',
  ]);
}

function readStamp() {
  return existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : undefined;
}

function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch} pnpm ${pnpmPackage.version}\0`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests()]) {
    const path = join(rootDir, file);
    if (existsSync(path)) hash.update(`${file}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** The folders are those of pnpm-workspace.yaml, which is not parsed here: there is no YAML parser before the install. */
function manifests() {
  const grouped = ['apps', 'packages'].flatMap((group) => {
    const folder = join(rootDir, group);
    return existsSync(folder) ? readdirSync(folder).map((name) => `${group}/${name}`) : [];
  });
  return ['.', 'infra', 'tests', ...grouped].map((folder) => `${folder}/package.json`).toSorted();
}
