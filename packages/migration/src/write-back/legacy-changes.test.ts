import type { RoleId, UserId } from '@rollcall/domain';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandsFor } from '../commands.ts';
import { writtenIdOf } from '../ids.ts';
import type { LegacyDocument, LegacyEvent } from '../legacy.ts';
import { defaultMapping, parseMapping } from '../mapping/parse.ts';
import { settle } from '../settle/settle.ts';
import {
  aDocument,
  aLegacyEvent,
  aLegacyRole,
  anEntry,
  day,
  documentNo,
  legacyEvents,
  objectIdOf,
  theId,
  userNo,
} from '../testing.ts';
import { applied } from '../testing-rollcall.ts';
import type { HeldEvent, HeldRegistration, WantedEvent } from '../wanted.ts';
import { legacyChanges } from './legacy-changes.ts';
import { mirrored } from './mirrored.ts';
import { happenings } from './testing-life.ts';
import { afterWriting } from './testing-writes.ts';

const now = Date.UTC(2025, 6);
const keeping = parseMapping({ states: { written: { cancelled: 'cancelled' } } });

function wantedOf(legacy: LegacyEvent, mapping = defaultMapping): WantedEvent {
  const { wanted, stops } = settle(legacy, mapping);
  if (wanted === undefined) throw new Error(`it stops: ${JSON.stringify(stops)}`);
  return wanted;
}

/** What Rollcall has right after it took over. */
function takenOver(legacy: LegacyEvent): HeldEvent {
  const wanted = wantedOf(legacy);
  const held = applied(undefined, commandsFor(wanted, undefined, now));
  if (held === undefined) throw new Error('nothing was taken over');
  return { ...held, importing: false, status: wanted.status };
}

const changesFor = (held: HeldEvent, legacy: LegacyEvent, mapping = defaultMapping) =>
  legacyChanges(held, legacy, mapping, { objectIdOf, now });

/** What both systems have to agree on, as text. */
function said(
  roles: readonly RoleId[],
  registrations: readonly (HeldRegistration | WantedEvent['registrations'][number])[],
): string[] {
  const active = registrations.filter(({ status }) => status !== 'cancelled');
  const texts = active.map(({ userId, roleId, status, notes, specialRequirements, attendedAt }) =>
    [userId, roleId, status, notes, specialRequirements, attendedAt === undefined ? 'not there' : 'there'].join('|'),
  );
  const lines = roles.map((roleId) =>
    active
      .filter((one) => one.roleId === roleId && one.status === 'waitlist')
      .map(({ userId }) => userId)
      .join(' then '),
  );
  return [...texts.toSorted(), ...lines];
}

const roleIds = ({ roles }: HeldEvent) => roles.map(({ roleId }) => roleId);
const inOrder = ({ registrations }: HeldEvent) => registrations.toSorted((a, b) => a.sequence - b.sequence);

const nothing = { event: undefined, inserts: [], updates: [], deletes: [], stops: [], unwritten: [] };

const changed = (held: HeldEvent, change: (one: HeldRegistration) => HeldRegistration): HeldEvent => ({
  ...held,
  registrations: held.registrations.map(change),
});

const plain = aLegacyEvent({
  event: { signedUp: 2, totalSlots: 12 },
  roles: [aLegacyRole('a', 9, [anEntry(1), anEntry(2)]), aLegacyRole('b', 3)],
  documents: [aDocument(1, { roleId: 'a', status: 'no_show' }), aDocument(3, { roleId: 'a', status: 'waitlisted' })],
});

