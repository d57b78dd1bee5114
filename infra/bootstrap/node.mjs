import { join } from 'node:path';
import { SetupError } from './messages.mjs';
import { nodeMajor, nodePackages } from './pins.mjs';
import { ensurePackage } from './store.mjs';

/**
 * The path of a Node 24: the one that is running if it is one, else a pinned one in `.tools`. Rollcall's sources are TypeScript that Node
 * runs as it is, which 20 can't.
 */
export async function ensureNode() {
  if (Number(process.versions.node.split('.')[0]) === nodeMajor) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const pin = nodePackages[platform];
  if (pin === undefined || isMusl()) {
    throw new SetupError(`no ready-made Node ${nodeMajor} for this platform (${platform}${isMusl() ? ', musl' : ''})`, [
      `install Node ${nodeMajor} yourself (nodejs.org, or your package manager) and put it first on the PATH`,
      'then run the same command again',
    ]);
  }
  const folder = await ensurePackage(pin, `Node ${pin.version}`);
  return join(folder, 'node_modules', pin.name, 'bin', 'node');
}

/** The packages hold glibc binaries; on Alpine they would fail with a "not found" that explains nothing. */
function isMusl() {
  return process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined;
}
