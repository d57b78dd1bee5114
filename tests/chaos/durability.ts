// `npm run bench:durability [-- --rounds N] [--only TEXT]`: how many of the commands that were answered 202 are gone when Redis is killed,
// when its machine loses its power, or when a replica takes its place. Prints figures; asserts nothing. Needs root on Linux.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startMongo, startRedis, type ManagedServer, type RedisDurability } from '@rollcall/infra';
import { connectRedis } from '@rollcall/mailbox-redis';
import { createOpenEvent, type OpenEvent } from '../support/events.ts';
import { request } from '../support/http.ts';
import { startRollcall, type Rollcall } from '../support/rollcall.ts';
import { whole } from '../support/whole.ts';
import { createLoopDisk } from './loop-disk.ts';
import { startProxy } from './proxy.ts';

/** People who sign up at a time, each again as soon as there is an answer. */
const atOnce = 64;
const loadMs = 3_000;
/** How far away the replica is, in ms. */
const replicaDelayMs = 10;
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, only: { type: 'string', default: '' } },
});
const rounds = whole('rounds', values.rounds);
const folder = mkdtempSync(join(tmpdir(), 'rollcall-durability-'));
const log = () => undefined;

/** What becomes of Redis. */
interface Loss {
  /** It is gone, and nobody is answered any more. */
  readonly happen: () => Promise<void>;
  /** @returns the URL of the one that has what is left */
  readonly recover: () => Promise<string>;
}

/** People sign up until Redis is gone. @returns what was answered 202, and what is left of it */
async function round(rollcall: Rollcall, { eventId, roleIds }: OpenEvent, { happen, recover }: Loss) {
  const url = `${rollcall.urls[0] ?? ''}/v1/events/${eventId}/registrations`;
  while (!(await fetch(`${rollcall.urls[0] ?? ''}/health/ready`)).ok) await delay(100);
  const accepted: string[] = [];
  const end = new AbortController();
  const people = Array.from({ length: atOnce }, async (_, n) => {
    for (let turn = 0; !end.signal.aborted; turn += 1) {
      const options = { token: await rollcall.token(`user-${n}-${turn}`), body: { roleId: roleIds[0] } };
      const { status, body } = await request(url, options);
      if (status === 202) accepted.push(String(body['commandId']));
    }
  });
  await delay(loadMs);
  await happen();
  end.abort();
  await Promise.all(people);
  const redis = connectRedis({ url: await recover(), use: 'blocking', commandTimeoutMs: 5_000, onError: log });
  const entries = await redis.xrange(rollcall.keyspace.mailbox(eventId), '-', '+');
  redis.disconnect();
  const kept = new Set(entries.flatMap(([, fields]) => fields[fields.indexOf('c') + 1]));
  return { accepted: accepted.length, lost: accepted.filter((commandId) => !kept.has(commandId)).length };
}

async function measure(what: string, redis: ManagedServer, loss: () => Promise<Loss>): Promise<void> {
  const mongo = await startMongo({ dataDir: join(folder, what, 'mongo'), owned: true, log });
  const rollcall = await startRollcall({ mongodbUrl: mongo.url, redisUrl: redis.url, apis: 1, workers: 1 });
  const events: OpenEvent[] = [];
  const role = { name: 'volunteers', capacity: null, waitlist: 'off' } as const;
  while (events.length < rounds) events.push(await createOpenEvent(rollcall, { roles: [role] }));
  // What is accepted stays in the mailbox.
  await rollcall.workers[0]?.stop(10_000);
  let [accepted, lost] = [0, 0];
  for (const event of events) {
    const one = await round(rollcall, event, await loss());
    accepted += one.accepted;
    lost += one.lost;
  }
  console.log(`| ${what} | ${rounds} | ${accepted} | ${lost} |`);
  await rollcall.stop();
  await mongo.stop();
}

async function onDisk(what: string, durability: RedisDurability, losesPower: boolean): Promise<void> {
  if (!what.includes(values.only)) return;
  await using disk = createLoopDisk(join(folder, what));
  await using redis = await startRedis({ dataDir: join(disk.dir, 'redis'), durability, owned: true, log });
  await measure(what, redis, () =>
    Promise.resolve({
      async happen() {
        redis.pause();
        if (losesPower) disk.capture();
        await redis.kill();
      },
      async recover() {
        if (losesPower) disk.rewind();
        await redis.start();
        return redis.url;
      },
    }),
  );
}

async function withReplica(what: string): Promise<void> {
  if (!what.includes(values.only)) return;
  const start = (name: string) =>
    startRedis({ dataDir: join(folder, what, name), durability: 'always', owned: true, log });
  await using master = await start('master');
  await using way = await startProxy({ host: '127.0.0.1', port: Number(new URL(master.url).port) });
  way.set({ delayMs: replicaDelayMs });
  await using replica = await start('replica');
  const admin = connectRedis({ url: replica.url, use: 'blocking', commandTimeoutMs: 5_000, onError: log });
  await measure(what, master, async () => {
    await admin.replicaof('127.0.0.1', way.port);
    while (!(await admin.info('replication')).includes('master_link_status:up')) await delay(50);
    return {
      async happen() {
        // What is on its way is lost, as with the machine.
        master.pause();
        way.reset();
        await master.kill();
      },
      async recover() {
        await admin.replicaof('NO', 'ONE');
        await master.start();
        return replica.url;
      },
    };
  });
  admin.disconnect();
}

console.log('| Redis | rounds | answered 202 | of these lost |\n| --- | --- | --- | --- |');
try {
  await onDisk('`always`, power lost', 'always', true);
  await onDisk('`everysec`, `kill -9`', 'everysec', false);
  await onDisk('`everysec`, power lost', 'everysec', true);
  await withReplica(`\`always\`, machine lost, a replica ${replicaDelayMs} ms away promoted`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
