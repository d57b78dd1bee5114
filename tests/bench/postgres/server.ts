import { execFile } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, LocalServer, waitUntil, type ManagedServer, type ServerOptions } from '@rollcall/infra';
import { Client } from 'pg';
import type { Postgres } from './find.ts';

const run = promisify(execFile);
const readyMsMax = 60_000;
/** The superuser, who needs no password: only this machine can ask. */
const user = 'bench';

/** Starts a server with a new and empty data folder, as durable as PostgreSQL is unless told otherwise. */
export async function startPostgres(
  { binDir, runAs }: Postgres,
  { dataDir, log }: Pick<ServerOptions, 'dataDir' | 'log'>,
): Promise<ManagedServer> {
  mkdirSync(dataDir, { recursive: true });
  if (runAs !== undefined) chownSync(dataDir, runAs.uid, runAs.gid);
  const cluster = join(dataDir, 'cluster');
  await run(
    join(binDir, 'initdb'),
    ['--pgdata', cluster, '--username', user, '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
    { ...runAs, cwd: dataDir },
  );
  const port = await freePort();
  const url = `postgres://${user}@127.0.0.1:${port}/postgres`;
  const server = new LocalServer({
    dataDir,
    log,
    port,
    url,
    runAs,
    origin: 'path',
    binary: join(binDir, 'postgres'),
    args: ['-D', cluster, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    // Ends connections in order, where SIGTERM would wait for them to end by themselves.
    stopSignal: 'SIGINT',
    ready: (signal) =>
      waitUntil(`PostgreSQL on port ${port}`, readyMsMax, async () => {
        signal.throwIfAborted();
        return await answers(url);
      }),
  });
  await server.start();
  return server;
}

const settings = [
  'fsync=on',
  'synchronous_commit=on',
  'listen_addresses=127.0.0.1',
  // Nobody asks for a socket, and its path may be no longer than 107 bytes.
  'unix_socket_directories=',
];

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

/** What the server says of itself, for the result. */
export async function postgresFacts(url: string): Promise<Readonly<Record<string, string>>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; setting: string }>(
      `SELECT name, setting FROM pg_settings WHERE name IN ('server_version', 'fsync', 'synchronous_commit')`,
    );
    const setting = (wanted: string) => rows.find(({ name }) => name === wanted)?.setting ?? '?';
    return {
      postgres: setting('server_version'),
      fsync: setting('fsync'),
      synchronous_commit: setting('synchronous_commit'),
    };
  } finally {
    await client.end();
  }
}
