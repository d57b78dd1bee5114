import type { CommandId, CommitId, EventId, RegistrationId, RoleCounts, RoleId, UserId } from '@rollcall/domain';
import { createRecords } from '@rollcall/store-mongo';
import { erase } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { journalDocument, registrationDocument, stage, type Stage } from '../testing/testing-stage.ts';
import { at, commands, eventId, idOf, tell } from '../testing/testing-story.ts';
import { verifyEvent, type Verified } from './verify-event.ts';
import type { Difference, Progress } from './watcher.ts';

interface Found {
  readonly verified: Verified;
  readonly differences: readonly Difference[];
  readonly progress: readonly Progress[];
}

async function verify({ collections }: Stage, counts?: Stage['counts'] | 'none', id = eventId): Promise<Found> {
  const differences: Difference[] = [];
  const progress: Progress[] = [];
  const watcher = {
    difference: (difference: Difference) => void differences.push(difference),
    progress: async (step: Progress) => void progress.push(step),
  };
  const readCounts = async () => (counts === 'none' ? undefined : counts);
  const verified = await verifyEvent({ records: createRecords(collections), readCounts }, id, watcher);
  return { verified, differences, progress };
}

const told = tell();
const registration = (user: Parameters<typeof idOf>[0]) => ({ _id: idOf(user) });
const volunteers = 'volunteers' as RoleId;
const someoneElse = `r${'x'.repeat(22)}` as RegistrationId;

/** A fault, the check that has to find it, and what it says of where. */
type Plant = (staged: Stage) => Promise<unknown>;
const planted: readonly (readonly [what: string, check: string, says: string, plant: Plant])[] = [
  [
    'a registration that was deleted',
    'projection',
    idOf('bob'),
    ({ collections }) => collections.registrations.deleteOne(registration('bob')),
  ],
  [
    'a registration that no decision made',
    'projection',
    someoneElse,
    ({ collections }) => {
      const row = { registrationId: someoneElse, userId: 'zoe' as UserId, roleId: volunteers, sequence: 5 };
      return collections.registrations.insertOne(registrationDocument({ ...row, status: 'confirmed' }));
    },
  ],
  [
    'a status that was changed',
    'projection',
    'waitlist in volunteers',
    ({ collections }) => collections.registrations.updateOne(registration('dan'), { $set: { status: 'confirmed' } }),
  ],
  [
    'a role that was changed',
    'projection',
    'confirmed in drivers',
    ({ collections }) =>
      collections.registrations.updateOne(registration('cem'), { $set: { roleId: 'drivers' as RoleId } }),
  ],
  [
    'a sequence that was changed',
    'projection',
    'volunteers at 99',
    ({ collections }) => collections.registrations.updateOne(registration('dan'), { $set: { sequence: 99 } }),
  ],
  [
    'a user that was changed',
    'projection',
    'for another user',
    ({ collections }) =>
      collections.registrations.updateOne(registration('dan'), { $set: { userId: 'zoe' as UserId } }),
  ],
  [
    'an offer that was taken away',
    'projection',
    'expiresAt',
    ({ collections }) => collections.registrations.updateOne(registration('fay'), { $unset: { offer: '' } }),
  ],
  [
    'an attendance that was changed',
    'projection',
    'attendedAt',
    ({ collections }) =>
      collections.registrations.updateOne(registration('bob'), { $set: { attendedAt: new Date(0) } }),
  ],
  [
    'a move that was forgotten',
    'projection',
    'replaces',
    ({ collections }) =>
      collections.registrations.updateOne({ replaces: { $exists: true } }, { $unset: { replaces: '' } }),
  ],
  [
    'a gap in the journal',
    'versions',
    'stands where 5',
    ({ collections }) => collections.journal.deleteOne({ version: 5 }),
  ],
  [
    'a journal whose end is missing',
    'head',
    'ends at version 13',
    ({ collections }) => collections.journal.deleteOne({ version: 14 }),
  ],
  [
    'a journal that goes on past the event',
    'head',
    'ends at version 15',
    ({ collections }) => {
      const [first] = told.entries;
      if (first === undefined) throw new Error('an empty story');
      const rejection = { reason: 'event-exists' } as const;
      const entry = { ...first, version: 15, commandId: 'cagain' as CommandId };
      return collections.journal.insertOne(journalDocument({ ...entry, decision: { outcome: 'rejected', rejection } }));
    },
  ],
  [
    'another commit than the last decision was of',
    'head',
    'another commit',
    ({ collections }) => collections.events.updateOne({ _id: eventId }, { $set: { commitId: 'other' as CommitId } }),
  ],
  [
    'a role that is oversold, in journal and store alike',
    'capacity',
    'of role volunteers 2 of 2 were taken',
    async ({ collections }) => {
      // Dan was sent to the waitlist by version 6; now the journal says that he got a seat.
      const dan = { registrationId: idOf('dan'), userId: 'dan' as UserId, roleId: volunteers, sequence: 6 };
      const domainEvents = [{ type: 'RegistrationConfirmed', ...dan }] as const;
      await collections.journal.updateOne({ version: 6 }, { $set: { domainEvents } });
      await collections.registrations.updateOne(registration('dan'), { $set: { status: 'confirmed' } });
    },
  ],
  [
    'another capacity in the event document',
    'projection',
    'role volunteers: {"capacity":2',
    ({ collections }) => collections.events.updateOne({ _id: eventId }, { $set: { 'roles.0.capacity': 3 } }),
  ],
  [
    'another pool in the event document',
    'projection',
    'event pools',
    ({ collections }) => collections.events.updateOne({ _id: eventId }, { $set: { pools: [] } }),
  ],
  [
    'an event document that is gone',
    'projection',
    'event status',
    ({ collections }) => collections.events.deleteOne({ _id: eventId }),
  ],
];

