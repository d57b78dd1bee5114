import { InvalidCursorError, type EventQueries, type EventStore } from '@rollcall/engine';
import type { CommandId, EventId, OrganizerId, RegistrationId, RoleId, UserId } from '@rollcall/domain';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Collections } from './connect.ts';
import type { RegistrationDocument } from './documents.ts';
import { createEventQueries } from './event-queries.ts';
import { createEventStore } from './event-store.ts';
import { testDatabase, type TestDatabase } from './testing.ts';
import { explainQueries } from './testing-explain.ts';

const digits = (n: number) => String(n).padStart(22, '0');
const eventIdOf = (n: number) => `e${digits(n)}` as EventId;
const registrationIdOf = (n: number) => `r${digits(n)}` as RegistrationId;
const commandIdOf = (n: number) => `c${digits(n)}` as CommandId;

const organizerId = 'org' as OrganizerId;
const hot = eventIdOf(1);
const roleA = 'a' as RoleId;
const roleB = 'b' as RoleId;

/** The hot event: 600 confirmed, 300 waiting and 100 cancelled in each of two roles. Nine others: ten registrations each. */
const perRole = { confirmed: 600, waitlist: 300, cancelled: 100 } as const;
const rolesOfHot = 2;
const activePerRole = perRole.confirmed + perRole.waitlist;

let database: TestDatabase;
let queries: EventQueries;
let store: EventStore;

beforeAll(async () => {
  database = await testDatabase(inject('mongodbUrl'));
  queries = createEventQueries(database.collections, 5_000);
  store = createEventStore(database.collections);
  await seed(database.collections);
}, 60_000);
afterAll(() => database.drop());

async function seed({ events, registrations, journal }: Collections): Promise<void> {
  await events.insertMany(
    Array.from({ length: 10 }, (_, n) => ({
      _id: eventIdOf(n + 1),
      version: 7,
      commitId: 'commit' as never,
      status: n === 9 ? ('draft' as const) : ('open' as const),
      organizerId,
      title: `Event ${n}`,
      startsAt: new Date(Date.UTC(2030, 0, 1 + Math.floor(n / 2))),
      endsAt: new Date(Date.UTC(2030, 1, 1)),
      timeZone: 'UTC',
      registrationsPerUserMax: 2,
      roles: [roleA, roleB].map((roleId) => ({ roleId, name: roleId, capacity: 600, waitlist: 'auto' as const })),
    })),
  );
  const documents: RegistrationDocument[] = [];
  const add = (eventId: EventId, roleId: RoleId, status: RegistrationDocument['status'], userId: UserId) => {
    const n = documents.length;
    documents.push({
      _id: registrationIdOf(n),
      eventId,
      userId,
      roleId,
      status,
      sequence: n,
      registrationDate: new Date(Date.UTC(2029, 0, 1, 0, 0, Math.floor(n / 2))),
      registeredBy: userId,
    });
  };
  for (const roleId of [roleA, roleB]) {
    let user = 0;
    for (const status of ['confirmed', 'waitlist', 'cancelled'] as const) {
      for (let n = 0; n < perRole[status]; n += 1) add(hot, roleId, status, `u${(user += 1)}` as UserId);
    }
  }
  for (let n = 2; n <= 10; n += 1) {
    for (let i = 0; i < 10; i += 1) add(eventIdOf(n), roleA, 'confirmed', `u${i + 1}` as UserId);
  }
  await registrations.insertMany(documents);
  await journal.insertMany(
    Array.from({ length: 2_000 }, (_, n) => ({
      eventId: hot,
      version: n + 1,
      commandId: commandIdOf(n),
      commitId: 'commit' as never,
      bodyHash: '',
      commandType: 'SignUp' as const,
      acceptedAt: new Date(0),
      decidedAt: new Date(0),
      outcome: 'rejected' as const,
      rejection: { reason: 'event-over' as const, endsAt: 0 },
    })),
  );
}

describe('counts', () => {
  it('getRoleAvailability', async () => {
    expect(await queries.getRoleAvailability(hot, roleA)).toEqual({
      capacity: 600,
      confirmed: 600,
      waitlist: 300,
      available: 0,
    });
    expect(await queries.getRoleAvailability(hot, 'none' as RoleId)).toBeUndefined();
    expect(await queries.getRoleAvailability(eventIdOf(2), roleB)).toMatchObject({
      confirmed: 0,
      available: 600,
    });
  });

  it('getEventSignupCounts', async () => {
    const counts = { confirmed: 600, waitlist: 300 };
    expect(await queries.getEventSignupCounts(hot)).toEqual(
      new Map([
        [roleA, counts],
        [roleB, counts],
      ]),
    );
  });

  it('getUserSignupCount', async () => {
    expect(await queries.getUserSignupCount(hot, 'u1' as UserId)).toBe(2);
    expect(await queries.getUserSignupCount(hot, `u${activePerRole + 1}` as UserId)).toBe(0);
  });

  it('countEvent and countEvents agree, and carry the version', async () => {
    const one = await queries.countEvent(hot);
    expect(one).toMatchObject({
      version: 7,
      roles: new Map([roleA, roleB].map((id) => [id, { capacity: 600, confirmed: 600, waitlist: 300 }])),
    });
    expect((await queries.countEvents([hot, eventIdOf(3)])).get(hot)).toEqual(one);
    expect(await queries.countEvent(eventIdOf(99))).toBeUndefined();
  });
});

