// `npm start`: servers, one API, two workers and a demo event, until Ctrl-C.
import { greeting } from './greeting.ts';
import { isAlive } from './processes.ts';
import { SetupError } from './servers/setup-error.ts';
import { readStackSettings } from './settings.ts';
import { Stack, logsDir } from './stack.ts';
import { demoFile } from './stack-file.ts';

/** One Ctrl-C may arrive three times at once: from the terminal, through npm and through the bootstrap. */
const sameSignalMs = 1_000;

const announce = (message: string): void => void process.stderr.write(`rollcall: ${message}\n`);

function complain(error: unknown): void {
  if (error instanceof SetupError) process.stderr.write(`${error.explanation}\n`);
  else announce(error instanceof Error ? error.message : String(error));
}

async function main(): Promise<number> {
  const stack = new Stack(readStackSettings(process.env), announce);
  let exitCode = 0;
  const asked = stopRequest(() => {
    exitCode = 130;
    void stack.killAll().then(() => process.exit(exitCode));
  });
  try {
    const demo = await Promise.race([stack.up(), asked]);
    if (demo !== undefined) {
      process.stdout.write(greeting(demo, { logsDir, demoFile }));
      await Promise.race([stack.died, asked]);
    }
    announce('stopping…');
    await stack.down();
    announce('stopped');
    return exitCode;
  } catch (error) {
    complain(error);
    await stack.down();
    return 1;
  }
}

/** Resolves at the first signal, or when the bootstrap that started us is gone; a later signal calls `force`. */
function stopRequest(force: () => void): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let firstAt: number | undefined;
  const ask = (): void => {
    if (firstAt === undefined) {
      firstAt = Date.now();
      resolve(undefined);
    } else if (Date.now() - firstAt > sameSignalMs) {
      force();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  const launcher = Number(process.env['ROLLCALL_LAUNCHER_PID'] ?? '0');
  if (launcher > 0) {
    const watch = setInterval(() => {
      if (isAlive(launcher)) return;
      clearInterval(watch);
      ask();
    }, 1_000);
    watch.unref();
  }
  return promise;
}

try {
  process.exit(await main());
} catch (error) {
  complain(error);
  process.exit(1);
}