describe('what is written back', () => {
  it('is nothing where nothing happened', () => {
    expect(changesFor(takenOver(plain), plain)).toEqual(nothing);
  });

  it('a new registration: a document whose id follows from its own, and an entry', () => {
    const held = takenOver(plain);
    const registrationId = 'rAAAAAAAAAAAAAAAAAAAAAA' as HeldRegistration['registrationId'];
    const added: HeldRegistration = {
      registrationId,
      legacyId: undefined,
      userId: userNo(9).hex as UserId,
      roleId: 'b' as RoleId,
      status: 'confirmed',
      sequence: 99,
      registrationDate: Date.UTC(2025, 1),
      registeredBy: userNo(1).hex as UserId,
      notes: 'late',
      profile: { displayName: 'Ann van New', email: 'new@example.org' },
    };
    const changes = changesFor({ ...held, registrations: [...held.registrations, added] }, plain);
    expect(changes.inserts).toEqual([
      {
        _id: objectIdOf(writtenIdOf(registrationId)),
        eventId: theId,
        userId: userNo(9),
        roleId: 'b',
        status: 'active',
        registrationDate: new Date(Date.UTC(2025, 1)),
        notes: 'late',
        registeredBy: userNo(1),
        userSnapshot: { username: 'Ann van New', firstName: 'Ann van', lastName: 'New', email: 'new@example.org' },
        eventSnapshot: {
          title: 'Fair',
          date: '2030-06-01',
          time: '09:00',
          location: 'Hall 1',
          roleName: 'Name of b',
          roleDescription: 'What they do',
        },
        actionHistory: [{ action: 'rollcall', performedAt: new Date(now), details: 'registered' }],
        createdAt: new Date(Date.UTC(2025, 1)),
        updatedAt: new Date(now),
      },
    ]);
    const [roleA, roleB] = plain.event['roles'] as readonly LegacyDocument[];
    expect(changes.event).toEqual({
      id: theId,
      set: {
        roles: [
          roleA,
          {
            ...roleB,
            currentSignups: [
              { userId: userNo(9), username: 'Ann van New', firstName: 'Ann van', lastName: 'New', notes: 'late' },
            ],
          },
        ],
        signedUp: 3,
        updatedAt: new Date(now),
      },
      unset: [],
    });
    expect(changes.event?.set).toHaveProperty(['roles', 0], roleA);
  });

  it('one that is over: its document goes, or gets the word for it', () => {
    const held = changed(takenOver(plain), (one) =>
      one.userId === userNo(1).hex ? { ...one, status: 'cancelled', cancelledAt: now } : one,
    );
    expect(changesFor(held, plain)).toMatchObject({
      deletes: [documentNo(1)],
      updates: [],
      event: { set: { signedUp: 1 } },
    });
    expect(changesFor(held, plain, keeping)).toMatchObject({
      deletes: [],
      updates: [{ id: documentNo(1), set: { status: 'cancelled' } }],
    });
  });

  it('one that moved: role, snapshot, list, and one line of history', () => {
    const held = changed(takenOver(plain), (one) =>
      one.userId === userNo(1).hex ? { ...one, roleId: 'b' as RoleId, notes: 'x' } : one,
    );
    const { updates, event, inserts, deletes } = changesFor(held, plain);
    expect([inserts, deletes]).toEqual([[], []]);
    expect(updates).toMatchObject([
      { set: { roleId: 'b', notes: 'x', eventSnapshot: { title: 'Fair', roleName: 'Name of b' } }, unset: [] },
    ]);
    expect(updates[0]?.set).not.toHaveProperty('status');
    expect(updates[0]?.set?.['actionHistory']).toMatchObject([
      { action: 'registered' },
      { action: 'rollcall', previousValue: 'a', newValue: 'b', performedAt: new Date(now) },
    ]);
    expect(event?.set?.['roles']).toMatchObject([
      { currentSignups: [{ userId: userNo(2) }] },
      { currentSignups: [{ avatar: 'owl' }] },
    ]);
    expect(event?.set).not.toHaveProperty('signedUp');
  });

  it('somebody of the list alone stays in the list alone, unless it can not say it', () => {
    const alone = (change: Partial<HeldRegistration>) =>
      changesFor(
        changed(takenOver(plain), (one) => (one.userId === userNo(2).hex ? { ...one, ...change } : one)),
        plain,
      );
    expect(alone({ notes: 'x' })).toMatchObject({
      inserts: [],
      event: { set: { roles: [{ currentSignups: [{}, { notes: 'x' }] }, {}] } },
    });
    expect(alone({ roleId: 'b' as RoleId })).toMatchObject({
      inserts: [],
      event: { set: { roles: [{}, { currentSignups: [{ avatar: 'owl' }] }] } },
    });
    expect(alone({ status: 'waitlist' })).toMatchObject({ inserts: [{ status: 'waitlisted' }] });
    expect(alone({ attendedAt: now })).toMatchObject({ inserts: [{ status: 'attended' }] });
  });

  it('leaves a note that is too long, and other contradictions, as they stand', () => {
    const legacy = aLegacyEvent({
      event: { signedUp: 77 },
      roles: [aLegacyRole('a', 1, [anEntry(1, { notes: 'other' }), anEntry(1), anEntry(4)])],
      documents: [
        aDocument(1, { roleId: 'a', notes: 'x'.repeat(3000) }),
        aDocument(2, { roleId: 'a' }),
        aDocument(3, { roleId: 'a', userId: userNo(2), registrationDate: 'nonsense' }),
      ],
    });
    expect(changesFor(takenOver(legacy), legacy)).toEqual(nothing);
  });

  it('stops where the old system can not be read', () => {
    const held = takenOver(plain);
    const broken = { ...plain, registrations: [...plain.registrations, aDocument(8, { roleId: 'gone' })] };
    expect(changesFor(held, broken)).toMatchObject({ inserts: [], stops: [{ kind: 'unknown-role' }] });
  });

  it('tells whom the old system can not know', () => {
    const bySub = parseMapping({ users: { subject: { field: 'sub' } } });
    const users = new Map([1, 2, 3].map((number) => [userNo(number).hex as never, { sub: `sub-${number}` }]));
    const legacy = { ...plain, users };
    const wanted = wantedOf(legacy, bySub);
    const held = applied(undefined, commandsFor(wanted, undefined, now));
    const taken = { ...(held ?? takenOver(plain)), importing: false, status: wanted.status };
    expect(legacyChanges(taken, legacy, bySub, { objectIdOf, now })).toEqual(nothing);
    const [first] = taken.registrations;
    const stranger = {
      ...first,
      registrationId: 'rBBBBBBBBBBBBBBBBBBBBBB',
      legacyId: undefined,
      userId: 'sub-9',
    } as HeldRegistration;
    const changes = legacyChanges({ ...taken, registrations: [...taken.registrations, stranger] }, legacy, bySub, {
      objectIdOf,
      now,
    });
    expect(changes).toEqual({ ...nothing, unwritten: [stranger.registrationId] });
  });

  it('writes whoever swaps places in the line behind each other', () => {
    const legacy = aLegacyEvent({
      documents: [1, 2, 3].map((number) => aDocument(number, { status: 'waitlisted' })),
      roles: [aLegacyRole('helpers', 0)],
    });
    const held = changed(takenOver(legacy), (one) => (one.userId === userNo(1).hex ? { ...one, sequence: 99 } : one));
    expect(changesFor(held, legacy)).toMatchObject({
      updates: [{ id: documentNo(1), set: { registrationDate: new Date(day(3).getTime() + 1) } }],
    });
  });
});

