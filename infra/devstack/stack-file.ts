import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataDir, rootDir } from './paths.ts';
import { commandLineOf, endLeftover, isAlive } from './processes.ts';
import { SetupError } from './servers/setup-error.ts';

export const stackFile = join(dataDir, 'stack.json');
/** Holds the pid of the start that owns this folder, from its first moment on. */
const claimFile = join(dataDir, 'start.pid');
export const demoFile = join(dataDir, 'demo.json');

/** A running `npm start`, as other commands find it in `.data/stack.json`. */
export interface StackRecord {
  readonly pid: number;
  readonly url: string;
  readonly mongodbUrl: string;
  readonly mongodbDatabase: string;
  readonly redisUrl: string;
  readonly redisKeyPrefix: string;
  readonly authSecretFile: string;
  readonly authIssuer: string;
  readonly authAudience: string;
  /** API and workers. A start that finds this record of a dead start ends those that still run. */
  readonly children: readonly { readonly name: string; readonly pid: number }[];
}

/** Written aside and renamed: a script that waits for the file never reads half of it. */
export function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  // Tokens and a secret's place are nobody else's business.
  writeFileSync(aside, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(aside, file);
}

/**
 * Makes this process the one stack of this folder, and clears away what a crashed one left. Its servers are left to the start of the
 * new ones, who find them by their folder.
 * @throws SetupError if a stack is running or starting.
 */
export async function claimFolder(announce: (message: string) => void): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  // The pid is written first and the finished file linked into place: of two starts at once, exactly one gets through.
  const aside = `${claimFile}.${process.pid}`;
  writeFileSync(aside, String(process.pid));
  try {
    if (!isClaimed()) rmSync(claimFile, { force: true });
    linkSync(aside, claimFile);
  } catch {
    throw alreadyRunning();
  } finally {
    rmSync(aside, { force: true });
  }
  const children = readStackRecord()?.children ?? [];
  const ended = await Promise.all(children.map((child) => endLeftover(child.pid, rootDir)));
  const count = ended.filter(Boolean).length;
  if (count > 0) announce(`ended ${count} process${count === 1 ? '' : 'es'} left over from a start that crashed`);
  rmSync(stackFile, { force: true });
  // It says that the system is ready, which it is not yet.
  rmSync(demoFile, { force: true });
}

function isClaimed(): boolean {
  const owner = readClaim();
  // After a crash or a restart of the machine another program may have the same pid.
  return owner !== undefined && isAlive(owner) && commandLineOf(owner).includes('start.ts');
}

function readClaim(): number | undefined {
  try {
    return Number(readFileSync(claimFile, 'utf8'));
  } catch {
    return undefined;
  }
}

function alreadyRunning(): SetupError {
  const where = readStackRecord()?.url;
  const owner = readClaim();
  return new SetupError(
    `Rollcall already runs in this folder (process ${owner}${where === undefined ? ', still starting' : `, at ${where}`})`,
    [`use that one (its tokens are in ${demoFile}), or stop it: kill ${owner}`],
  );
}

/** For the owner of the claim only. */
export function releaseFolder(): void {
  for (const file of [demoFile, stackFile, claimFile]) rmSync(file, { force: true });
}

/** Undefined if there is none, or one that cannot be read. */
function readStackRecord(): StackRecord | undefined {
  try {
    return JSON.parse(readFileSync(stackFile, 'utf8')) as StackRecord;
  } catch {
    return undefined;
  }
}
