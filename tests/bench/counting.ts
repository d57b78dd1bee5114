/**
 * What counting costs: `countDocuments` and the count per role on the covering index, against reading the event's version,
 * which is all that a batch needs when the counts are in memory. Prints medians in ms. `npm run bench:counting`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommitId, EventId, OrganizerId, RegistrationId, RoleId, UserId } from '@rollcall/domain';
import { startMongo } from '@rollcall/infra';
import {
  collectionsOf,
  createEventStore,
  createMongoClient,
  ensureSchema,
  type Collections,
} from '@rollcall/store-mongo';

const sizes = [1_000, 10_000, 100_000, 500_000];
const repetitions = 9;
const roleId = 'role' as RoleId;
const eventIdOf = (size: number) => `e${String(size).padStart(22, '0')}` as EventId;

async function fill({ events, registrations }: Collections, size: number): Promise<void> {
  const eventId = eventIdOf(size);
  await events.insertOne({
    _id: eventId,
    version: size,
    commitId: 'commit' as CommitId,
    status: 'open',
    organizerId: 'org' as OrganizerId,
    title: `${size} registrations`,
    startsAt: new Date(),
    endsAt: new Date(),
    timeZone: 'UTC',
    registrationsPerUserMax: 1,
    usersMayMove: false,
    roles: [{ roleId, name: 'role', capacity: size, waitlist: 'auto', offerMs: 1 }],
    pools: [],
  });
  for (let start = 0; start < size; start += 10_000) {
    const count = Math.min(10_000, size - start);
    await registrations.insertMany(
      Array.from({ length: count }, (_, index) => {
        const n = start + index;
        const userId = `user-${n}` as UserId;
        return {
          _id: `r${size}-${n}` as RegistrationId,
          eventId,
          userId,
          roleId,
          status: 'confirmed' as const,
          sequence: n,
          registrationDate: new Date(),
          registeredBy: userId,
        };
      }),
      { ordered: false },
    );
  }
}

async function medianMs(run: () => Promise<unknown>): Promise<string> {
  const times: number[] = [];
  for (let n = 0; n < repetitions; n += 1) {
    const startedAt = performance.now();
    await run();
    times.push(performance.now() - startedAt);
  }
  return (times.toSorted((a, b) => a - b)[Math.floor(repetitions / 2)] ?? 0).toFixed(2);
}

const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-counting-'));
const server = await startMongo({ dataDir, owned: true, log: () => undefined });
const client = createMongoClient({ url: server.url, appName: 'bench', serverSelectionMs: 5_000, socketMs: 120_000 });
try {
  const collections = collectionsOf(client, 'counting');
  const store = createEventStore(collections);
  await ensureSchema(collections.db);
  console.log('registrations | countDocuments of a role | count per role | event version');
  for (const size of sizes) {
    await fill(collections, size);
    const eventId = eventIdOf(size);
    const counted = await medianMs(() =>
      collections.registrations.countDocuments({ eventId, roleId, status: 'confirmed' }),
    );
    const perRole = await medianMs(() => store.countRegistrations(eventId, [roleId]));
    const version = await medianMs(() => store.loadEvent(eventId));
    console.log(`${size} | ${counted} ms | ${perRole} ms | ${version} ms`);
  }
} finally {
  await client.close();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