describe('lists', () => {
  it('pages events by start, without drafts, each once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await queries.listEvents({ draftsOf: [], limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.items.map(({ eventId }) => eventId));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 9 }, (_, n) => eventIdOf(n + 1)));
  });

  it('shows drafts to those whose they are', async () => {
    const drafts = (draftsOf: readonly OrganizerId[]) => queries.listEvents({ status: 'draft', draftsOf, limit: 5 });
    expect((await drafts([organizerId])).items).toHaveLength(1);
    expect((await drafts(['other' as OrganizerId])).items).toHaveLength(0);
  });

  it("pages a user's registrations, newest first, with their place", async () => {
    const first = await queries.listRegistrationsOfUser('u1' as UserId, undefined, 4);
    const rest = await queries.listRegistrationsOfUser('u1' as UserId, first.nextCursor, 50);
    const dates = [...first.items, ...rest.items].map(({ registrationDate }) => registrationDate);
    expect(dates).toHaveLength(11);
    expect(dates).toEqual(dates.toSorted((a, b) => b - a));
    const waiting = await queries.listRegistrationsOfUser(`u${perRole.confirmed + 3}` as UserId, undefined, 5);
    expect(waiting.items.map(({ waitlistPosition }) => waitlistPosition)).toEqual([3, 3]);
  });

  it.each(['', 'x', 'W10', Buffer.from('[1,2]').toString('base64url'), Buffer.from('["a","b"]').toString('base64url')])(
    'refuses the forged cursor %j',
    async (cursor) => {
      await expect(queries.listEvents({ draftsOf: [], limit: 2, cursor })).rejects.toThrow(InvalidCursorError);
      await expect(queries.listRegistrationsOfUser('u1' as UserId, cursor, 2)).rejects.toThrow(InvalidCursorError);
    },
  );
});

/** Each query, and the keys that it may look at: those of its answer, and a seek here and there. */
const users = Array.from({ length: 100 }, (_, n) => `u${n + 1}` as UserId);
const seek = 2;
const explainCases: readonly [name: string, run: () => Promise<unknown>, keysMax: number][] = [
  ['findEvent', () => queries.findEvent(hot), 1],
  ['listEvents', () => queries.listEvents({ draftsOf: [], limit: 3 }), 4 + 3 * seek],
  ['listEvents from', () => queries.listEvents({ draftsOf: [], from: Date.UTC(2030, 0, 3), limit: 3 }), 4 + 3 * seek],
  ['listEvents drafts', () => queries.listEvents({ status: 'draft', draftsOf: [organizerId], limit: 3 }), 1 + seek],
  ['countEvent', () => queries.countEvent(hot), 1 + rolesOfHot * (activePerRole + seek) + seek],
  ['getEventSignupCounts', () => queries.getEventSignupCounts(hot), rolesOfHot * (activePerRole + seek) + seek],
  ['getRoleAvailability', () => queries.getRoleAvailability(hot, roleA), 1 + activePerRole + seek],
  ['getUserSignupCount', () => queries.getUserSignupCount(hot, 'u5' as UserId), 2 + seek],
  ['findRegistration', () => queries.findRegistration(hot, registrationIdOf(5)), 1],
  [
    'findRegistration waiting',
    () => queries.findRegistration(hot, registrationIdOf(perRole.confirmed + 9)),
    1 + 10 + seek,
  ],
  ['listRegistrationsOfUser', () => queries.listRegistrationsOfUser('u5' as UserId, undefined, 5), 6],
  ['findAnswers', () => queries.findAnswers(hot, [commandIdOf(5), commandIdOf(50_000)]), 1 + seek],
  ['loadEvent', () => store.loadEvent(hot), 1],
  [
    'countRegistrations',
    () => store.countRegistrations(hot, [roleA, roleB]),
    rolesOfHot * (activePerRole + seek) + seek,
  ],
  ['readJournal', () => store.readJournal(hot, 100, 120), 21],
  ['findDecisions', () => store.findDecisions(hot, [commandIdOf(5), commandIdOf(60_000)]), 1 + seek],
  [
    'findRegistrations by user',
    () => store.findRegistrations(hot, users, []),
    users.length * (rolesOfHot + seek) + seek,
  ],
  [
    'findRegistrations by id',
    () => store.findRegistrations(hot, [], [registrationIdOf(1), registrationIdOf(2)]),
    2 + seek,
  ],
  ['findWaiting', () => store.findWaiting(hot, roleA, 10), 10],
  ['findPlaces', () => store.findPlaces(hot, roleA, [perRole.confirmed + 20]), 21 + seek],
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

  it('counts without reading a document', async () => {
    const explained = await explainQueries(database.collections, () => store.countRegistrations(hot, [roleA, roleB]));
    expect(explained.map(({ documentsExamined }) => documentsExamined)).toEqual([0]);
    expect(explained[0]?.stages).toContain('COUNT_SCAN');
  });

  it('would notice a collection scan', async () => {
    const { registrations } = database.collections;
    const explained = await explainQueries(database.collections, () =>
      registrations.find({ registeredBy: 'u1' as UserId }).toArray(),
    );
    expect(explained[0]?.stages).toContain('COLLSCAN');
  });
});
