import type { Command } from '@rollcall/domain';
import type { EventQueries, EventStore } from '@rollcall/engine';
import { createDice, createInMemoryEventQueries, createRig, tellStory, theEventId, type Rig } from '@rollcall/testkit';
import { describe, expect, inject, it } from 'vitest';
import { createEventQueries } from './event-queries.ts';
import { createEventStore } from './event-store.ts';
import { testDatabase } from './testing.ts';

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
const longAgo = () => 0;

/** The store in memory is what simulation believes in, so it must say what MongoDB says, whatever happens. */
describe('MongoDB and the store in memory', () => {
  it.each(seeds)('say the same after each turn of a random story (seed %d)', { timeout: 60_000 }, async (seed) => {
    const database = await testDatabase(inject('mongodbUrl'));
    const dice = createDice(seed);
    const [inMemory, inMongo] = [createRig(), createRig()];
    const store = createEventStore(database.collections);
    const workers = [
      inMemory.worker({ ports: { now: longAgo } }),
      inMongo.worker({ ports: { now: longAgo, store } }),
    ] as const;
    const own = createInMemoryEventQueries(inMemory.database);
    const queries = createEventQueries(database.collections, 10_000);
    const story = tellStory(seed, 0);
    for (let from = 0; from < story.length;) {
      const some = story.slice(from, (from += 1 + dice.below(15)));
      for (const rig of [inMemory, inMongo]) await send(rig, some);
      for (const worker of workers) await worker.work(theEventId);
      expect(await said(store, queries)).toEqual(await said(inMemory.database, own));
    }
    await database.drop();
  });
});

async function send(rig: Rig, commands: readonly Command[]): Promise<void> {
  for (const command of commands) {
    rig.clock.now = command.acceptedAt;
    await rig.send(command);
  }
}

/** All that either side has to say of the event. Commit ids are made up anew on each. */
async function said(store: EventStore, queries: EventQueries): Promise<unknown> {
  const event = await store.loadEvent(theEventId);
  if (event === undefined) return undefined;
  const roleIds = [...event.current.roles.keys()];
  const { items: participants } = await queries.listParticipants({ eventId: theEventId }, undefined, 1_000);
  const lines = await Promise.all(roleIds.map((roleId) => queries.readLine(theEventId, roleId)));
  return {
    version: event.version,
    current: event.current,
    counts: await store.countRegistrations(theEventId, roleIds),
    journal: await queries.listJournal(theEventId, 0, 1_000),
    participants,
    sequences: lines.map((line) => line?.sequences),
    overdue: (await store.findOverdue(Date.UTC(2100, 0, 1), 100)).offers.map(({ registrationId }) => registrationId),
  };
}
