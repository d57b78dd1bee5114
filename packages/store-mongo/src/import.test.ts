import { eventIdFor, type Command, type EventId } from '@rollcall/domain';
import { createImporter, type ImportOrder } from '@rollcall/engine';
import {
  aCommitId,
  aRole,
  createRig,
  finishImport,
  importAgain,
  importEvent,
  importRegistration,
  newCommandId,
  resumeImport,
  tellImportStory,
  theEventId,
} from '@rollcall/testkit';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createEventStore } from './event-store.ts';
import { createRecords } from './records.ts';
import { testDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject('mongodbUrl'));
});
afterAll(() => database.drop());

/** Of new registrations with their ids. */
const ordersOf = (commands: readonly Command[]): readonly ImportOrder[] =>
  commands
    .filter(
      (command) =>
        command.type === 'ImportEvent' ||
        command.type === 'ImportRegistration' ||
        command.type === 'FinishImport' ||
        command.type === 'ResumeImport',
    )
    .map(({ eventId: _event, acceptedAt: _at, commandId, ...body }) =>
      body.type === 'ImportRegistration' && body.registrationId === undefined ? { ...body, commandId } : body,
    );

const importer = () =>
  createImporter({
    ...createRig().ports(),
    store: createEventStore(database.collections),
    newCommitId: () => aCommitId(newCommandId()),
  });

const versionOf = async (eventId: EventId) =>
  (await createEventStore(database.collections).loadEvent(eventId))?.version ?? 0;

async function apply(eventId: EventId, commands: readonly Command[]) {
  const outcome = await importer().apply(eventId, await versionOf(eventId), ordersOf(commands));
  if (outcome.kind === 'moved') throw new Error('somebody else came between');
  return outcome;
}

it('writes in MongoDB what it writes in memory, whatever is imported', { timeout: 60_000 }, async () => {
  for (let seed = 1; seed <= 15; seed += 1) {
    const orders = ordersOf(tellImportStory(seed));
    const eventId = eventIdFor(newCommandId());
    const rig = createRig();
    const inMemory = createImporter(rig.ports());
    for (const [from, to] of [
      [0, 20],
      [20, orders.length],
    ]) {
      const some = orders.slice(from, to);
      const inRig = (await rig.database.loadEvent(theEventId))?.version ?? 0;
      expect(await importer().apply(eventId, await versionOf(eventId), some)).toEqual(
        await inMemory.apply(theEventId, inRig, some),
      );
    }
    const ids = rig.database.registrations(theEventId).map(({ registrationId }) => registrationId);
    const stored = await createEventStore(database.collections).findRegistrations(eventId, [], ids);
    const byId = (a: { registrationId: string }, b: { registrationId: string }) =>
      a.registrationId < b.registrationId ? -1 : 1;
    expect(stored.toSorted(byId)).toEqual(rig.database.registrations(theEventId).toSorted(byId));
    const read = await createRecords(database.collections).atOneMoment(eventId, async (moment) => {
      const found = [];
      for await (const batch of moment.registrations()) found.push(...batch);
      return { found, event: moment.event };
    });
    expect(read.found.toSorted(byId)).toEqual(stored.toSorted(byId));
    const current = rig.database.documents().get(theEventId)?.current;
    expect(read.event).toEqual(current && { ...current, roles: [...current.roles.values()].map(({ role }) => role) });
  }
});

it('goes through batches, an obligation and the way back', { timeout: 60_000 }, async () => {
  const eventId = eventIdFor(newCommandId());
  const people = Array.from({ length: 1_050 }, (_, n) => importRegistration(`user-${n}`, { status: 'waitlist' }));
  const all = [importEvent({ roles: [aRole('volunteers', { capacity: null })] }), ...people, finishImport()];
  expect(await apply(eventId, all)).toMatchObject({ version: 1_054 });
  const { registrations } = database.collections;
  expect(await registrations.countDocuments({ eventId, status: 'confirmed' })).toBe(1_050);
  // Again: the registrations are known by their ids, and nothing is imported into an event that Rollcall leads.
  const again = await apply(eventId, all.slice(1));
  expect(again.decisions.filter(({ outcome }) => outcome === 'rejected')).toEqual([
    { outcome: 'rejected', rejection: { reason: 'not-importing' } },
  ]);
  const back = [resumeImport(), ...people.slice(0, 600).map((one) => importAgain(one, { status: 'cancelled' }))];
  await apply(eventId, back);
  expect(await registrations.countDocuments({ eventId, cancelCause: 'imported' })).toBe(600);
});
