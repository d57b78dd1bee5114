import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppProcess } from './app-process.ts';
import { runCli } from './run-cli.ts';
import { type Demo, readDemo } from './greeting.ts';
import { dataDir } from './paths.ts';
import type { ManagedServer, ServerOptions } from './servers/managed-server.ts';
import { startMongo } from './servers/mongo.ts';
import { isPortFree, portTaken, waitUntil } from './servers/ports.ts';
import { startRedis } from './servers/redis.ts';
import type { Env } from './servers/source.ts';
import type { StackSettings } from './settings.ts';
import { describeStack } from './stack-environment.ts';
import { type StackRecord, claimFolder, demoFile, releaseFolder, stackFile, writeJson } from './stack-file.ts';

export const logsDir = join(dataDir, 'logs');
const workerCount = 2;
const readyMsMax = 60_000;
// Longer than the apps' own SHUTDOWN_MS_MAX of 20 s: they know better than we what to give up.
const stopMsMax = 25_000;

/** Everything that `npm start` runs. `up` may fail or be overtaken by `down` at any point; `down` ends what there is by then. */
export class Stack {
  readonly #settings: StackSettings;
  readonly #announce: (message: string) => void;
  readonly #servers: ManagedServer[] = [];
  readonly #workers: AppProcess[] = [];
  #api: AppProcess | undefined;
  #claimed = false;
  readonly #abort = new AbortController();
  readonly #died = Promise.withResolvers<never>();

  constructor(settings: StackSettings, announce: (message: string) => void) {
    this.#settings = settings;
    this.#announce = announce;
    this.#died.promise.catch(() => undefined);
  }

  /** Rejects as soon as a part that should run ends; the reason tells which, with its last words. */
  get died(): Promise<never> {
    return this.#died.promise;
  }

  async up(): Promise<Demo> {
    const settings = this.#settings;
    await claimFolder(this.#announce);
    this.#claimed = true;
    if (!(await isPortFree(settings.apiPort, settings.apiHost))) throw portTaken(settings.apiPort, 'API_PORT');
    const [mongo, redis] = await this.#startServers();
    const { url, record, env } = describeStack(settings, { mongodbUrl: mongo.url, redisUrl: redis.url });

    this.#announce('bringing the database schema up to date…');
    await runCli(['schema'], env.cli, this.#abort.signal);
    this.#announce(`starting the API and ${workerCount} workers…`);
    this.#api = this.#run('api', 'apps/api/src/main.ts', env.api);
    for (let n = 1; n <= workerCount; n++) {
      this.#workers.push(this.#run(`worker-${n}`, 'apps/worker/src/main.ts', env.worker));
    }
    const children = [this.#api, ...this.#workers].map(({ name, pid }) => ({ name, pid }));
    writeJson(stackFile, { ...record, children } satisfies StackRecord);
    await this.#unlessDied(waitUntil('the API', readyMsMax, () => isReady(url)));
    const demo = readDemo(await this.#unlessDied(runCli(['demo', '--json'], env.cli, this.#abort.signal)), url);
    writeJson(demoFile, demo);
    return demo;
  }

  /** The API first, so that nothing new comes in; then the workers, who finish their batch; then what both rely on. */
  async down(): Promise<void> {
    this.#abort.abort();
    await this.#api?.stop(stopMsMax);
    await Promise.all(this.#workers.map((worker) => worker.stop(stopMsMax)));
    await Promise.all(this.#servers.map((server) => server.stop()));
    this.#forget();
  }

  /** At once, for the second Ctrl-C. MongoDB's journal and Redis' file are made for such ends. */
  async killAll(): Promise<void> {
    this.#abort.abort();
    for (const app of [this.#api, ...this.#workers]) app?.kill();
    await Promise.all(this.#servers.map((server) => server.kill().catch(() => undefined)));
    this.#forget();
  }

  async #startServers(): Promise<readonly [ManagedServer, ManagedServer]> {
    const { mongodPort, redisPort } = this.#settings;
    this.#announce('starting MongoDB and Redis…');
    const started = await Promise.allSettled([
      startMongo({ ...this.#serverOptions('mongo', 'mongod'), port: mongodPort, portSetting: 'ROLLCALL_MONGOD_PORT' }),
      startRedis({
        ...this.#serverOptions('redis', 'redis'),
        port: redisPort,
        portSetting: 'ROLLCALL_REDIS_PORT',
        durability: 'always',
      }),
    ]);
    // One may be up although the other failed: it is noted first, so that `down` ends it.
    for (const result of started) if (result.status === 'fulfilled') this.#own(result.value);
    const [mongo, redis] = started;
    if (mongo.status === 'rejected') throw mongo.reason;
    if (redis.status === 'rejected') throw redis.reason;
    return [mongo.value, redis.value];
  }

  #serverOptions(folder: string, name: string): Pick<ServerOptions, 'dataDir' | 'log' | 'announce'> {
    mkdirSync(logsDir, { recursive: true });
    const file = createWriteStream(join(logsDir, `${name}.log`));
    return { dataDir: join(dataDir, folder), log: (line) => file.write(`${line}\n`), announce: this.#announce };
  }

  #own(server: ManagedServer): void {
    this.#servers.push(server);
    void server.diedUnasked.then(this.#died.reject);
  }

  #run(name: string, main: string, env: Env): AppProcess {
    if (this.#abort.signal.aborted) throw new Error('stopped while starting');
    const app = new AppProcess({ name, main, env, logsDir });
    void this.#reportEnd(app);
    return app;
  }

  async #reportEnd(app: AppProcess): Promise<void> {
    const how = await app.ended;
    if (this.#abort.signal.aborted) return;
    this.#died.reject(
      new Error(`${app.name} ended (${how}). Its last log lines, of ${app.logFile}:\n${app.lastLogLines()}`),
    );
  }

  #unlessDied<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#died.promise]);
  }

  #forget(): void {
    if (this.#claimed) releaseFolder();
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    return response.status === 200;
  } catch {
    return false;
  }
}
