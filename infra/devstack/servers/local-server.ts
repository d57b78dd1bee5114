import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithUs } from '../end-with-us.ts';
import { endLeftover } from '../processes.ts';
import type { ManagedServer } from './managed-server.ts';
import { isPortFree, portTaken } from './ports.ts';
import type { ServerOrigin } from './source.ts';

const stopMsMax = 15_000;
/** How long a server that a crash left behind may hold its port after it has ended, in ms. */
const leftoverPortMsMax = 10_000;
const pidFileName = 'server.pid';

export interface LocalServerPlan {
  readonly url: string;
  readonly origin: ServerOrigin;
  readonly binary: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly portSetting?: string;
  readonly dataDir: string;
  /** For a server that refuses to be root; the folder has to be theirs. */
  readonly runAs?: { readonly uid: number; readonly gid: number } | undefined;
  /** Asks for an orderly end. Default: SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  readonly log: (line: string) => void;
  /** Resolves when the server does its work. Told by the signal when the process is gone. */
  readonly ready: (signal: AbortSignal) => Promise<void>;
}

/**
 * A server as a process of ours. Modes: down → up (`start`), up → down (`stop`, `kill`, or by itself, which settles `diedUnasked`);
 * `pause` and `resume` only hold the process still. The process is in a group of its own, so that Ctrl-C does not reach it before
 * those who still use it; `.data/…/server.pid` lets the next start end what a crash left behind.
 */
export class LocalServer implements ManagedServer {
  readonly url: string;
  readonly origin: ServerOrigin;
  readonly diedUnasked: Promise<Error>;
  readonly #plan: LocalServerPlan;
  readonly #pidFile: string;
  readonly #lastLines: string[] = [];
  readonly #reportDeath: (reason: Error) => void;
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();

  constructor(plan: LocalServerPlan) {
    this.url = plan.url;
    this.origin = plan.origin;
    this.#plan = plan;
    this.#pidFile = join(plan.dataDir, pidFileName);
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.diedUnasked = promise;
    this.#reportDeath = resolve;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    if (this.#child !== undefined) throw new Error(`${this.#plan.binary} is already running`);
    mkdirSync(this.#plan.dataDir, { recursive: true });
    const { port, portSetting } = this.#plan;
    // A server of many threads looks dead a moment before the last of them lets go of its port.
    const portMsMax = (await endLeftoverServer(this.#plan.dataDir)) ? leftoverPortMsMax : 0;
    for (const deadline = Date.now() + portMsMax; !(await isPortFree(port)); await sleep(25)) {
      if (Date.now() >= deadline) throw portTaken(port, portSetting);
    }
    const gone = new AbortController();
    const child = this.#spawn(gone);
    try {
      await this.#plan.ready(gone.signal);
    } catch (error) {
      if (gone.signal.aborted) throw gone.signal.reason as Error;
      this.#child = undefined;
      child.kill('SIGKILL');
      throw error;
    }
  }

  async stop(): Promise<void> {
    const child = this.#release();
    if (child === undefined) return;
    child.kill('SIGCONT');
    child.kill(this.#plan.stopSignal ?? 'SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
    await this.#exited;
    clearTimeout(timer);
  }

  async kill(): Promise<void> {
    this.#release()?.kill('SIGKILL');
    await this.#exited;
  }

  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #spawn(gone: AbortController): ChildProcess {
    const { binary, args, log, runAs, dataDir } = this.#plan;
    // Somebody else may have no way back into our own working folder.
    const asWhom = runAs === undefined ? {} : { ...runAs, cwd: dataDir };
    const child = spawn(binary, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], ...asWhom });
    this.#child = child;
    const ended = endWithUs(child);
    if (child.pid !== undefined) writeFileSync(this.#pidFile, String(child.pid));
    for (const output of [child.stdout, child.stderr]) {
      createInterface({ input: output }).on('line', (line) => {
        this.#lastLines.push(line);
        if (this.#lastLines.length > 8) this.#lastLines.shift();
        log(line);
      });
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#exited = promise;
    const end = (how: string): void => {
      const reason = new Error(`${binary} ${how}\n    ${this.#lastLines.join('\n    ')}`);
      if (this.#release() !== undefined) this.#reportDeath(reason);
      rmSync(this.#pidFile, { force: true });
      ended();
      gone.abort(reason);
      resolve();
    };
    child.once('error', (error) => end(`could not be run: ${error.message}`));
    child.once('close', (code, signal) => end(`ended (${signal ?? `exit code ${code}`})`));
    return child;
  }

  /** From here on the end of the process is no surprise. */
  #release(): ChildProcess | undefined {
    const child = this.#child;
    this.#child = undefined;
    return child;
  }
}

/** Ends the server that a crashed run left behind in this folder, and answers whether there was one; it may have ended since. */
export async function endLeftoverServer(dataDir: string): Promise<boolean> {
  let pid: number;
  try {
    pid = Number(readFileSync(join(dataDir, pidFileName), 'utf8'));
  } catch {
    return false;
  }
  await endLeftover(pid, dataDir);
  return true;
}
