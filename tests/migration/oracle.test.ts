import { ObjectId } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { driftOf, heldByRollcall, oracle, type Held, type Raw } from '../support/legacy/oracle.ts';
import { legacyWorld } from '../support/legacy/generate.ts';
import { personKinds } from '../support/legacy/planting.ts';

const [ann, bob, eve] = ['a', 'b', 'e'].map((letter) => new ObjectId(letter.repeat(24))) as [
  ObjectId,
  ObjectId,
  ObjectId,
];
const role = (id: string, ...currentSignups: Raw[]): Raw => ({
  id,
  name: `Role ${id}`,
  maxParticipants: 1,
  currentSignups,
});
const event = (...roles: Raw[]): Raw => ({ _id: new ObjectId(), title: 'T', status: 'upcoming', signedUp: 0, roles });
let made = 0;
const document = (userId: unknown, roleId: string, more: Raw = {}): Raw => {
  made += 1;
  const _id = new ObjectId(made.toString(16).padStart(24, '0'));
  return { _id, userId, roleId, status: 'active', registrationDate: new Date(made), ...more };
};

/** "user role status notes", or why it stops. */
function said(legacyEvent: Raw, registrations: readonly Raw[]): readonly string[] | string {
  const held = oracle(legacyEvent, registrations);
  if (held.stops !== undefined) return held.stops;
  const letter = (userId: string) => userId.slice(0, 1);
  return held.rows.map(({ userId, roleId, status, notes }) => [letter(userId), roleId, status, notes].join(' ').trim());
}

describe('what Rollcall is to hold', () => {
  it.each<[string, Raw, readonly Raw[], readonly string[] | string]>([
    ['a line and its document', event(role('x', { userId: ann })), [document(ann, 'x')], ['a x confirmed']],
    ['a line alone, with its notes', event(role('x', { userId: ann, notes: 'n' })), [], ['a x confirmed n']],
    ['a document alone', event(role('x')), [document(ann, 'x')], ['a x confirmed']],
    ['a line twice', event(role('x', { userId: ann }, { userId: ann })), [document(ann, 'x')], ['a x confirmed']],
    [
      'two documents: the earlier',
      event(role('x')),
      [
        document(ann, 'x', { notes: 'late', registrationDate: new Date(9_999) }),
        document(ann, 'x', { notes: 'early' }),
      ],
      ['a x confirmed early'],
    ],
    [
      'two documents of one moment: the smaller id',
      event(role('x')),
      [
        document(ann, 'x', { _id: new ObjectId('f'.repeat(24)), registrationDate: new Date(5), notes: 'second' }),
        document(ann, 'x', { registrationDate: new Date(5), notes: 'first' }),
      ],
      ['a x confirmed first'],
    ],
    [
      'two roles',
      event(role('x', { userId: ann }), role('y', { userId: ann })),
      [document(ann, 'x'), document(ann, 'y')],
      ['a x confirmed', 'a y confirmed'],
    ],
    [
      'a line of one role, a document of another',
      event(role('x', { userId: ann }), role('y')),
      [document(ann, 'y')],
      ['a y confirmed'],
    ],
    [
      'a line of one role, a place in line of another',
      event(role('x', { userId: ann }), role('y')),
      [document(ann, 'y', { status: 'waitlisted' })],
      ['a x confirmed', 'a y waitlist'],
    ],
    [
      'two lines alone and a document alone: all of them',
      event(role('x', { userId: ann }), role('y', { userId: ann }), role('z')),
      [document(ann, 'z')],
      ['a x confirmed', 'a y confirmed', 'a z confirmed'],
    ],
    [
      'more than there is room for',
      event(role('x', { userId: ann }, { userId: bob })),
      [],
      ['a x confirmed', 'b x confirmed'],
    ],
    [
      'other notes: the document’s',
      event(role('x', { userId: ann, notes: 'old' })),
      [document(ann, 'x', { notes: 'new' })],
      ['a x confirmed new'],
    ],
    [
      'notes of the line only',
      event(role('x', { userId: ann, notes: 'old' })),
      [document(ann, 'x')],
      ['a x confirmed old'],
    ],
    ['somebody who came', event(role('x')), [document(ann, 'x', { status: 'attended' })], ['a x confirmed']],
    ['somebody who did not', event(role('x')), [document(ann, 'x', { status: 'no_show' })], ['a x confirmed']],
    ['a seat by its other name', event(role('x')), [document(ann, 'x', { status: 'confirmed' })], ['a x confirmed']],
    ['a place in line', event(role('x')), [document(ann, 'x', { status: 'waitlist' })], ['a x waitlist']],
    ['a cancelled one', event(role('x')), [document(ann, 'x', { status: 'cancelled' })], []],
    [
      'a cancelled one of somebody who is in the array',
      event(role('x', { userId: ann })),
      [document(ann, 'x', { status: 'cancelled', notes: 'gone' })],
      ['a x confirmed'],
    ],
    [
      'an event that does not take place',
      { ...event(role('x', { userId: ann })), status: 'cancelled' },
      [document(ann, 'x')],
      [],
    ],
    ['a user id as text', event(role('x', { userId: 'abc' })), [document('abc', 'x')], ['a x confirmed']],
    ['an unknown role', event(role('x', { userId: ann })), [document(ann, 'nowhere')], 'unknown role'],
    ['an unknown status', event(role('x')), [document(ann, 'x', { status: 'maybe' })], 'unknown status'],
    ['an unusable user id of a document', event(role('x')), [document({}, 'x')], 'unusable user id'],
    ['an unusable user id of a line', event(role('x', { userId: null })), [], 'unusable user id'],
  ])('%s', (_, legacyEvent, registrations, expected) => {
    expect(said(legacyEvent, registrations)).toEqual(expected);
  });

  it('orders a line by date, then id, with dates as text or when they were made', () => {
    const wait = (userId: ObjectId, more: Raw) => document(userId, 'x', { status: 'waitlisted', ...more });
    const held = oracle(event(role('x')), [
      wait(ann, { registrationDate: 'whenever', createdAt: new Date('2026-01-03') }),
      wait(bob, { registrationDate: new Date('2026-01-02') }),
      wait(eve, { registrationDate: '2026-01-01T00:00:00Z' }),
    ]);
    expect(held).toMatchObject({ lines: { x: [eve, bob, ann].map(String) } });
  });

  it('does not depend on the order in which documents are read', async () => {
    const wanted = Object.fromEntries(personKinds.map((kind) => [kind, 5]));
    const world = legacyWorld({ events: 10, people: { kind: 'fixed', perEvent: 30 }, wanted });
    for await (const { event: legacyEvent, registrations } of world.events()) {
      const raw = registrations.map((one) => ({ ...one }));
      expect(oracle({ ...legacyEvent }, raw.toReversed())).toEqual(oracle({ ...legacyEvent }, raw));
    }
  });
});

