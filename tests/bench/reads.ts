/**
 * Reading participants and places in line: 1,000,000 registrations as CSV, and people who poll their place in a line of
 * 50,000, while others leave it. Prints times, memory and what MongoDB looked at. `npm run bench:reads`
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventId, RegistrationId, RoleId, UserId } from '@rollcall/domain';
import { collectionsOf, type Collections } from '@rollcall/store-mongo';
import { SignJWT } from 'jose';
import { peakRssBytesOf, rssBytesOf } from './measure.ts';
import { removeLeftovers } from './leftovers.ts';
import { startRollcall, type RollcallContender } from './sides/rollcall.ts';
import { Stage } from './stage.ts';
import { latencyOf } from './stats.ts';

const [confirmedCount, waitingCount, fewCount] = [1_000_000, 50_000, 10];
const pollSeconds = 10;
const pollers = 64;
/** Somebody leaves the line so often, in ms. */
const leaveEveryMs = 20;

const benchDir = join(import.meta.dirname, '../../.data/bench');
const megabytes = (bytes: number | undefined) => `${Math.round((bytes ?? Number.NaN) / 2 ** 20)} MiB`;
const waitingId = (n: number) => `rw${String(n).padStart(21, '0')}` as RegistrationId;

interface Filled {
  readonly eventId: EventId;
  readonly roleId: RoleId;
}

async function fill({ registrations }: Collections, { eventId, roleId }: Filled, seats: number, waiting: number) {
  const document = (n: number) => {
    const isSeat = n < seats;
    const userId = `user-${n}` as UserId;
    return {
      _id: isSeat ? (`rc${eventId.slice(1, 4)}${String(n).padStart(18, '0')}` as RegistrationId) : waitingId(n - seats),
      eventId,
      roleId,
      userId,
      registeredBy: userId,
      status: isSeat ? ('confirmed' as const) : ('waitlist' as const),
      sequence: 10 + n,
      registrationDate: new Date(),
      profile: { displayName: `User ${n}`, email: `user-${n}@example.org` },
    };
  };
  for (let start = 0; start < seats + waiting; start += 10_000) {
    const length = Math.min(10_000, seats + waiting - start);
    await registrations.insertMany(
      Array.from({ length }, (_, index) => document(start + index)),
      { ordered: false },
    );
  }
}

type Headers = Readonly<Record<string, string>>;

async function staffHeaders({ tokens }: Stage): Promise<Headers> {
  const token = await new SignJWT({ grants: ['organizer'], org: ['bench-organizer'] })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('staff')
    .setIssuer(tokens.issuer)
    .setAudience(tokens.audience)
    .setExpirationTime('6h')
    .sign(new TextEncoder().encode(tokens.secret));
  return { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
}

async function csv(api: RollcallContender['api'], url: string, headers: Headers): Promise<void> {
  const before = rssBytesOf(api.pid);
  const startedAt = performance.now();
  const response = await fetch(`${url}/registrations.csv`, { headers });
  if (response.body === null || response.status !== 200) throw new Error(`no CSV: ${response.status}`);
  let rows = -1;
  let peak = 0;
  for await (const piece of response.body) {
    for (const byte of piece) if (byte === 10) rows += 1;
    peak = Math.max(peak, rssBytesOf(api.pid) ?? 0);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const rate = Math.round(rows / seconds).toLocaleString('en');
  console.log(
    `CSV of ${rows.toLocaleString('en')} rows: ${seconds.toFixed(2)} s, ${rate} rows/s; API ${megabytes(before)} before, at most ${megabytes(peak)} meanwhile`,
  );
}

async function examined(stage: Stage): Promise<number> {
  const status = await stage.mongo.db('admin').command({ serverStatus: 1 });
  const { queryExecutor } = status['metrics'] as {
    readonly queryExecutor: { readonly scanned: unknown; readonly scannedObjects: unknown };
  };
  // Counters of 64 bits come as objects, once they are large.
  return Number(queryExecutor.scanned) + Number(queryExecutor.scannedObjects);
}

async function polls(stage: Stage, url: string, headers: Headers, leaving: boolean): Promise<void> {
  const [before, times] = [await examined(stage), [] as number[]];
  const until = performance.now() + pollSeconds * 1_000;
  let left = 1;
  const leave = async () => {
    while (performance.now() < until) {
      // From the front, so that everybody moves up.
      await fetch(`${url}/registrations/${waitingId(left)}/cancel`, { method: 'POST', headers, body: '{}' });
      left += 1;
      await delay(leaveEveryMs);
    }
  };
  const poll = async (poller: number) => {
    for (let n = poller; performance.now() < until; n += pollers) {
      const id = waitingId(waitingCount / 2 + (n % (waitingCount / 2)));
      const startedAt = performance.now();
      const response = await fetch(`${url}/registrations/${id}`, { headers });
      const { waitlistPosition } = (await response.json()) as { waitlistPosition?: number };
      if (waitlistPosition === undefined) throw new Error(`${id} was told no place: ${response.status}`);
      times.push(performance.now() - startedAt);
    }
  };
  await Promise.all([...(leaving ? [leave()] : []), ...Array.from({ length: pollers }, (_, n) => poll(n))]);
  const { p50, p99 } = latencyOf(times);
  const perPoll = ((await examined(stage)) - before) / times.length;
  console.log(
    `${leaving ? `polls while ${left - 1} leave` : 'polls'} of a line of ${waitingCount.toLocaleString('en')}: ${Math.round(times.length / pollSeconds).toLocaleString('en')}/s, ` +
      `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; MongoDB looked at ${perPoll.toFixed(1)} keys and documents per poll`,
  );
}

async function main(): Promise<void> {
  await removeLeftovers(benchDir);
  await using stage = new Stage(benchDir);
  await stage.open();
  const collections = collectionsOf(stage.mongo, stage.database);
  const targets = [];
  {
    // A worker that never saw them counts the registrations that are put in behind its back.
    await using first = await startRollcall(stage, 1);
    for (const seats of [fewCount, confirmedCount]) {
      const { eventId, body } = await first.newEvent(seats);
      targets.push({ eventId, roleId: (JSON.parse(body) as { roleId: RoleId }).roleId });
    }
  }
  const [few, many] = targets;
  if (few === undefined || many === undefined) throw new Error('the events are missing');
  await fill(collections, few, fewCount, 0);
  await fill(collections, many, confirmedCount, waitingCount);
  await using rollcall = await startRollcall(stage, 1);
  const headers = await staffHeaders(stage);
  const urlOf = ({ eventId, origin }: { eventId: EventId; origin: string }) => `${origin}/v1/events/${eventId}`;
  const { origin } = await rollcall.newEvent(1);
  for (const event of [few, many, few, many]) await csv(rollcall.api, urlOf({ ...event, origin }), headers);
  for (const query of ['limit=100', 'limit=100&status=waitlist']) {
    const startedAt = performance.now();
    await (await fetch(`${urlOf({ ...many, origin })}/registrations?${query}`, { headers })).arrayBuffer();
    console.log(`a page, ${query}: ${(performance.now() - startedAt).toFixed(1)} ms`);
  }
  // The worker counts the event when it takes it over, once.
  const first = `${urlOf({ ...many, origin })}/registrations/${waitingId(0)}/cancel`;
  await fetch(first, { method: 'POST', headers: { ...headers, prefer: 'wait=30' }, body: '{}' });
  for (const leaving of [false, true]) await polls(stage, urlOf({ ...many, origin }), headers, leaving);
  console.log(`API at most ${megabytes(peakRssBytesOf(rollcall.api.pid))}`);
}

await main();
process.exit(0);
