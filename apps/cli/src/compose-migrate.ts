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
}

const serverSelectionMs = 10_000;
/** The server may need a while for the first batch of a large event, or to freeze a busy collection. */
const socketMs = 120_000;

/** Both worlds. Rollcall's database is brought to the schema of this version. */
export async function openMigration(environment: Environment, mapping: Mapping): Promise<Migration> {
  const reach = createCrashPoints(migrationPoints, environment.crashAt());
  const database = openDatabase(environment);
  const { collections } = database;
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
  try {
    await ensureSchema(collections.db);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    legacy: createLegacyStore(client, legacyNamesOf(mapping), { taken: takenBy(environment) }),
    rollcall: rollcallSide(database, reach),
    state: createMigrationState(collections),
    reach,
    database,
    objectIdOf,
    [Symbol.asyncDispose]: close,
  };
}

/** Where the old system's collections must not be. */
function takenBy(environment: Environment): readonly string[] {
  const { url, database } = environment.mongodb();
  // Of two servers, nothing is in the other's way.
  if (url !== environment.legacy().url) return [];
  return collectionNames.map((name) => `${database}.${name}`);
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
    existing: held.existing,
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
