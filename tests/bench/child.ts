import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFlags } from '@rollcall/infra';

export interface ChildPlan {
  readonly name: string;
  /** The file that Node runs. */
  readonly main: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logsDir: string;
  /** Where it writes a CPU profile when it ends, under its name. */
  readonly profilesDir?: string | undefined;
}

const stopMsMax = 15_000;
const endWithParent = new URL('end-with-parent.ts', import.meta.url).href;

/** Those that run. One listener ends them all if we end without having stopped them. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * One process of the bench, its output in `<logsDir>/<name>.log`. It has a process group of its own, so that Ctrl-C reaches
 * it through us and in order; it never outlives us.
 */
export class Child implements AsyncDisposable {
  readonly name: string;
  /** Settles when the process is gone, with how it ended. */
  readonly ended: Promise<string>;
  readonly #process: ChildProcess;
  readonly #logFile: string;
  #asked = false;

  constructor({ name, main, env, logsDir, profilesDir }: ChildPlan) {
    this.name = name;
    this.#logFile = join(logsDir, `${name}.log`);
    const profiling =
      profilesDir === undefined
        ? []
        : ['--cpu-prof', `--cpu-prof-dir=${profilesDir}`, `--cpu-prof-name=${name}.cpuprofile`];
    const log = openSync(this.#logFile, 'w');
    this.#process = spawn(process.execPath, [...nodeFlags, ...profiling, '--import', endWithParent, main], {
      // Nothing but what it is told: a LOG_LEVEL of the caller's shell would change what is measured.
      env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...env },
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      serialization: 'advanced',
    });
    closeSync(log);
    running.add(this.#process);
    const { promise, resolve } = Promise.withResolvers<string>();
    this.ended = promise;
    const end = (how: string): void => {
      running.delete(this.#process);
      resolve(how);
    };
    this.#process.once('error', (error) => end(error.message));
    this.#process.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get #running(): boolean {
    return running.has(this.#process);
  }

  /** Whether its end was asked for. */
  get asked(): boolean {
    return this.#asked;
  }

  send(message: object): void {
    this.#process.send(message, (error) => {
      // A child that is gone has said so by `ended`.
      if (error !== null && this.#running) this.signal('SIGKILL');
    });
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#process.on('message', listener);
  }

  onNextMessage(listener: (message: unknown) => void): void {
    this.#process.once('message', listener);
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  lastLogLines(count = 12): string {
    return readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  }

  async stop(): Promise<void> {
    this.#asked = true;
    if (!this.#running) return;
    // One that is held still would not hear the second.
    this.signal('SIGCONT');
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), stopMsMax);
    await this.ended;
    clearTimeout(timer);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
