import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  freePort,
  startMongo,
  startMongoSet,
  startRedis,
  type ManagedServer,
  type ServerOptions,
} from '@rollcall/infra';
import { createMongoClient, ensureSchema } from '@rollcall/store-mongo';
import { Redis } from 'ioredis';
import type { MongoClient } from 'mongodb';
import { Child } from './child.ts';
import { Generator } from './generator/generator.ts';
import { tokenSettingsVariable, type TokenSettings } from './generator/task.ts';
import { newRunFolder } from './leftovers.ts';
import type { Measured } from './measure.ts';

const generatorMain = join(import.meta.dirname, 'generator/main.ts');
const readyMsMax = 30_000;

/** The MongoDB of a run: one member or several. */
interface MongoOfRun extends Pick<ManagedServer, 'url' | 'origin'> {
  readonly processes: readonly Measured[];
}

/** How long a primary is not heard of before another is elected, in ms; MongoDB's own. */
const electionTimeoutMs = 10_000;

/** What all sides share: the servers, a database of the run's own, the generator; and every process that was started. */
export class Stage implements AsyncDisposable {
  readonly tokens: TokenSettings;
  readonly database: string;
  /** The baselines' own, with the same schema, so that no side's data slows another. */
  readonly baselineDatabase: string;
  /** Of everything in Redis. */
  readonly keyPrefix: string;
  /** Everything that the run keeps on disk; it goes with it. */
  readonly folder: string;
  readonly #extraDatabases: string[] = [];
  readonly #serverEnds: (() => Promise<void>)[] = [];
  readonly #children: Child[] = [];
  readonly #died = Promise.withResolvers<never>();
  #parts:
    | { mongo: MongoOfRun; redis: ManagedServer; client: MongoClient; cache: Redis; generator: Generator }
    | undefined;
  #closing = false;

  readonly #profilesDir: string | undefined;

  /**
   * @param benchDir where the run gets a folder of its own
   * @param profilesDir where each process writes a CPU profile when it ends
   */
  constructor(benchDir: string, profilesDir?: string) {
    this.#profilesDir = profilesDir;
    this.folder = newRunFolder(benchDir);
    mkdirSync(this.#logsDir);
    const name = `rollcall_bench_${randomBytes(6).toString('hex')}`;
    this.database = name;
    this.baselineDatabase = `${name}_baselines`;
    this.keyPrefix = `${name}:`;
    this.tokens = { secret: randomBytes(32).toString('base64url'), issuer: 'rollcall-bench', audience: 'rollcall' };
    this.#died.promise.catch(() => undefined);
  }

  /** Rejects when a process ends that should run; the reason tells which, with its last words. */
  get died(): Promise<never> {
    return this.#died.promise;
  }

  /** Starts the servers as they are set in production, and the generator. */
  async open(members: 1 | 3 = 1): Promise<void> {
    const started = await Promise.allSettled([
      members === 1 ? this.#startMongo() : this.#startMongoSet(),
      startRedis({ ...this.serverOptions('redis'), durability: 'always' }),
    ]);
    const [mongo, redis] = started;
    if (redis.status === 'fulfilled') this.own(redis.value);
    if (mongo.status === 'rejected') throw mongo.reason;
    if (redis.status === 'rejected') throw redis.reason;
    const client = createMongoClient({
      url: mongo.value.url,
      appName: 'bench',
      serverSelectionMs: 5_000,
      socketMs: 60_000,
    });
    const cache = new Redis(redis.value.url);
    const tokens = { [tokenSettingsVariable]: JSON.stringify(this.tokens) };
    const generator = new Generator(this.startChild('generator', generatorMain, tokens));
    this.#parts = { mongo: mongo.value, redis: redis.value, client, cache, generator };
    for (const database of [this.database, this.baselineDatabase]) await ensureSchema(client.db(database));
  }

  async #startMongo(): Promise<MongoOfRun> {
    const server = await startMongo(this.serverOptions('mongo'));
    this.own(server);
    const { url, origin, pid } = server;
    return { url, origin, processes: [{ name: 'mongod', pid }] };
  }

