import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** PostgreSQL's programs, and as whom they run: its server refuses to be root. */
export interface Postgres {
  readonly binDir: string;
  /** Undefined: as we do. */
  readonly runAs: { readonly uid: number; readonly gid: number } | undefined;
}

/** Where Debian and Ubuntu keep them, in a folder per major version that is not on the PATH. */
const versionsDir = '/usr/lib/postgresql';
/** The server's own user, where the packages made one; and one that is everywhere. */
const users = ['postgres', 'nobody'] as const;

/**
 * PostgreSQL for a data folder somewhere below `folder`, from `binDir` or else the newest that is installed.
 * @returns a text that says why there is none
 */
export function findPostgres(folder: string, binDir = newestBinDir()): Postgres | string {
  if (binDir === undefined) return `there is no PostgreSQL in ${versionsDir}`;
  const missing = ['initdb', 'postgres'].find((program) => !existsSync(join(binDir, program)));
  if (missing !== undefined) return `there is no ${missing} in ${binDir}`;
  if (process.getuid?.() !== 0) return { binDir, runAs: undefined };
  const runAs = users.map(userNamed).find((user) => user !== undefined);
  if (runAs === undefined) return `PostgreSQL refuses to be root, and there is no user ${users.join(' or ')}`;
  const closed = foldersAbove(folder).find((above) => (statSync(above).mode & 0o001) === 0);
  if (closed !== undefined) return `PostgreSQL refuses to be root, and nobody else gets into ${closed}`;
  return { binDir, runAs };
}

function newestBinDir(): string | undefined {
  if (!existsSync(versionsDir)) return undefined;
  const versions = readdirSync(versionsDir).toSorted((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(versionsDir, version, 'bin')).find((dir) => existsSync(join(dir, 'postgres')));
}

function userNamed(name: string): { readonly uid: number; readonly gid: number } | undefined {
  const [, uid, gid] = new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm').exec(readFileSync('/etc/passwd', 'utf8')) ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/** The folder itself, the one that it is in, and so on. */
function foldersAbove(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersAbove(above)];
}
