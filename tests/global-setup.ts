import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError, endLeftoverServer, isAlive, startMongo, startRedis, startRedisCluster } from '@rollcall/infra';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the run's shared replica set, without a database: each test file makes its own. */
    mongodbUrl: string;
    /** Of the run's shared Redis, which keeps nothing on disk: each test file takes its own key prefix. */
    redisUrl: string;
    /** The same of three masters of a Redis Cluster. */
    redisClusterUrl: string;
  }
}

interface SharedServers {
  readonly mongodbUrl: string;
  readonly redisUrl: string;
  readonly redisClusterUrl: string;
  readonly stop: () => Promise<void>;
}

/** Vitest loads this file once per project of vitest.config.ts; the servers are one pair for all of them. */
const run = globalThis as { rollcallServers?: Promise<SharedServers>; rollcallServersUsers?: number };
const folderPrefix = 'rollcall-test-';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  run.rollcallServersUsers = (run.rollcallServersUsers ?? 0) + 1;
  run.rollcallServers ??= startServers();
  const { mongodbUrl, redisUrl, redisClusterUrl, stop } = await run.rollcallServers.catch(explain);
  project.provide('mongodbUrl', mongodbUrl);
  project.provide('redisUrl', redisUrl);
  project.provide('redisClusterUrl', redisClusterUrl);
  return async () => {
    run.rollcallServersUsers = (run.rollcallServersUsers ?? 1) - 1;
    if (run.rollcallServersUsers === 0) await stop();
  };
}

async function startServers(): Promise<SharedServers> {
  await removeFoldersOfDeadRuns();
  const folder = mkdtempSync(join(tmpdir(), folderPrefix));
  writeFileSync(join(folder, 'owner.pid'), String(process.pid));
  const [mongo, redis, cluster] = await Promise.all([
    startMongo({ dataDir: join(folder, 'mongo'), log: ignore }),
    startRedis({ dataDir: join(folder, 'redis'), durability: 'none', log: ignore }),
    startRedisCluster({ dataDir: join(folder, 'redis-cluster'), durability: 'none', log: ignore }),
  ]);
  const stop = async (): Promise<void> => {
    // What is in there is thrown away next: no reason to wait for a clean end.
    await Promise.all([
      ...[mongo, redis].map((server) =>
        server.origin === 'path' || server.origin === 'wheel' ? server.kill() : server.stop(),
      ),
      cluster[Symbol.asyncDispose](),
    ]);
    rmSync(folder, { recursive: true, force: true });
  };
  return { mongodbUrl: mongo.url, redisUrl: redis.url, redisClusterUrl: cluster.url, stop };
}

/** A run that was killed could not stop its servers. */
async function removeFoldersOfDeadRuns(): Promise<void> {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(folderPrefix));
  for (const folder of folders.map((name) => join(tmpdir(), name))) {
    try {
      if (isAlive(Number(readFileSync(join(folder, 'owner.pid'), 'utf8')))) continue;
    } catch {
      continue;
    }
    const masters = [0, 1, 2].map((master) => `redis-cluster/master-${master}`);
    for (const server of ['mongo', 'redis', ...masters]) await endLeftoverServer(join(folder, server));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Vitest would bury what to do under a stack trace and "No test files found". */
function explain(error: Error): never {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`\n${error.explanation}\n`);
  process.exit(1);
}

function ignore(): void {
  // Servers log much, and a failing start brings its own last lines.
}
