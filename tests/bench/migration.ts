/**
 * The system before and Rollcall side by side, on one MongoDB: bringing its registrations over, reading an event with its signups, signing up, and how far
 * the old system drifts under concurrent writers. Prints medians and ratios; fails when Rollcall is not sound afterwards.
 * `npm run bench:migration`, with `-- --quick` or `-- --registrations 200000` for less.
 */
import { join } from 'node:path';
import { collectionsOf, ensureSchema } from '@rollcall/store-mongo';
import { legacyWorld } from '../support/legacy/generate.ts';
import { insertLegacy } from '../support/legacy/insert.ts';
import { removeLeftovers } from './leftovers.ts';
import { backfilling } from './migration/backfilling.ts';
import { drifting } from './migration/drifting.ts';
import { readOptions } from './migration/options.ts';
import { reading } from './migration/reading.ts';
import { signingUp } from './migration/signing-up.ts';
import { startRollcall } from './sides/rollcall.ts';
import { Stage } from './stage.ts';

const benchDir = join(import.meta.dirname, '../../.data/bench');
const peoplePerEvent = 100;

/** @returns the exit code. */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  await removeLeftovers(benchDir);
  await using stage = new Stage(benchDir);
  await stage.open();
  let databases = 0;
  /** Beside Rollcall's own, on the same server. */
  const newDatabase = (): string => {
    databases += 1;
    return stage.extraDatabase(`legacy_${databases}`);
  };
  const newLegacyDb = () => stage.mongo.db(newDatabase());

  const total = options.registrations;
  const events = Math.max(10, Math.round(total / peoplePerEvent));
  const world = legacyWorld({ events, people: { kind: 'zipf', total } });
  const legacy = newLegacyDb();
  const startedAt = performance.now();
  const inserted = await insertLegacy(legacy, world);
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(
    `made ${inserted.registrations} registrations of ${inserted.events} legacy events in ${seconds.toFixed(0)} s`,
  );

  const newRollcallDb = async () => {
    const collections = collectionsOf(stage.mongo, newDatabase());
    await ensureSchema(collections.db);
    return collections;
  };
  const filled = await backfilling({
    mongodbUrl: stage.storeEnv()['MONGODB_URL'] ?? '',
    legacyDatabase: legacy.databaseName,
    folder: benchDir,
    rounds: options.rounds,
    newRollcallDb,
  });
  if (options.only === 'backfill') return 0;

  await reading(legacy, filled, world, options.rounds);
  await legacy.dropDatabase();
  await filled.db.dropDatabase();

  await using rollcall = await startRollcall(stage, 1);
  await signingUp({ ...options, stage, rollcall, newLegacyDb });
  const isSound = await drifting(stage, rollcall, newLegacyDb(), options.driftSeconds);
  return isSound ? 0 : 1;
}

process.exit(await main());
