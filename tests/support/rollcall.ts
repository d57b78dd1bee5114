import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppProcess, freePort } from '@rollcall/infra';
import { connectRedis, createKeyspace, untilReady, type Keyspace, type RedisClient } from '@rollcall/mailbox-redis';
import { collectionsOf, createMongoClient, ensureSchema, type Collections } from '@rollcall/store-mongo';
import { SignJWT } from 'jose';
import { inject } from 'vitest';

export interface RollcallOptions {
  readonly mongodbUrl: string;
  readonly redisUrl: string;
  readonly apis: number;
  readonly workers: number;
  readonly apiEnv?: Readonly<Record<string, string>>;
  readonly workerEnv?: Readonly<Record<string, string>>;
}

/** A whole Rollcall of real processes with a database and a key prefix of its own. */
export interface Rollcall {
  readonly urls: readonly string[];
  readonly apis: AppProcess[];
  readonly workers: AppProcess[];
  readonly collections: Collections;
  readonly redis: RedisClient;
  readonly keyspace: Keyspace;
  /** What keys begin with. */
  readonly keyPrefix: string;
  /** Where its servers are, for tools that work past the APIs. */
  readonly env: Readonly<Record<string, string>>;
  startWorker(env?: Readonly<Record<string, string>>): AppProcess;
  /** Another one in the place of one that has ended. */
  replaceWorker(index: number, env?: Readonly<Record<string, string>>): AppProcess;
  /** Kills it, and starts it again at the same URL; resolves when it is ready. */
  restartApi(index: number, env?: Readonly<Record<string, string>>): Promise<void>;
  token(subject: string, claims?: Readonly<Record<string, unknown>>): Promise<string>;
  stop(): Promise<void>;
}

export const organizerId = 'org-1';
export const staffClaims = { org: [organizerId], grants: ['organizer'] };

const secret = 'a-secret-of-the-tests-and-of-nothing-else';

/** For tools that sign tokens by themselves. */
export const signingEnv = { AUTH_JWT_SECRET: secret };

/** How long a stopped process may take to end, in ms. */
const stopMsMax = 25_000;

export async function startRollcall(options: RollcallOptions): Promise<Rollcall> {
  const id = randomBytes(6).toString('hex');
  const database = `t${id}`;
  const keyPrefix = `t${id}:`;
  const keyspace = createKeyspace(keyPrefix);
  const logsDir = mkdtempSync(join(tmpdir(), 'rollcall-logs-'));
  const client = createMongoClient({
    url: options.mongodbUrl,
    appName: 'test',
    serverSelectionMs: 20_000,
    socketMs: 60_000,
  });
  const collections = collectionsOf(client, database);
  await ensureSchema(collections.db);
  const redis = connectRedis({
    url: options.redisUrl,
    // Of one server it outlasts its restarts; of a cluster only this kind reaches all masters.
    use: options.redisUrl.startsWith('redis-cluster:') ? 'commands' : 'blocking',
    commandTimeoutMs: 5_000,
    onError: () => undefined,
  });
  await untilReady(redis);

  const env = {
    MONGODB_URL: options.mongodbUrl,
    MONGODB_DATABASE: database,
    REDIS_URL: options.redisUrl,
    REDIS_KEY_PREFIX: keyPrefix,
  };
  const shared = { ...process.env, ...env };
  const workers: AppProcess[] = [];
  const replaceWorker = (index: number, more: Readonly<Record<string, string>> = {}): AppProcess => {
    const worker = new AppProcess({
      name: `worker-${index + 1}`,
      main: 'apps/worker/src/main.ts',
      env: { ...shared, ...options.workerEnv, ...more },
      logsDir,
    });
    workers[index] = worker;
    return worker;
  };
  const startWorker = (more?: Readonly<Record<string, string>>) => replaceWorker(workers.length, more);
  const apis: AppProcess[] = [];
  const urls: string[] = [];
  const startApi = (index: number, more: Readonly<Record<string, string>> = {}): void => {
    apis[index] = new AppProcess({
      name: `api-${index + 1}`,
      main: 'apps/api/src/main.ts',
      env: {
        ...shared,
        API_PORT: new URL(urls[index] ?? '').port,
        AUTH_JWT_SECRET: secret,
        COMMAND_ID_SECRET: secret,
        ANONYMOUS_READS_PER_MINUTE: '10000000',
        ...options.apiEnv,
        ...more,
      },
      logsDir,
    });
  };
  for (let index = 0; index < options.apis; index += 1) {
    urls.push(`http://127.0.0.1:${await freePort()}`);
    startApi(index);
  }
  for (let n = 1; n <= options.workers; n += 1) startWorker();
  await Promise.all(urls.map((url, index) => untilApiReady(url, apis[index])));

  return {
    urls,
    apis,
    workers,
    collections,
    redis,
    keyspace,
    keyPrefix,
    env,
    startWorker,
    replaceWorker,
    async restartApi(index, more) {
      apis[index]?.kill();
      await apis[index]?.ended;
      startApi(index, more);
      await untilApiReady(urls[index] ?? '', apis[index]);
    },
    token: (subject, claims = {}) =>
      new SignJWT({ name: `Name of ${subject}`, email: `${subject}@example.org`, ...claims })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(subject)
        .setIssuer('rollcall-dev')
        .setAudience('rollcall')
        .setIssuedAt()
        .setExpirationTime('2h')
        .sign(new TextEncoder().encode(secret)),
    async stop() {
      await Promise.all([...apis, ...workers].map((app) => app.stop(stopMsMax)));
      await collections.db.dropDatabase().catch(() => undefined);
      await client.close();
      redis.disconnect();
    },
  };
}

/** On the servers that all test files of a run share. */
export function startOnSharedServers(
  options: Omit<RollcallOptions, 'mongodbUrl' | 'redisUrl'> & Partial<Pick<RollcallOptions, 'redisUrl'>>,
): Promise<Rollcall> {
  return startRollcall({ mongodbUrl: inject('mongodbUrl'), redisUrl: inject('redisUrl'), ...options });
}

async function untilApiReady(url: string, app: AppProcess | undefined): Promise<void> {
  let ended: string | undefined;
  void app?.ended.then((how) => (ended = how));
  for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
    if (ended !== undefined) throw new Error(`the API ended (${ended}):\n${app?.lastLogLines() ?? ''}`);
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
    await delay(50);
  }
  throw new Error(`the API is not ready:\n${app?.lastLogLines() ?? ''}`);
}
