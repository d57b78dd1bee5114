import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { createMongoClient } from '@rollcall/store-mongo';
import type { ManagedServer } from '@rollcall/infra';
import type { ObjectId } from 'mongodb';
import type { Arena } from '../arena.ts';
import type { Scenario } from '../scenario.ts';

/** So long the primary is alone, in ms: less than an election timeout, after which it gives up its place. */
const aloneMs = 1_500;
const writeEveryMs = 50;
const rolledBackMsMax = 60_000;
const collection = 'aside';

/** How many of those writes a member has, by itself. */
async function writesAt({ url }: ManagedServer, database: string, ids: readonly ObjectId[]): Promise<number> {
  const client = createMongoClient({ url, appName: 'chaos', serverSelectionMs: 2_000, socketMs: 5_000 });
  try {
    const aside = client.db(database).collection(collection);
    return await aside.countDocuments({ _id: { $in: [...ids] } }, { readConcern: { level: 'local' } });
  } finally {
    await client.close();
  }
}

async function harm({ mongoSet, rollcall: { collections } }: Arena): Promise<string> {
  const alone = await mongoSet?.primary();
  assert.ok(mongoSet && alone);
  const others = mongoSet.members.filter((member) => member !== alone);
  await Promise.all(others.map((member) => member.kill()));
  // Beside what people do: writes that are content with one member, to see that there are such.
  const acknowledged: ObjectId[] = [];
  const aside = collections.db.collection(collection, { writeConcern: { w: 1 } });
  for (let ms = 0; ms < aloneMs; ms += writeEveryMs) {
    void aside.insertOne({}).then(
      ({ insertedId }) => acknowledged.push(insertedId),
      () => undefined,
    );
    await delay(writeEveryMs);
  }
  await alone.kill();
  // Those that are acknowledged later were sent again, to the next primary.
  const told = [...acknowledged];
  assert.ok(told.length > 0, 'it took nothing');
  await Promise.all(others.map((member) => member.start()));
  const elected = await mongoSet.primary();
  assert.notEqual(elected, alone);
  await alone.start();
  for (const until = Date.now() + rolledBackMsMax; ; await delay(200)) {
    const left = await writesAt(alone, collections.db.databaseName, told).catch(() => undefined);
    if (left === 0) return `${told.length} writes beside were rolled back`;
    assert.ok(Date.now() < until, `of ${told.length} writes ${left ?? 'nobody knows how many'} were not rolled back`);
  }
}

export const minority: Scenario = { name: 'the primary takes writes that no majority has, and dies', members: 3, harm };
