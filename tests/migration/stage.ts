import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type RollcallClient } from '@rollcall/client';
import { BSON, type Db, type Document } from 'mongodb';
import { runCli, startCli, type Ran } from '../support/cli.ts';
import { insertLegacy } from '../support/legacy/insert.ts';
import type { LegacyWorld } from '../support/legacy/generate.ts';
import { heldByRollcall, oracle, type Held, type Raw, type Said } from '../support/legacy/oracle.ts';
import { startOnSharedServers, type Rollcall } from '../support/rollcall.ts';

type Line = Readonly<Record<string, unknown>>;

/** What a step of the migration said. */
export interface Migrated extends Ran {
  readonly lines: readonly Line[];
  /** The last line; of one that was killed there is none. */
  readonly summary: Line | undefined;
  /** Its lines about single events. */
  readonly events: readonly Line[];
}

export interface MigrationStage {
  readonly rollcall: Rollcall;
  readonly legacy: Db;
  /** For backups and reports. */
  readonly folder: string;
  migrate(...args: readonly string[]): Promise<Migrated>;
  /** Dies at that point, as by `kill -9`. */
  migrateUntil(point: string, ...args: readonly string[]): Promise<Migrated>;
  start(...args: readonly string[]): ReturnType<typeof startCli>;
  /** What `rollcall verify` ends with. */
  verify(): Promise<number | null>;
  client(subject: string, claims?: Readonly<Record<string, unknown>>): Promise<RollcallClient>;
  stop(): Promise<void>;
}

/** A Rollcall of real processes beside an old system's database on the same servers. */
export async function startMigrationStage(world: LegacyWorld): Promise<MigrationStage> {
  const rollcall = await startOnSharedServers({ apis: 1, workers: 1 });
  const legacy = rollcall.collections.client.db(`legacy${randomBytes(6).toString('hex')}`);
  await insertLegacy(legacy, world);
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-migration-'));
  const mapping = join(folder, 'mapping.json');
  await writeFile(mapping, JSON.stringify({ database: legacy.databaseName }));
  const start = (env: Readonly<Record<string, string>>, args: readonly string[]) =>
    startCli({ ...rollcall.env, ...env }, ['migrate', ...args, '--mapping', mapping, '--json']);
  return {
    rollcall,
    legacy,
    folder,
    migrate: async (...args) => migrated(await start({}, args).ended),
    migrateUntil: async (point, ...args) => migrated(await start({ CRASH_AT: point }, args).ended),
    start: (...args) => start({}, args),
    verify: async () => (await runCli(rollcall, 'verify')).exitCode,
    async client(subject, claims) {
      const token = await rollcall.token(subject, claims);
      const [url = ''] = rollcall.urls;
      return createClient({ url, token });
    },
    async stop() {
      await legacy.dropDatabase();
      await rollcall.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function migrated(ran: Ran): Migrated {
  // The last line of one that was killed may be half of one.
  const whole = ran.stdout.split('\n').slice(0, -1);
  const lines = whole.map((line) => JSON.parse(line) as Line);
  const summary = lines.find(({ type }) => type === 'summary');
  return { ...ran, lines, summary, events: lines.filter(({ type }) => type === 'event') };
}

/** Each document of the old collections to the byte (as its hash, so that a failing test can be read), by collection and id. */
export async function bytesOf(legacy: Db): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of ['events', 'registrations', 'users']) {
    const documents = legacy.collection(name).find({}, { raw: true });
    for await (const raw of documents as unknown as AsyncIterable<Uint8Array>) {
      const { _id } = BSON.deserialize(raw) as { readonly _id: unknown };
      found.set(`${name} ${String(_id)}`, createHash('sha256').update(raw).digest('base64url'));
    }
  }
  return found;
}

/** All that is stored on both sides, and what the old collections refuse. */
export async function bothSides({ rollcall, legacy }: MigrationStage): Promise<unknown> {
  const rollcallSide: Record<string, unknown> = {};
  for (const name of ['events', 'registrations', 'journal', 'migration']) {
    rollcallSide[name] = await rollcall.collections.db.collection(name).find().sort({ _id: 1 }).toArray();
  }
  const collections = await legacy.listCollections({}, { nameOnly: false }).toArray();
  const validators = collections.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { rollcallSide, legacySide: await bytesOf(legacy), validators };
}

/** What both sides say of one event. */
export interface Event {
  readonly legacyId: string;
  /** By the oracle. */
  readonly said: Said;
  /** Undefined where Rollcall has no such event. */
  readonly held: Held | undefined;
  readonly eventId: string | undefined;
  readonly status: unknown;
}

/** @param deleted registration documents that the oracle is to count as if they were there */
export async function eventsOf(
  { rollcall, legacy }: MigrationStage,
  deleted: readonly Document[] = [],
): Promise<readonly Event[]> {
  const { collections } = rollcall;
  const ours = await collections.events.find({ legacyId: { $exists: true } } as Raw).toArray();
  const registrations = await collections.registrations.find().toArray();
  const [byEvent, legacyByEvent] = [
    Map.groupBy(registrations, ({ eventId }) => String(eventId)),
    Map.groupBy([...(await legacy.collection('registrations').find().toArray()), ...deleted], ({ eventId }) =>
      String(eventId),
    ),
  ];
  const byLegacyId = new Map(ours.map((event) => [String((event as unknown as Raw)['legacyId']), event]));
  const legacyEvents = await legacy.collection('events').find().sort({ _id: 1 }).toArray();
  return legacyEvents.map((legacyEvent): Event => {
    const legacyId = String(legacyEvent._id);
    const event = byLegacyId.get(legacyId) as unknown as Raw | undefined;
    const eventId = event === undefined ? undefined : String(event['_id']);
    const mine = (byEvent.get(eventId ?? '') ?? []) as unknown as readonly Raw[];
    return {
      legacyId,
      eventId,
      status: event?.['status'],
      said: numbered(oracle(legacyEvent, legacyByEvent.get(legacyId) ?? [])),
      held: event === undefined ? undefined : heldByRollcall(event, mine, legacyEvent),
    };
  });
}

/** In Rollcall no two roles of an event have one name. */
function numbered(said: Said): Said {
  if (said.stops !== undefined) return said;
  const names = said.roles.map(({ name }) => name);
  return {
    ...said,
    roles: said.roles.map((role, place) =>
      names.indexOf(role.name) === place ? role : { ...role, name: `${role.name} (2)` },
    ),
  };
}

/** As it is once Rollcall leads: who waits beside a free seat has got it. */
export function opened(held: Held): Held {
  const promoted = new Set<string>();
  const lines: Record<string, readonly string[]> = {};
  for (const { roleId, capacity } of held.roles) {
    const taken = held.rows.filter((row) => row.roleId === roleId && row.status === 'confirmed').length;
    const line = held.lines[roleId] ?? [];
    const free = Math.max(0, capacity - taken);
    for (const userId of line.slice(0, free)) promoted.add(`${roleId} ${userId}`);
    lines[roleId] = line.slice(free);
  }
  const rows = held.rows
    .map((row) => (promoted.has(`${row.roleId} ${row.userId}`) ? ({ ...row, status: 'confirmed' } as const) : row))
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return { ...held, rows, lines, signedUp: held.signedUp + promoted.size };
}

const keyOf = ({ roleId, userId, status }: Held['rows'][number]): string => `${roleId} ${userId} ${status}`;