describe('verify', () => {
  it('finds nothing where all is as the journal says', async () => {
    await using staged = await stage();
    const { verified, differences, progress } = await verify(staged, staged.counts);
    expect(differences).toEqual([]);
    expect(verified).toMatchObject({ version: 14, isStored: true, decisions: 14, registrations: 8, differences: 0 });
    expect(progress.at(-1)).toEqual({ eventId, what: 'registrations', done: 8, of: 8 });
  });

  it.each(planted)('finds %s (%s)', async (_what, check, says, plant) => {
    await using staged = await stage();
    await plant(staged);
    const { differences } = await verify(staged);
    const found = differences.find((difference) => difference.check === check && difference.message.includes(says));
    expect(found, JSON.stringify(differences)).toBeDefined();
    for (const { message, versions } of differences) {
      expect(message).not.toMatch(/\b(ann|bob|cem|dan|eve|fay|gil|zoe)\b/);
      expect(versions[0]).toBeLessThanOrEqual(versions[1]);
    }
  });

  it('says between which versions', async () => {
    await using staged = await stage();
    await staged.collections.registrations.deleteOne(registration('bob'));
    await staged.collections.journal.deleteOne({ version: 8 });
    const { differences } = await verify(staged);
    // Bob was checked in by version 13, and version 9 stands behind the gap.
    expect(differences.find(({ message }) => message.includes(idOf('bob')))?.versions).toEqual([13, 14]);
    expect(differences.find(({ check }) => check === 'versions')?.versions).toEqual([8, 9]);
  });

  it('finds events that have no document', async () => {
    await using staged = await stage();
    const { events, registrations } = staged.collections;
    const lost = `e${'l'.repeat(22)}` as EventId;
    await events.deleteOne({ _id: eventId });
    await registrations.updateOne(registration('dan'), { $set: { eventId: lost } });
    const ids: EventId[] = [];
    for await (const id of createRecords(staged.collections).eventIds()) ids.push(id);
    expect(ids.toSorted()).toEqual([eventId, lost].toSorted());
    const { differences, verified } = await verify(staged, 'none', lost);
    expect(verified).toMatchObject({ isStored: false, decisions: 0, registrations: 1 });
    expect(differences).toHaveLength(1);
  });
});

