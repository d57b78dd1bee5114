import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMongo, startRedis, type ManagedServer } from '@rollcall/infra';

/** Servers of a test's own, to be stopped, killed and started again. */
export interface OwnServers {
  readonly mongo: ManagedServer;
  readonly redis: ManagedServer;
  stop(): Promise<void>;
}

export async function startOwnServers(): Promise<OwnServers> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-servers-'));
  const log = () => undefined;
  const [mongo, redis] = await Promise.all([
    startMongo({ dataDir: join(folder, 'mongo'), owned: true, log }),
    startRedis({ dataDir: join(folder, 'redis'), durability: 'always', owned: true, log }),
  ]);
  return {
    mongo,
    redis,
    async stop() {
      await Promise.all([mongo.stop(), redis.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
