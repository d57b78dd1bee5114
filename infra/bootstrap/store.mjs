import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { firstLines, runQuietly } from './command.mjs';
import { withLock } from './lock.mjs';
import { SetupError, say } from './messages.mjs';
import { toolsDir } from './paths.mjs';

const npmOptions = [
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
  // npm's own back-off makes a machine without network wait for more than a minute before it says so.
  '--fetch-retries=2',
  '--fetch-retry-mintimeout=500',
  '--fetch-retry-maxtimeout=3000',
];

/**
 * Gives the folder `.tools/<name>-<version>`, whose node_modules hold exactly that npm package and what it depends on. It is made
 * aside and renamed when it is whole: a folder that exists is finished, however its maker ended.
 * @param {{ name: string, version: string, size: string }} pin @param {string} label what to call it in messages
 */
export async function ensurePackage(pin, label) {
  const folder = join(toolsDir, `${pin.name}-${pin.version}`);
  if (existsSync(folder)) return folder;
  await withLock(join(toolsDir, `${pin.name}.lock`), async () => {
    if (existsSync(folder)) return;
    say(`installing ${label} (about ${pin.size}, once)…`);
    mkdirSync(toolsDir, { recursive: true });
    const staging = mkdtempSync(join(toolsDir, 'staging-'));
    try {
      await install(`${pin.name}@${pin.version}`, staging, label);
      chmodSync(staging, 0o755);
      renameSync(staging, folder);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  });
  return folder;
}

async function install(spec, prefix, label) {
  const [npm, ...before] = npmCommand();
  const result = await runQuietly(npm, [...before, 'install', spec, ...npmOptions, `--prefix=${prefix}`]);
  if (result.ok) return;
  throw new SetupError(`could not install ${label} (${spec})\n    ${firstLines(result.output)}`, [
    'check that this machine reaches the npm registry: npm ping',
    'behind a proxy or mirror, tell npm: npm config set proxy … / npm config set registry …',
    'then run the same command again; what is already there is kept',
  ]);
}

/** The npm that called us if there is one: it is known to work, and a `npm` on the PATH may belong to another Node. */
function npmCommand() {
  const caller = process.env.npm_execpath;
  if (caller !== undefined && basename(caller) === 'npm-cli.js') return [process.execPath, caller];
  return ['npm'];
}