describe('verify of the count cache', () => {
  const changed = (counts: Stage['counts'], parts: Partial<RoleCounts>): Stage['counts'] => {
    const before = counts.roles.get(volunteers);
    if (before === undefined) throw new Error('no volunteers');
    return { ...counts, roles: new Map([...counts.roles, [volunteers, { ...before, ...parts }]]) };
  };
  const wrong: readonly (readonly [string, (counts: Stage['counts']) => Stage['counts']])[] = [
    ['too many confirmed', (counts) => changed(counts, { confirmed: 3 })],
    ['another line', (counts) => changed(counts, { waitlist: 7 })],
    ['another number of offers', (counts) => changed(counts, { offered: 1 })],
    ['seats that are not free', (counts) => changed(counts, { available: 1 })],
    ['another capacity', (counts) => changed(counts, { capacity: 5 })],
    ['a role less', (counts) => ({ ...counts, roles: new Map([...counts.roles].slice(1)) })],
    ['a version that never was', (counts) => ({ ...counts, version: 15 })],
    ['another commit', (counts) => ({ ...counts, commitId: 'other' as CommitId })],
  ];
  it.each(wrong)('finds %s', async (_what, plant) => {
    await using staged = await stage();
    const { differences } = await verify(staged, plant(staged.counts));
    expect(differences.map(({ check }) => check)).toEqual(['counts']);
  });

  it('minds neither an empty cache nor one that is behind', async () => {
    await using staged = await stage();
    expect((await verify(staged, 'none')).differences).toEqual([]);
    const behind = { ...changed(staged.counts, { confirmed: 1 }), version: 13 };
    expect((await verify(staged, behind)).differences).toEqual([]);
  });

  it('compares a version that comes by while it folds', async () => {
    await using staged = await stage();
    const records = createRecords(staged.collections);
    const found: Difference[] = [];
    const watcher = { difference: (one: Difference) => void found.push(one), progress: async () => undefined };
    // As if everything after version 6 had been decided since the fold began.
    const early = { ...records, head: async () => ({ version: 6, commitId: staged.counts.commitId }) };
    const counts = { ...staged.counts, version: 10 };
    const verified = await verifyEvent({ records: early, readCounts: async () => counts }, eventId, watcher);
    expect(verified.version).toBe(14);
    expect(new Set(found.map(({ check, version }) => `${check} ${version}`))).toEqual(new Set(['counts 10']));
  });
});

describe('an event that somebody is erased from', () => {
  const after = tell([...commands, erase('ann', { at: at(20) }), erase('gil', { at: at(21) })]);

  it('is as its journal says', async () => {
    await using staged = await stage(after);
    const { differences, verified } = await verify(staged, 'none');
    expect(differences).toEqual([]);
    expect(verified).toMatchObject({ decisions: 16, registrations: 8 });
    const names = [...verified.byJournal()].map(({ userId }) => userId);
    expect(names.filter((name) => name.startsWith('erased-'))).toHaveLength(3);
  });

  it.each([1, 3])('while it is read is read again, %s times', async (times) => {
    await using staged = await stage();
    const { collections } = staged;
    let retold = 0;
    const differences: Difference[] = [];
    const verified = await verifyEvent({ records: createRecords(collections) }, eventId, {
      difference: (difference) => void differences.push(difference),
      // After the first part of the journal, and before the snapshot.
      async progress({ what, done }) {
        if (what !== 'decisions' || retold >= times || done < 14) return;
        retold += 1;
        const users = ['ann', 'bob', 'cem'].slice(0, retold);
        await staged.retell(tell([...commands, ...users.map((user, n) => erase(user, { at: at(20 + n) }))]));
      },
    });
    expect({ retold, differences, version: verified.version }).toEqual({
      retold: times,
      differences: [],
      version: 14 + times,
    });
  });

  it('and that differs is told to differ', async () => {
    await using staged = await stage(after);
    const fact = { 'domainEvents.0.userId': /^erased-/, version: { $lt: 10 } };
    await staged.collections.journal.updateOne(fact, { $set: { 'domainEvents.0.userId': 'ann' } as never });
    const { differences } = await verify(staged, 'none');
    expect(differences.map(({ check }) => check)).toContain('facts');
    for (const { message } of differences) expect(message).not.toMatch(/\bann\b/);
  });
});
