import type { OrganizerId, RoleId, UserId } from '@rollcall/domain';
import { InvalidCursorError, type EventQueries } from '@rollcall/engine';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createEventQueries } from './event-queries.ts';
import { explainQueries } from './testing-explain.ts';
import {
  activePerRole,
  eventIdOf,
  hot,
  offers,
  organizerId,
  roleA,
  roleB,
  rolesOfHot,
  seed,
} from './testing-hot-event.ts';
import { testDatabase, type TestDatabase } from './testing.ts';

interface ReadConcern {
  readonly level: string;
  readonly atClusterTime?: unknown;
}

let database: TestDatabase;
let queries: EventQueries;

beforeAll(async () => {
  database = await testDatabase(inject('mongodbUrl'));
  queries = createEventQueries(database.collections, 5_000);
  await seed(database.collections);
}, 60_000);
afterAll(() => database.drop());

describe('counts', () => {
  const standing = { confirmed: 600, waitlist: 300 - offers, offered: offers };
  // The pool leaves less than the role.
  const ofHot = { capacity: 700, ...standing, available: 1_300 - rolesOfHot * (600 + offers) };

  it('getRoleAvailability', async () => {
    expect(await queries.getRoleAvailability(hot, roleA)).toEqual(ofHot);
    expect(await queries.getRoleAvailability(hot, 'none' as RoleId)).toBeUndefined();
    const nobody = { capacity: 700, confirmed: 0, waitlist: 0, offered: 0, available: 700 };
    expect(await queries.getRoleAvailability(eventIdOf(2), roleB)).toEqual(nobody);
  });

  it('getEventSignupCounts', async () => {
    expect(await queries.getEventSignupCounts(hot)).toEqual(new Map([roleA, roleB].map((id) => [id, standing])));
  });

  it('getUserSignupCount', async () => {
    expect(await queries.getUserSignupCount(hot, 'u1' as UserId)).toBe(2);
    expect(await queries.getUserSignupCount(hot, `u${activePerRole + 1}` as UserId)).toBe(0);
  });

  it('countEvent and countEvents agree, and carry the version', async () => {
    const one = await queries.countEvent(hot);
    expect(one).toMatchObject({ version: 7, roles: new Map([roleA, roleB].map((id) => [id, ofHot])) });
    expect((await queries.countEvents([hot, eventIdOf(3)])).get(hot)).toEqual(one);
    expect(await queries.countEvent(eventIdOf(99))).toBeUndefined();
  });
});

describe('what is read for one answer', () => {
  it.each<[string, () => Promise<unknown>, reads: number]>([
    ['countEvent', () => queries.countEvent(hot), 2],
    ['countEvents', () => queries.countEvents([hot]), 1],
    ['getRoleAvailability', () => queries.getRoleAvailability(hot, roleA), 2],
    ['getEventSignupCounts', () => queries.getEventSignupCounts(hot), 2],
    ['readLine', () => queries.readLine(hot, roleA), 3],
  ])('is of one moment: %s', async (_name, run, reads) => {
    const sent = await explainQueries(database.collections, run);
    const concerns = sent.map(({ command }) => command['readConcern'] as ReadConcern);
    expect(concerns.map(({ level }) => level)).toEqual(Array.from({ length: reads }, () => 'snapshot'));
    const [first, ...others] = concerns.map(({ atClusterTime }) => atClusterTime);
    // The first one is told the moment, the others name it.
    expect(first).toBeUndefined();
    expect(new Set(others.map(String)).size).toBe(Math.min(1, others.length));
    expect(others).not.toContain(undefined);
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

  it("pages a user's registrations, newest first", async () => {
    const first = await queries.listRegistrationsOfUser('u1' as UserId, undefined, 4);
    const rest = await queries.listRegistrationsOfUser('u1' as UserId, first.nextCursor, 50);
    const dates = [...first.items, ...rest.items].map(({ registrationDate }) => registrationDate);
    expect(dates).toHaveLength(11);
    expect(dates).toEqual(dates.toSorted((a, b) => b - a));
  });

  const forged = (...position: readonly unknown[]) => Buffer.from(JSON.stringify(position)).toString('base64url');

  it.each([
    '',
    'x',
    'W10',
    forged(1, 2),
    forged('a', 'b'),
    forged(8.7e15, 'b'),
    forged(1, 'b', 3),
    forged('a', 'waitlist', 1),
  ])('by time refuse the forged cursor %j', async (cursor) => {
    await expect(queries.listEvents({ draftsOf: [], limit: 2, cursor })).rejects.toThrow(InvalidCursorError);
    await expect(queries.listRegistrationsOfUser('u1' as UserId, cursor, 2)).rejects.toThrow(InvalidCursorError);
  });

  it.each([
    '',
    'x',
    'W10',
    forged(1, 'b'),
    forged('a', 'seated', 1),
    forged('a', 'waitlist', '1'),
    forged(roleA, 'waitlist', 1, 2),
  ])('of participants refuse the forged cursor %j', async (cursor) => {
    await expect(queries.listParticipants({ eventId: hot }, cursor, 2)).rejects.toThrow(InvalidCursorError);
  });

  it('of participants refuse the cursor of a list with another filter', async () => {
    const cursor = forged(roleA, 'waitlist', 1);
    const list = (filter: object) => queries.listParticipants({ eventId: hot, ...filter }, cursor, 2);
    expect((await list({ roleId: roleA, status: 'waitlist' })).items).toHaveLength(2);
    await expect(list({ roleId: roleB })).rejects.toThrow(InvalidCursorError);
    await expect(list({ status: 'confirmed' })).rejects.toThrow(InvalidCursorError);
  });
});
