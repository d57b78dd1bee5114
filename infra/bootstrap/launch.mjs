import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { SetupError, explain, say } from './messages.mjs';
import { ensureNode } from './node.mjs';
import { rootDir } from './paths.mjs';
import { commandLine, programOf, scripts } from './scripts.mjs';
import { ensurePnpm, ensureWorkspace, withNodeFirst } from './workspace.mjs';

/** Sets up what is missing, runs the script, and ends as it ended. @param {string} name @param {string[]} args */
export async function launch(name, args) {
  try {
    if (!Object.hasOwn(scripts, name)) {
      throw new SetupError(`there is no script "${name}"`, [`there are: ${Object.keys(scripts).join(', ')}`]);
    }
    const node = await ensureNode();
    const line = scripts[name].bare ? [await ensurePnpm()] : await prepare(name, node);
    passThrough(node, [...line, ...args], name);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    explain(error);
    process.exitCode = 1;
  }
}

async function prepare(name, node) {
  await ensureWorkspace(node);
  const program = programOf(name);
  if (!existsSync(program)) throw new SetupError(`${program} is missing`, ['is this clone complete? git status']);
  return commandLine(name);
}

function passThrough(node, args, name) {
  const child = spawn(node, args, {
    stdio: 'inherit',
    // npx may be called in any folder below; paths in its arguments are the caller's.
    cwd: name === 'rollcall' ? process.cwd() : rootDir,
    env: { ...withNodeFirst(node), ROLLCALL_LAUNCHER_PID: String(process.pid) },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // Ctrl-C in a terminal reaches the child by itself, and many tools take a second one for "now!". `start` knows that one
      // Ctrl-C may come several times, and it must also hear a SIGINT that was sent to npm alone.
      const comesByItself = signal === 'SIGINT' && process.stdin.isTTY && !scripts[name].foldsSignals;
      if (!comesByItself) child.kill(signal);
    });
  }
  if (process.env.npm_execpath !== undefined) endWithParent(child);
  child.on('error', (error) => {
    say(`could not run ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
}

/**
 * npm passes signals to the shell between it and us, who may die of them without a word to us; and npm itself may be killed. (For
 * `start` package.json says `exec`, so there is no shell, and even a SIGINT that only npm got arrives.)
 */
function endWithParent(child) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 500);
  watch.unref();
}
