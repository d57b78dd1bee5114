import type { UserId } from '@rollcall/domain';
import type { EventQueries, EventStore, ParticipantsQuery, StandingQuery, StoreTraces } from '@rollcall/engine';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { encodeCursor } from './cursor.ts';
import { createEventQueries } from './event-queries.ts';
import { createEventStore } from './event-store.ts';
import { explainQueries } from './testing-explain.ts';
import {
  activePerRole,
  allPerRole,
  commandIdOf,
  decisionsOfHot,
  eventIdOf,
  firstOffer,
  hot,
  offers,
  organizerId,
  perRole,
  registrationIdOf,
  roleA,
  roleB,
  rolesOfHot,
  seed,
} from './testing-hot-event.ts';
import { namesItsEvents } from './testing-sharding.ts';
import { createStoreTraces } from './traces.ts';
import { testDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
let queries: EventQueries;
let store: EventStore;
let traces: StoreTraces;

beforeAll(async () => {
  database = await testDatabase(inject('mongodbUrl'));
  queries = createEventQueries(database.collections, 5_000);
  store = createEventStore(database.collections);
  traces = createStoreTraces(database.collections);
  await seed(database.collections);
}, 60_000);
afterAll(() => database.drop());

const users = Array.from({ length: 100 }, (_, n) => `u${n + 1}` as UserId);
const firstWaiting = perRole.confirmed;
/** A key at the end of each stretch of an index. */
const seek = 2;
const countedPerRole = activePerRole + offers + 2 * seek;

const standing = (which: StandingQuery['standing'], from: StandingQuery['from']) => () =>
  store.findStanding({ eventId: hot, roleId: roleA, standing: which, from, countMax: 10 });

/** In the middle of those who are confirmed for the first role. */
const cursor = encodeCursor([roleA, 'confirmed', 300]);
const participants = (filter: Omit<ParticipantsQuery, 'eventId'>, from?: string) => () =>
  queries.listParticipants({ eventId: hot, ...filter }, from, 10);
const stream = (filter: Omit<ParticipantsQuery, 'eventId'>) => async () => {
  let count = 0;
  for await (const _view of queries.streamParticipants({ eventId: hot, ...filter })) count += 1;
  return count;
};

const streamJournal = async () => {
  let count = 0;
  for await (const _entry of queries.streamJournal(hot, 1_500)) count += 1;
  return count;
};

/** Each query, and the keys that it may look at: those of its answer, and a seek here and there. */
const explainCases: readonly [name: string, run: () => Promise<unknown>, keysMax: number][] = [
  ['findEvent', () => queries.findEvent(hot), 1],
  ['listEvents', () => queries.listEvents({ draftsOf: [], limit: 3 }), 4 + 3 * seek],
  ['listEvents from', () => queries.listEvents({ draftsOf: [], from: Date.UTC(2030, 0, 3), limit: 3 }), 4 + 3 * seek],
  ['listEvents drafts', () => queries.listEvents({ status: 'draft', draftsOf: [organizerId], limit: 3 }), 1 + seek],
  ['countEvent', () => queries.countEvent(hot), 1 + rolesOfHot * countedPerRole],
  ['countEvents', () => queries.countEvents([hot, eventIdOf(3)]), rolesOfHot * countedPerRole + 10 + 4 * seek],
  ['getEventSignupCounts', () => queries.getEventSignupCounts(hot), 1 + rolesOfHot * countedPerRole],
  ['getRoleAvailability in a pool', () => queries.getRoleAvailability(hot, roleA), 1 + rolesOfHot * countedPerRole],
  ['getRoleAvailability', () => queries.getRoleAvailability(eventIdOf(2), roleA), 1 + 10 + 2 * seek],
  ['getUserSignupCount', () => queries.getUserSignupCount(hot, 'u5' as UserId), 2 + seek],
  ['findRegistration', () => queries.findRegistration(hot, registrationIdOf(firstWaiting + 9)), 1],
  [
    'findRegistrations',
    () => queries.findRegistrations(hot, [registrationIdOf(firstWaiting + 9), registrationIdOf(firstWaiting + 11)]),
    2 + seek,
  ],
  ['listRegistrationsOfUser', () => queries.listRegistrationsOfUser('u5' as UserId, undefined, 5), 6],
  ['listParticipants', participants({}), 11],
  ['listParticipants of a role', participants({ roleId: roleB }), 11],
  ['listParticipants of a status', participants({ status: 'waitlist' }), 11 + seek],
  ['listParticipants of both', participants({ roleId: roleB, status: 'waitlist' }), 11],
  ['listParticipants, next page', participants({}, cursor), 11 + seek],
  ['listParticipants of a role, next page', participants({ roleId: roleA }, cursor), 11 + seek],
  ['listParticipants of a status, next page', participants({ status: 'confirmed' }, cursor), 11 + 2 * seek],
  ['listParticipants of both, next page', participants({ roleId: roleA, status: 'confirmed' }, cursor), 11],
  ['streamParticipants', stream({}), rolesOfHot * allPerRole],
  ['streamParticipants of a status', stream({ status: 'waitlist' }), rolesOfHot * (perRole.waitlist + seek) + seek],
  ['readLine', () => queries.readLine(hot, roleA), 1 + perRole.waitlist + offers + seek],
  ['readHead', () => queries.readHead(hot), 1],
  ['readSteps', () => queries.readSteps(hot, 100, 120), 21],
  ['listJournal', () => queries.listJournal(hot, 100, 20), 20],
  ['streamJournal', streamJournal, 1_500],
  ['findAnswers', () => queries.findAnswers(hot, [commandIdOf(5), commandIdOf(50_000)]), 1 + seek],
  ['loadEvent', () => store.loadEvent(hot), 1],
  ['countRegistrations', () => store.countRegistrations(hot, [roleA, roleB]), rolesOfHot * countedPerRole],
  ['readJournal', () => store.readJournal(hot, 100, 120), 21],
  ['findDecisions', () => store.findDecisions(hot, [commandIdOf(5), commandIdOf(60_000)]), 1 + seek],
  [
    'findRegistrations by user',
    () => store.findRegistrations(hot, users, []),
    users.length * (rolesOfHot + seek) + seek,
  ],
  [
    'findRegistrations of several events',
    () =>
      Promise.all(
        [hot, eventIdOf(2), eventIdOf(3)].map((eventId) => store.findRegistrations(eventId, users.slice(0, 2), [])),
      ),
    3 * 2 * (rolesOfHot + seek) + 3 * seek,
  ],
  [
    'loadEvent of several events',
    () => Promise.all([hot, eventIdOf(2), eventIdOf(3)].map((eventId) => store.loadEvent(eventId))),
    3 + seek,
  ],
  [
    'findRegistrations by id',
    () => store.findRegistrations(hot, [], [registrationIdOf(1), registrationIdOf(2)]),
    2 + seek,
  ],
  ['findStanding confirmed, first', standing('confirmed', 'first'), 10],
  ['findStanding confirmed, last', standing('confirmed', 'last'), 10],
  ['findStanding offered, first', standing('offered', 'first'), 10],
  ['findStanding offered, last', standing('offered', 'last'), 10],
  // Those with an offer stand before all others here, and are walked past.
  ['findStanding waitlist, first', standing('waitlist', 'first'), offers + 10],
  ['findStanding waitlist, last', standing('waitlist', 'last'), 10],
  ['findPlaces', () => store.findPlaces(hot, roleA, [firstWaiting + offers + 9]), offers + 10 + offers + seek],
  // The rare ones that read all decisions: of the event, or of all events, and once more to find their end.
  ['findTraces', () => store.findTraces(hot, 'u5' as UserId), decisionsOfHot + rolesOfHot + 2 * seek],
  ['findEventsOf', () => traces.findEventsOf('u5' as UserId), decisionsOfHot + 10 * rolesOfHot],
  ['findOverdue', () => store.findOverdue(firstOffer + firstWaiting + 3, 10), 4 + 3 + seek],
  ['findOverdue, at most', () => store.findOverdue(Date.UTC(2040, 0, 1), 2), 2 + 2 + seek],
];

/** From keys alone, but for the event's own document. */
const coveredCases: readonly [name: string, run: () => Promise<unknown>, eventsRead: number][] = [
  ['countRegistrations', () => store.countRegistrations(hot, [roleA, roleB]), 0],
  ['countEvents', () => queries.countEvents([hot, eventIdOf(3)]), 2],
  ['findPlaces', () => store.findPlaces(hot, roleA, [firstWaiting + offers + 9]), 0],
  ['readLine', () => queries.readLine(hot, roleA), 1],
];

describe('every query uses an index', () => {
  it.each(explainCases)('%s', async (_name, run, keysMax) => {
    const explained = await explainQueries(database.collections, run);
    expect(explained.length).toBeGreaterThan(0);
    for (const { stages } of explained) {
      expect(stages).not.toContain('COLLSCAN');
      expect(stages).not.toContain('SORT');
    }
    expect(explained.reduce((sum, { keysExamined }) => sum + keysExamined, 0)).toBeLessThanOrEqual(keysMax);
  });

  it.each(coveredCases)('%s without reading a registration', async (_name, run, eventsRead) => {
    const explained = await explainQueries(database.collections, run);
    expect(explained.reduce((sum, { documentsExamined }) => sum + documentsExamined, 0)).toBe(eventsRead);
  });

  it('counts without building an object for each', async () => {
    const explained = await explainQueries(database.collections, () => store.countRegistrations(hot, [roleA, roleB]));
    expect(explained[0]?.stages).toContain('COUNT_SCAN');
  });

  it('would notice a collection scan and a sort', async () => {
    const { registrations } = database.collections;
    const explained = await explainQueries(database.collections, () =>
      registrations
        .find({ registeredBy: 'u1' as UserId })
        .sort({ notes: 1 })
        .toArray(),
    );
    expect(explained[0]?.stages).toEqual(expect.arrayContaining(['COLLSCAN', 'SORT']));
  });
});

/** They ask for something of all events, and would go to every shard. */
const scattered: ReadonlySet<string> = new Set([
  'listEvents',
  'listEvents from',
  'listEvents drafts',
  'listRegistrationsOfUser',
  'findOverdue',
  'findOverdue, at most',
  'findEventsOf',
]);

describe('a sharded database', () => {
  it.each(explainCases)('is asked at the shards of its events: %s', async (name, run) => {
    const explained = await explainQueries(database.collections, run);
    const isTargeted = explained.every(({ command }) => namesItsEvents(command));
    expect(isTargeted).toBe(!scattered.has(name));
  });

  it('has only unique indexes that begin with what it is sharded by', async () => {
    for (const collection of [database.collections.registrations, database.collections.journal]) {
      const unique = (await collection.indexes()).filter((index) => index.unique === true);
      expect(unique.length).toBeGreaterThan(0);
      for (const { key } of unique) expect(Object.keys(key)[0]).toBe('eventId');
    }
  });
});