describe('whatever happens in Rollcall', () => {
  const stories = fc.tuple(legacyEvents, happenings);

  it.each([
    ['deleting cancelled ones', defaultMapping],
    ['keeping cancelled ones', keeping],
  ])('the old system says the same once it is written, %s', (_, mapping) => {
    fc.assert(
      fc.property(stories, ([legacy, story]) => {
        const held = story.reduce((current, happening) => happening(current), takenOver(legacy));
        const changes = changesFor(held, legacy, mapping);
        const after = afterWriting(legacy, changes);
        const wanted = wantedOf(after, mapping);
        expect(said(roleIds(held), wanted.registrations)).toEqual(said(roleIds(held), inOrder(held)));
        const { title, location, startsAt, endsAt } = held.settings;
        expect(wanted.settings).toMatchObject({ title, location, startsAt, endsAt });
        expect(wanted.status).toBe(held.status);
        const roles = new Map(wanted.roles.map((role) => [role.roleId, role]));
        for (const { roleId, name, capacity } of held.roles)
          expect(roles.get(roleId)).toMatchObject({ name, capacity });
        expect(changes.unwritten).toEqual([]);
        expect(changesFor(held, after, mapping)).toEqual(nothing);
      }),
      { numRuns: 500 },
    );
  });

  it('the mirror says who has a seat', () => {
    fc.assert(
      fc.property(stories, ([legacy, story]) => {
        const held = story.reduce((current, happening) => happening(current), takenOver(legacy));
        const { event } = afterWriting(legacy, changesFor(held, legacy));
        const { signups, signedUp } = mirrored(held, event['roles'], defaultMapping, { objectIdOf });
        const seated = held.registrations.filter(({ status }) => status === 'confirmed');
        expect(signedUp).toBe(seated.length);
        expect(signups.flat()).toHaveLength(seated.length);
      }),
    );
  });
});

describe('the mirror', () => {
  it('keeps entries that are there, adds those of the others, and counts', () => {
    const held = changed(takenOver(plain), (one) =>
      one.userId === userNo(3).hex ? { ...one, status: 'confirmed' } : one,
    );
    const { signups, signedUp } = mirrored(held, plain.event['roles'], defaultMapping, { objectIdOf });
    const [roleA] = plain.event['roles'] as readonly { currentSignups: readonly unknown[] }[];
    expect(signups[0]?.slice(0, 2)).toEqual(roleA?.currentSignups);
    expect(signups[0]?.[0]).toBe(roleA?.currentSignups[0]);
    expect(signups[0]?.[2]).toEqual({ userId: userNo(3), username: 'Ann No3', firstName: 'Ann', lastName: 'No3' });
    expect([signups[1], signedUp]).toEqual([[], 3]);
  });
});
