import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createRecords, type JournalRecord } from './records.ts';
import { hot, perRole, registrationIdOf, rolesOfHot, seed } from './testing-hot-event.ts';
import { testDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject('mongodbUrl'));
  await seed(database.collections);
});
afterAll(() => database.drop());

async function all<T>(batches: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const batch of batches) found.push(...batch);
  return found;
}

const versions = (records: readonly JournalRecord[]) => records.map(({ entry }) => entry.version);
const registrationsOfHot = rolesOfHot * (perRole.confirmed + perRole.waitlist + perRole.cancelled);

describe('what is stored of an event', () => {
  it('is read in order, from one version to another', async () => {
    const records = createRecords(database.collections);
    expect(versions(await all(records.journal(hot, { after: 1_500, upTo: 1_503 })))).toEqual([1_501, 1_502, 1_503]);
    expect(await all(records.journal(hot, { after: 2_000 }))).toEqual([]);
    expect(versions(await all(records.journal(hot, { after: 0 })))).toEqual(
      Array.from({ length: 2_000 }, (_, n) => n + 1),
    );
  });

  it('may be left in the middle', async () => {
    let seen = 0;
    for await (const batch of createRecords(database.collections).journal(hot, { after: 0 })) {
      seen += batch.length;
      break;
    }
    expect(seen).toBeGreaterThan(0);
  });

  it('is of one moment, whatever is written meanwhile', async () => {
    const { journal, registrations, events } = database.collections;
    const records = createRecords(database.collections);
    const told = await records.atOneMoment(hot, async (moment) => {
      await journal.insertOne({ ...(await someDecision()), version: 2_001, commandId: 'cnew' as never });
      await registrations.deleteOne({ _id: registrationIdOf(0) });
      await events.updateOne({ _id: hot }, { $set: { title: 'Another one' } });
      return {
        title: moment.event?.settings.title,
        last: versions(await all(moment.journal({ after: 1_999 }))),
        registrations: (await all(moment.registrations())).length,
      };
    });
    expect(told).toEqual({ title: 'Event 0', last: [2_000], registrations: registrationsOfHot });
    expect(versions(await all(records.journal(hot, { after: 1_999 })))).toEqual([2_000, 2_001]);
  });

  it('shows what stands where it should not', async () => {
    const { registrations } = database.collections;
    const offer = { expiresAt: new Date(0) };
    await registrations.updateOne(
      { _id: registrationIdOf(1) },
      { $set: { offer } },
      { bypassDocumentValidation: true },
    );
    const found = await createRecords(database.collections).atOneMoment(hot, (moment) => all(moment.registrations()));
    expect(found.find(({ registrationId }) => registrationId === registrationIdOf(1))).toMatchObject({
      status: 'confirmed',
      misplaced: ['offer'],
    });
  });
});

async function someDecision() {
  const decision = await database.collections.journal.findOne({ version: 1 }, { projection: { _id: 0 } });
  if (decision === null) throw new Error('the journal is empty');
  return decision;
}
