import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endWithUs } from './end-with-us.ts';
import { rootDir } from './paths.ts';
import type { Env } from './servers/source.ts';

export interface AppPlan {
  readonly name: string;
  /** Under the root of the repository. */
  readonly main: string;
  readonly args?: readonly string[];
  readonly env: Env;
  readonly logsDir: string;
}

/** As in the Dockerfile: a smaller nursery keeps a busy API below 300 MB, and can only be chosen before Node starts. */
export const nodeFlags = ['--max-semi-space-size=16'];

/**
 * One of Rollcall's own processes, its log in `<logsDir>/<name>.log`. It has a process group of its own, so that Ctrl-C reaches it
 * through us and in order. The log is the child's own open file: it goes on whatever happens to us.
 */
export class AppProcess implements AsyncDisposable {
  readonly name: string;
  readonly logFile: string;
  /** Settles when the process is gone: how it ended. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  #running = true;

  constructor(plan: AppPlan) {
    this.name = plan.name;
    mkdirSync(plan.logsDir, { recursive: true });
    this.logFile = join(plan.logsDir, `${plan.name}.log`);
    const log = openSync(this.logFile, 'w');
    this.#child = spawn(process.execPath, [...nodeFlags, join(rootDir, plan.main), ...(plan.args ?? [])], {
      cwd: rootDir,
      env: { ...plan.env },
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const ended = endWithUs(this.#child);
    const { promise, resolve } = Promise.withResolvers<string>();
    this.ended = promise;
    const end = (how: string): void => {
      this.#running = false;
      ended();
      resolve(how);
    };
    this.#child.once('error', (error) => end(error.message));
    this.#child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** SIGTERM, and SIGKILL if it takes longer than it may. */
  async stop(graceMs: number): Promise<void> {
    if (!this.#running) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), graceMs);
    await this.ended;
    clearTimeout(timer);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  lastLogLines(count = 10): string {
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop(10_000);
  }
}
