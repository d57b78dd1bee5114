import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Collections } from '@rollcall/store-mongo';
import { spreadOf } from '../stats.ts';
import { bareInsert, batchesOf } from './bare-insert.ts';

const main = join(import.meta.dirname, '../../../apps/cli/src/main.ts');
const rssEveryMs = 100;

interface BackfillOptions {
  readonly mongodbUrl: string;
  readonly legacyDatabase: string;
  /** Where the mapping is written. */
  readonly folder: string;
  readonly rounds: number;
  readonly newRollcallDb: () => Promise<Collections>;
}

interface Filled {
  readonly seconds: number;
  readonly registrations: number;
  readonly rssMiB: number;
}

/**
 * `rollcall migrate backfill` as somebody calls it, against a bare `insertMany` of the documents that it made, into the same
 * indexes. Backfill's time is all of it: starting Node, reading the old collections, settling, deciding, writing.
 *
 * @returns what the last backfill has filled
 */
export async function backfilling(options: BackfillOptions): Promise<Collections> {
  const { rounds, newRollcallDb } = options;
  const [backfills, bares, peaks]: [number[], number[], number[]] = [[], [], []];
  let last: Collections | undefined;
  for (let round = 0; round < rounds; round += 1) {
    await last?.db.dropDatabase();
    last = await newRollcallDb();
    const filled = await backfill(options, last);
    backfills.push(filled.registrations / filled.seconds);
    peaks.push(filled.rssMiB);
    const copy = await newRollcallDb();
    const bare = await bareInsert(copy, batchesOf(last));
    bares.push(bare.registrations / bare.seconds);
    await copy.db.dropDatabase();
    if (bare.registrations !== filled.registrations) throw new Error('the two sides have not written the same');
  }
  if (last === undefined) throw new Error('there must be a round');
  const [mine, theirs] = [spreadOf(backfills), spreadOf(bares)];
  const line = (name: string, { median, min, max }: typeof mine) =>
    console.log(`  ${name}: ${shown(median)} registrations/s (${shown(min)} to ${shown(max)})`);
  console.log('Backfill');
  line('a bare insertMany of what it makes, journal included', theirs);
  line('rollcall migrate backfill', mine);
  console.log(
    `  ratio ${(mine.median / theirs.median).toFixed(2)}; its memory ${Math.max(...peaks).toFixed(0)} MiB at most`,
  );
  return last;
}

const shown = (value: number) => Math.round(value).toLocaleString('en');

async function backfill({ mongodbUrl, legacyDatabase, folder }: BackfillOptions, target: Collections): Promise<Filled> {
  const mapping = join(folder, 'mapping.json');
  writeFileSync(mapping, JSON.stringify({ database: legacyDatabase }));
  const startedAt = performance.now();
  const child = spawn(process.execPath, [main, 'migrate', 'backfill', '--json', '--mapping', mapping], {
    env: { ...process.env, MONGODB_URL: mongodbUrl, MONGODB_DATABASE: target.db.databaseName },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let rssMiB = 0;
  const watch = setInterval(() => {
    rssMiB = Math.max(rssMiB, residentMiB(child.pid));
  }, rssEveryMs);
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  const [exitCode, output] = await Promise.all([ended, text(child.stdout)]);
  clearInterval(watch);
  const seconds = (performance.now() - startedAt) / 1_000;
  if (exitCode !== 0) throw new Error(`the backfill ended with ${exitCode}: ${output.slice(-1_000)}`);
  return { seconds, registrations: await target.registrations.countDocuments(), rssMiB };
}

/** 0 where the system does not tell. */
function residentMiB(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}