  async #startMongoSet(): Promise<MongoOfRun> {
    const { url, members, primary } = await startMongoSet({ ...this.serverOptions('mongo'), electionTimeoutMs });
    for (const member of members) this.own(member);
    const first = await primary();
    const others = members.filter((member) => member !== first);
    const processes = [first, ...others].map(({ pid }, n) => ({ name: n === 0 ? 'mongod' : `secondary-${n}`, pid }));
    return { url, origin: first.origin, processes };
  }

  get mongo(): MongoClient {
    return this.#opened.client;
  }

  get redis(): Redis {
    return this.#opened.cache;
  }

  get generator(): Generator {
    return this.#opened.generator;
  }

  /** What is measured whichever side runs. */
  get shared(): readonly Measured[] {
    const { mongo, redis, generator } = this.#opened;
    return [{ name: 'generator', pid: generator.process.pid }, ...mongo.processes, { name: 'redis', pid: redis.pid }];
  }

  /** What the servers say of themselves, for the result. */
  async serverFacts(): Promise<Readonly<Record<string, string>>> {
    const { mongo, redis, client, cache } = this.#opened;
    const setting = async (name: string) => (await cache.config('GET', name))[1] ?? '?';
    const { version } = await client.db('admin').command({ buildInfo: 1 });
    return {
      mongod: `${String(version)} (${mongo.origin})`,
      redis: `${/^(?:valkey|redis)_version:(\S+)/m.exec(await cache.info('server'))?.[1] ?? '?'} (${redis.origin})`,
      appendonly: await setting('appendonly'),
      appendfsync: await setting('appendfsync'),
      writeConcern: 'majority, journaled',
    };
  }

  /** The name of one more database, which goes when the run ends. */
  extraDatabase(name: string): string {
    const database = `${this.database}_${name}`;
    this.#extraDatabases.push(database);
    return database;
  }

  storeEnv(): Readonly<Record<string, string>> {
    const { mongo, redis } = this.#opened;
    return {
      MONGODB_URL: mongo.url,
      MONGODB_DATABASE: this.database,
      REDIS_URL: redis.url,
      REDIS_KEY_PREFIX: this.keyPrefix,
      METRICS_PORT: '0',
      LOG_LEVEL: 'info',
    };
  }

  apiEnv(port: number): Readonly<Record<string, string>> {
    return {
      ...this.storeEnv(),
      API_HOST: '127.0.0.1',
      API_PORT: String(port),
      AUTH_JWT_SECRET: this.tokens.secret,
      AUTH_ISSUER: this.tokens.issuer,
      AUTH_AUDIENCE: this.tokens.audience,
      COMMAND_ID_SECRET: this.tokens.secret,
    };
  }

  freePort(): Promise<number> {
    return freePort();
  }

  /** The folder and the log of one server of the run. */
  serverOptions(name: string): Pick<ServerOptions, 'dataDir' | 'log'> {
    const log = createWriteStream(join(this.#logsDir, `${name}.log`));
    return { dataDir: join(this.folder, name), log: (line) => void log.write(`${line}\n`) };
  }

  /** A server that may not end before the run does; `end` is how it goes then. */
  own(server: ManagedServer, end: () => Promise<void> = () => endOf(server)): void {
    this.#serverEnds.push(end);
    void this.#reportDeath(server);
  }

  startChild(name: string, main: string, env: Readonly<Record<string, string>>): Child {
    if (this.#closing) throw new Error('the bench is stopping');
    const child = new Child({ name, main, env, logsDir: this.#logsDir, profilesDir: this.#profilesDir });
    this.#children.push(child);
    void this.#reportEnd(child);
    return child;
  }

  /** Any answer will do, unless a status is named. */
  async untilAnswers(origin: string, path: string, status?: number): Promise<void> {
    for (const end = Date.now() + readyMsMax; Date.now() < end; await delay(25)) {
      try {
        const response = await fetch(origin + path, { signal: AbortSignal.timeout(2_000) });
        await response.arrayBuffer();
        if (status === undefined || response.status === status) return;
      } catch {
        // It does not listen yet.
      }
    }
    throw new Error(`${origin}${path} did not answer within ${readyMsMax / 1000} s`);
  }

  /** Ends everything that was started, by its pid, and removes what the run left on disk and in servers that are not ours. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#children.map((child) => child.stop()));
    if (this.#parts !== undefined) {
      await this.#forgetData().catch(() => undefined);
      await this.#parts.client.close();
      this.#parts.cache.disconnect();
    }
    await Promise.all(this.#serverEnds.map((end) => end()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #opened() {
    if (this.#parts === undefined) throw new Error('the stage is not open');
    return this.#parts;
  }

  get #logsDir(): string {
    return join(this.folder, 'logs');
  }

  async #reportEnd(child: Child): Promise<void> {
    const how = await child.ended;
    if (child.asked || this.#closing) return;
    this.#died.reject(new Error(`${child.name} ended (${how}). Its last lines:\n${child.lastLogLines()}`));
  }

  async #reportDeath(server: ManagedServer): Promise<void> {
    const reason = await server.diedUnasked;
    if (!this.#closing) this.#died.reject(reason);
  }

  async #forgetData(): Promise<void> {
    const { mongo, redis, client, cache } = this.#opened;
    if (mongo.origin === 'url') {
      for (const database of [this.database, this.baselineDatabase, ...this.#extraDatabases]) {
        await client.db(database).dropDatabase();
      }
    }
    if (redis.origin !== 'url') return;
    for await (const keys of cache.scanStream({ match: `${this.keyPrefix}*`, count: 1_000 })) {
      if (Array.isArray(keys) && keys.length > 0) await cache.unlink(keys as string[]);
    }
  }
}

/** What is in there is thrown away: no reason to wait for an orderly end. */
function endOf(server: ManagedServer): Promise<void> {
  return server.origin === 'path' || server.origin === 'wheel' ? server.kill() : server.stop();
}
