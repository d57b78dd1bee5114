// `npm run bench`: all sides in one run, on the same servers, under the same generator.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '@rollcall/infra';
import { bench } from './bench.ts';
import { removeLeftovers } from './leftovers.ts';
import { readOptions, type BenchOptions } from './options.ts';
import { printed } from './print.ts';
import { printedProfiles } from './profiles.ts';
import type { BenchReport } from './report.ts';
import { Stage } from './stage.ts';

const defaultDataDir = join(import.meta.dirname, '../../.data');

const announce = (line: string): void => void process.stderr.write(`bench: ${line}\n`);

function untilSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, resolve);
  return promise;
}

async function measured(
  benchDir: string,
  options: BenchOptions,
  stopped: Promise<NodeJS.Signals>,
): Promise<BenchReport | NodeJS.Signals> {
  await using stage = new Stage(benchDir, options.profiled ? join(options.dataDir, 'profiles') : undefined);
  return await Promise.race([bench(stage, options, announce), stage.died, stopped]);
}

/** @returns the exit code. */
async function main(): Promise<number> {
  const stopped = untilSignal();
  const options = readOptions(process.argv.slice(2), defaultDataDir);
  const benchDir = join(options.dataDir, 'bench');
  await removeLeftovers(benchDir);
  const profilesDir = join(options.dataDir, 'profiles');
  rmSync(profilesDir, { recursive: true, force: true });
  const outcome = await measured(benchDir, options, stopped);
  if (typeof outcome === 'string') {
    announce(`stopped by ${outcome}`);
    return 130;
  }
  const file = join(options.dataDir, 'bench.json');
  writeFileSync(file, `${JSON.stringify(outcome, null, 2)}\n`);
  process.stdout.write(`\n${printed(outcome)}\n\n${file}\n`);
  if (options.profiled) process.stdout.write(`\n${printedProfiles(profilesDir)}\n`);
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
