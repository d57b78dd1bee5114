import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMongo, startMongoSet, startRedis, type ManagedServer, type MongoSet } from '@rollcall/infra';
import { startRollcall, type Rollcall } from '../support/rollcall.ts';
import { startProxy, type Proxy } from './proxy.ts';

/** How many members the replica set has: with one, MongoDB is reached through a proxy, and can't change its primary. */
export type Members = 1 | 3;

/** A Rollcall of real processes whose every part can be harmed. */
export interface Arena extends AsyncDisposable {
  readonly rollcall: Rollcall;
  readonly redis: ManagedServer;
  /** Where it keeps its data. */
  readonly redisDir: string;
  /** Every process reaches Redis through it. */
  readonly redisWay: Proxy;
  /** Of three members. */
  readonly mongoSet: MongoSet | undefined;
  /** With one member every process reaches it through this. */
  readonly mongo: { readonly server: ManagedServer; readonly dataDir: string; readonly way: Proxy } | undefined;
  /** Kills a worker. @returns how it ended */
  kill(index: number): Promise<string>;
  /** Kills an API, and starts it again, as a supervisor does. @returns how it ended */
  killApi(index: number, env?: Readonly<Record<string, string>>): Promise<string>;
}

/** In the replica set of three; MongoDB's own default is 10 s. */
export const electionTimeoutMs = 2_000;
const apis = 2;
const workers = 2;

export async function openArena(members: Members): Promise<Arena> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-chaos-'));
  const log = () => undefined;
  const redisDir = join(folder, 'redis');
  const redis = await startRedis({ dataDir: redisDir, durability: 'always', owned: true, log });
  const redisWay = await startProxy({ host: '127.0.0.1', port: Number(new URL(redis.url).port) });
  const mongoSet =
    members === 3 ? await startMongoSet({ dataDir: join(folder, 'mongo'), electionTimeoutMs, log }) : undefined;
  const mongo = members === 1 ? await openMongo(join(folder, 'mongo')) : undefined;
  const mongodbUrl = mongoSet?.url ?? `mongodb://127.0.0.1:${mongo?.way.port ?? 0}/?directConnection=true`;
  const rollcall = await startRollcall({
    mongodbUrl,
    redisUrl: `redis://127.0.0.1:${redisWay.port}`,
    apis,
    workers,
    // Chaos is no reason to log what is expected.
    apiEnv: { LOG_LEVEL: 'error' },
    workerEnv: { LOG_LEVEL: 'error' },
  });

  const arena: Arena = {
    rollcall,
    redis,
    redisDir,
    redisWay,
    mongoSet,
    mongo,
    async kill(index) {
      const worker = rollcall.workers[index];
      worker?.kill();
      return (await worker?.ended) ?? 'there was none';
    },
    async killApi(index, env) {
      const api = rollcall.apis[index];
      await rollcall.restartApi(index, env);
      return (await api?.ended) ?? 'there was none';
    },
    async [Symbol.asyncDispose]() {
      redisWay.mend();
      mongo?.way.mend();
      redis.resume();
      await rollcall.stop();
      await redisWay[Symbol.asyncDispose]();
      await mongo?.way[Symbol.asyncDispose]();
      await redis.stop();
      await mongo?.server.stop();
      await mongoSet?.[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return arena;
}

async function openMongo(dataDir: string): Promise<NonNullable<Arena['mongo']>> {
  const server = await startMongo({ dataDir, owned: true, log: () => undefined });
  return { server, dataDir, way: await startProxy({ host: '127.0.0.1', port: Number(new URL(server.url).port) }) };
}
