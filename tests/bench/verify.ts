/**
 * How fast `rollcall verify` is, and how much memory it takes, on one event with a million registrations; or with as many
 * as the first argument says. Prints registrations per second, the processor's time for each, which others on the machine
 * disturb less, and the peak of the resident memory. `npm run bench:verify`
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startMongo } from '@rollcall/infra';
import type { EventId } from '@rollcall/domain';
import { collectionsOf, createMongoClient, ensureSchema } from '@rollcall/store-mongo';
import { cpuMicrosOf, peakRssBytesOf } from './measure.ts';
import { fillEvent } from './fill-event.ts';

const registrations = Number(process.argv[2] ?? 1_000_000);
const eventId = `e${'v'.repeat(22)}` as EventId;
const rounds = 3;
const database = 'verifying';
/** As `npx rollcall` runs it (infra/bootstrap/scripts.mjs). */
const cli = ['--max-semi-space-size=8', new URL('../../apps/cli/src/main.ts', import.meta.url).pathname];

interface Measured {
  readonly seconds: number;
  /** Of the process, all its threads together. */
  readonly cpuMicros: number;
  readonly peakMb: number;
  readonly said: string;
}

async function verify(mongodbUrl: string): Promise<Measured> {
  const startedAt = performance.now();
  const env = { MONGODB_URL: mongodbUrl, MONGODB_DATABASE: database };
  const child = spawn(process.execPath, [...cli, 'verify', '--event', eventId, '--no-cache'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let [peakBytes, cpuMicros] = [0, 0];
  // The kernel keeps both, so it does not matter how seldom we look; only the very last moments are missed.
  const looking = setInterval(() => {
    peakBytes = peakRssBytesOf(child.pid ?? 0) ?? peakBytes;
    cpuMicros = cpuMicrosOf(child.pid ?? 0) ?? cpuMicros;
  }, 50);
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  const [code, said] = await Promise.all([ended, text(child.stdout)]);
  clearInterval(looking);
  if (code !== 0) throw new Error(`verify ended with ${code}: ${said}`);
  return { seconds: (performance.now() - startedAt) / 1_000, cpuMicros, peakMb: peakBytes / 2 ** 20, said };
}

const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-verifying-'));
const server = await startMongo({ dataDir, owned: true, log: () => undefined });
const client = createMongoClient({ url: server.url, appName: 'bench', serverSelectionMs: 5_000, socketMs: 600_000 });
try {
  const collections = collectionsOf(client, database);
  const startedAt = performance.now();
  await fillEvent(collections, { eventId, signups: registrations, leavesEvery: 20 });
  // Indexes over what is there already are built in a fraction of the time.
  await ensureSchema(collections.db);
  console.log(`filled in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  for (let round = 1; round <= rounds; round += 1) {
    const serverBefore = cpuMicrosOf(server.pid ?? 0) ?? 0;
    const { seconds, cpuMicros, peakMb, said } = await verify(server.url);
    const rate = Math.round(registrations / seconds).toLocaleString('en');
    const serverMicros = (cpuMicrosOf(server.pid ?? 0) ?? 0) - serverBefore;
    const each = (micros: number) => `${(micros / registrations).toFixed(1)} µs`;
    console.log(
      `${rate} registrations/s, start and end of the process included; processor time for each: ${each(cpuMicros)}, and ` +
        `${each(serverMicros)} of mongod; ${peakMb.toFixed(0)} MB; ${said.trim()}`,
    );
  }
} finally {
  await client.close();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
