import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommitId, EventId } from '@rollcall/domain';
import { createImporter, type EventChanges } from '@rollcall/engine';
import { createLegacyStore, objectIdOf } from '@rollcall/legacy-mongo';
import {
  legacyNamesOf,
  migrationPoints,
  type LegacyId,
  type LegacyStore,
  type Mapping,
  type MigrationPoint,
  type MigrationState,
  type RollcallSide,
} from '@rollcall/migration';
import { createCrashPoints, type Reach } from '@rollcall/runtime';
import {
  collectionNames,
  createEventChanges,
  createEventStore,
  createHeldEvents,
  createMigrationState,
  createMongoClient,
  ensureSchema,
  migrationAppName,
} from '@rollcall/store-mongo';
import { openDatabase, type Database } from './compose.ts';
import type { Environment } from './environment.ts';

export interface Migration extends AsyncDisposable {
  readonly legacy: LegacyStore;
  readonly rollcall: RollcallSide;
  readonly state: MigrationState;
  readonly reach: Reach<MigrationPoint>;
  readonly database: Database;
  readonly objectIdOf: (hex: string) => unknown;
  /** Brings Rollcall's database to the schema of this version. */
  prepare(): Promise<void>;
}

const serverSelectionMs = 10_000;
/** The server may need a while for the first batch of a large event, or to freeze a busy collection. */
const socketMs = 120_000;

/** Both worlds. */
export async function openMigration(environment: Environment, mapping: Mapping): Promise<Migration> {
  const reach = createCrashPoints(migrationPoints, environment.crashAt());
  const database = openDatabase(environment, migrationAppName);
  const client = createMongoClient({
    url: environment.legacy().url,
    appName: 'rollcall-migrate',
    serverSelectionMs,
    socketMs,
  });
  const close = async () => {
    await client.close();
    await database[Symbol.asyncDispose]();
  };
  let taken: readonly string[];
  try {
    taken = await takenIn(client, database, environment);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    legacy: createLegacyStore(client, legacyNamesOf(mapping), { taken }),
    rollcall: rollcallSide(database, reach),
    state: createMigrationState(database.collections),
    reach,
    database,
    objectIdOf,
    async prepare() {
      await ensureSchema(database.collections.db);
    },
    [Symbol.asyncDispose]: close,
  };
}

/** Where the old system's collections must not be. Of two servers, nothing is in the other's way. */
async function takenIn(
  client: ReturnType<typeof createMongoClient>,
  { collections }: Database,
  environment: Environment,
): Promise<readonly string[]> {
  const { url, database } = environment.mongodb();
  const isSame = url === environment.legacy().url || (await shareServers(client, collections.client));
  return isSame ? collectionNames.map((name) => `${database}.${name}`) : [];
}

/** One server has several URLs; its replica set calls each of its members by one name. */
async function shareServers(...clients: readonly ReturnType<typeof createMongoClient>[]): Promise<boolean> {
  const [one, other] = await Promise.all(
    clients.map(async (client) => {
      const { setName, hosts = [] } = await client.db('admin').command({ hello: 1 });
      return (hosts as readonly string[]).map((host) => `${String(setName)}/${host}`);
    }),
  );
  return one?.some((host) => other?.includes(host) === true) === true;
}

const observer = {
  batchCommitted: () => undefined,
  commitRefused: () => undefined,
  abandonedCommitsEnded: () => undefined,
  lockBusy: () => undefined,
  warned: () => undefined,
};

function rollcallSide({ collections }: Database, reach: Reach<MigrationPoint>): RollcallSide {
  const held = createHeldEvents(collections);
  const importer = createImporter({
    store: createEventStore(collections),
    observer,
    now: Date.now,
    elapsed: () => performance.now(),
    newCommitId: () => randomBytes(16).toString('base64url') as CommitId,
    backOff: async (failures) => {
      await delay(Math.random() * Math.min(1_000, 10 * 2 ** failures));
    },
    reach,
  });
  const legacyIdsOf = async (eventIds: readonly EventId[]): Promise<readonly LegacyId[]> => {
    const found = collections.events.find({ _id: { $in: [...eventIds] }, legacyId: { $exists: true } });
    const documents = await found.project<{ readonly legacyId: LegacyId }>({ legacyId: 1 }).toArray();
    return documents.map(({ legacyId }) => legacyId);
  };
  return {
    heads: held.heads,
    readHeld: held.readHeld,
    async apply(eventId, version, commands) {
      const orders = commands.map(({ commandId, body }) => (commandId === undefined ? body : { ...body, commandId }));
      const outcome = await importer.apply(eventId, version, orders);
      // Where there was none and one is in the way, somebody may have been killed while they took it out.
      if (outcome.kind === 'moved' && version === 0) await held.removeRest(eventId);
      if (outcome.kind === 'moved') return outcome;
      const refused = outcome.decisions.find((decision) => decision.outcome === 'rejected');
      if (refused !== undefined) return { kind: 'refused', reason: JSON.stringify(refused.rejection) };
      return { kind: 'applied', version: outcome.version };
    },
    eventsOf: async (registrations) => legacyIdsOf([...(await held.eventsOfLegacyRegistrations(registrations))]),
    removeImported: async (eventId) => (await held.removeImported(eventId)) !== 'refused',
    async changedEvents(signal) {
      const changes = createEventChanges(collections);
      return legacyIdsOfChanges(changes.follow(await changes.now(), signal), legacyIdsOf);
    },
  };
}

async function* legacyIdsOfChanges(
  steps: ReturnType<EventChanges['follow']>,
  legacyIdsOf: (eventIds: readonly EventId[]) => Promise<readonly LegacyId[]>,
): AsyncGenerator<readonly LegacyId[]> {
  for await (const { change } of steps) {
    if (change === undefined) continue;
    const legacyIds = await legacyIdsOf([change.eventId]);
    if (legacyIds.length > 0) yield legacyIds;
  }
}