describe('what Rollcall holds', () => {
  it('is told in the same way', () => {
    const uuid = '11111111-2222-4333-a444-555555555555';
    const legacyEvent = event(role(uuid, { userId: ann, notes: 'n' }));
    const registrations = [document(ann, uuid, { notes: 'n' })];
    for (const [userId, date] of [
      [bob, 7],
      [eve, 6],
    ] as const) {
      registrations.push(document(userId, uuid, { status: 'waitlisted', registrationDate: new Date(date) }));
    }
    const roleId = uuid.replaceAll('-', '');
    const row = (userId: ObjectId, status: string, sequence: number): Raw => ({
      userId: userId.toHexString(),
      roleId,
      status,
      sequence,
    });
    const mine = { title: 'T', roles: [{ roleId, name: `Role ${uuid}`, capacity: 1 }] };
    const gone = row(bob, 'cancelled', 1);
    const held: Held = heldByRollcall(
      mine,
      [gone, row(bob, 'waitlist', 4), { ...row(ann, 'confirmed', 2), notes: 'n' }, row(eve, 'waitlist', 3)],
      legacyEvent,
    );
    expect(held).toEqual(oracle(legacyEvent, registrations));
    expect(held.lines).toEqual({ [uuid]: [eve, bob].map(String) });
  });
});

describe('drift', () => {
  it('is what the two copies alone show', () => {
    const twice = { userId: ann };
    const legacyEvent = { ...event(role('x', twice, twice, { userId: bob })), signedUp: 2 };
    expect(driftOf(legacyEvent, [document(ann, 'x'), document(eve, 'x'), document(eve, 'x')])).toEqual({
      overCapacity: 2,
      arrayOnly: 1,
      documentOnly: 1,
      repeats: 2,
      signedUpWrong: true,
    });
  });

  it('is nothing where they agree', () => {
    const legacyEvent = { ...event(role('x', { userId: ann })), signedUp: 1 };
    const waiting = document(bob, 'x', { status: 'waitlisted' });
    const nothing = { overCapacity: 0, arrayOnly: 0, documentOnly: 0, repeats: 0, signedUpWrong: false };
    expect(driftOf(legacyEvent, [document(ann, 'x'), waiting])).toEqual(nothing);
  });
});
