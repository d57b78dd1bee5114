import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Rollcall } from './rollcall.ts';

export interface Ran {
  /** Null of one that was killed. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Hung is what takes longer, in ms: no test is to leave it behind. */
const runMsMax = 300_000;
const main = join(import.meta.dirname, '../../apps/cli/src/main.ts');

/** `rollcall` with these arguments, as somebody calls it who has no terminal. */
export const runCli = ({ env }: Pick<Rollcall, 'env'>, ...args: readonly string[]): Promise<Ran> =>
  startCli(env, args).ended;

/** The same, for who has to do with it while it runs. */
export function startCli(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): { readonly child: ChildProcess; readonly ended: Promise<Ran> } {
  const child = spawn(process.execPath, [main, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: runMsMax,
    killSignal: 'SIGKILL',
  });
  const closed = new Promise<Pick<Ran, 'exitCode' | 'signal'>>((resolve) => {
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const all = Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return { child, ended: all.then(([how, stdout, stderr]) => ({ ...how, stdout, stderr })) };
}
