// `npm run bench`: all sides in one run, on the same servers, under the same generator.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '@rollcall/infra';
import { bench } from './bench.ts';
import { removeLeftovers } from './leftovers.ts';
import { readOptions } from './options.ts';
import { printed } from './print.ts';
import { Stage } from './stage.ts';

const defaultDataDir = join(import.meta.dirname, '../../.data');

const announce = (line: string): void => void process.stderr.write(`bench: ${line}\n`);

function untilSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve);
  return promise;
}

/** @returns the exit code. */
async function main(): Promise<number> {
  const stopped = untilSignal();
  const options = readOptions(process.argv.slice(2), defaultDataDir);
  const benchDir = join(options.dataDir, 'bench');
  await removeLeftovers(benchDir);
  await using stage = new Stage(benchDir);
  const outcome = await Promise.race([bench(stage, options, announce), stage.died, stopped]);
  if (typeof outcome === 'string') {
    announce(`stopped by ${outcome}`);
    return 130;
  }
  const file = join(options.dataDir, 'bench.json');
  writeFileSync(file, `${JSON.stringify(outcome, null, 2)}\n`);
  process.stdout.write(`\n${printed(outcome)}\n\n${file}\n`);
  return outcome.faults.length === 0 ? 0 : 1;
}

try {
  process.exit(await main());
} catch (error) {
  const message =
    error instanceof SetupError
      ? error.explanation
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`bench: ${message}\n`);
  process.exit(1);
}
