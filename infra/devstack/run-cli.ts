import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rootDir } from './paths.ts';
import type { Env } from './servers/source.ts';

const run = promisify(execFile);
const main = join(rootDir, 'apps/cli/src/main.ts');

/** Runs `rollcall …` to its end. @returns what it printed. @throws with what it complained of. */
export async function runCli(args: readonly string[], env: Env, signal: AbortSignal): Promise<string> {
  try {
    const { stdout } = await run(process.execPath, [main, ...args], { cwd: rootDir, env: { ...env }, signal });
    return stdout;
  } catch (error) {
    const { stderr = '', stdout = '', message } = error as { stderr?: string; stdout?: string; message: string };
    const words = `${stdout}${stderr}`.trim().split('\n').slice(-15).join('\n');
    throw new Error(`rollcall ${args.join(' ')} failed: ${words === '' ? message : `\n${words}`}`, { cause: error });
  }
}
