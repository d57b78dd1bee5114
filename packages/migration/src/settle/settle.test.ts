import { describe, expect, it } from 'vitest';
import type { LegacyDocument, LegacyEvent } from '../legacy.ts';
import { parseMapping } from '../mapping/parse.ts';
import { roleIdOf } from '../ids.ts';
import {
  aDocument,
  aLegacyEvent,
  aLegacyRole,
  anEntry,
  aUser,
  day,
  documentNo,
  organizer,
  theId,
  userNo,
} from '../testing.ts';
import { settle } from './settle.ts';

const settled = (legacy: LegacyEvent, mapping: object = {}) => settle(legacy, parseMapping(mapping));

/** What was found, as `kind: rule × count`. */
const found = (legacy: LegacyEvent, mapping: object = {}) =>
  settled(legacy, mapping).findings.map(({ kind, rule, count }) => `${kind}: ${rule} × ${count}`);

/** Who has what, in order: number of the user, first letter of the role's id, status, and where it comes from. */
function people(legacy: LegacyEvent, mapping: object = {}): string[] {
  return (settled(legacy, mapping).wanted?.registrations ?? []).map(({ userId, roleId, status, legacyId }) =>
    [Number(userId.slice(-4)), roleId, status, ...(legacyId === undefined ? ['list'] : [])].join(' '),
  );
}

const one = (document: LegacyDocument, entries: readonly unknown[] = []) =>
  aLegacyEvent({ roles: [aLegacyRole('helpers', 2, entries)], documents: [document] });

const rules = (kind: string, rule: string) => ({ rules: { [kind]: rule } });

describe('an event of the old system', () => {
  const agreed = aLegacyEvent({
    event: { signedUp: 1, totalSlots: 2 },
    roles: [aLegacyRole('helpers', 2, [anEntry(1)])],
    documents: [aDocument(1, { notes: 'no nuts' })],
  });

  it('becomes one of Rollcall, with nothing found where it agrees', () => {
    const { wanted, findings, stops } = settled(agreed);
    expect([findings, stops]).toEqual([[], []]);
    expect(wanted).toEqual({
      legacyId: theId.hex,
      settings: {
        organizerId: organizer.hex,
        title: 'Fair',
        startsAt: Date.UTC(2030, 5, 1, 9),
        endsAt: Date.UTC(2030, 5, 1, 17),
        timeZone: 'UTC',
        location: 'Hall 1',
        registrationsPerUserMax: 1,
        usersMayMove: false,
      },
      roles: [{ roleId: 'helpers', name: 'Name of helpers', capacity: 2, waitlist: 'auto', offerMs: 86_400_000 }],
      legacyRoleIds: new Map([['helpers', 'helpers']]),
      status: 'open',
      registrations: [
        {
          legacyId: documentNo(1).hex,
          key: `document:${documentNo(1).hex}`,
          userId: userNo(1).hex,
          roleId: 'helpers',
          status: 'confirmed',
          registrationDate: day(1).getTime(),
          registeredBy: userNo(1).hex,
          notes: 'no nuts',
          profile: { displayName: 'Ann No1', email: 'u1@example.org' },
          history: [{ action: 'registered', performedBy: userNo(1).hex, performedAt: day(1).getTime() }],
        },
      ],
    });
  });

  it('is read as the mapping says', () => {
    const legacy = aLegacyEvent({
      event: { tz: 'Europe/Berlin', status: 'over', endDate: '2030-06-03' },
      documents: [aDocument(1, { userId: userNo(7), when: day(4) })],
      users: new Map([[userNo(7).hex as never, { sub: 'auth0|seven' }]]),
    });
    const { wanted, stops } = settled(legacy, {
      event: { timeZone: 'tz' },
      eventStates: { closed: ['over'] },
      registration: { registrationDate: 'when', registeredBy: null },
      users: { subject: { field: 'sub' } },
      organizers: { table: { [organizer.hex]: 'org-1' } },
      defaults: { waitlist: 'offer', offerMs: 60_000, usersMayMove: true, registrationsPerUserMax: 3 },
      rules: { 'document-only': 'cancel' },
    });
    expect(stops).toEqual([]);
    expect(wanted).toMatchObject({
      status: 'closed',
      settings: {
        organizerId: 'org-1',
        timeZone: 'Europe/Berlin',
        startsAt: Date.UTC(2030, 5, 1, 7),
        endsAt: Date.UTC(2030, 5, 3, 15),
        usersMayMove: true,
        registrationsPerUserMax: 3,
      },
      roles: [{ waitlist: 'offer', offerMs: 60_000 }],
      registrations: [{ userId: 'auth0|seven', registeredBy: 'auth0|seven', status: 'cancelled' }],
    });
    expect(wanted?.registrations[0]?.registrationDate).toBe(day(4).getTime());
  });
});

describe('what the lists and the documents disagree on', () => {
  const arrayOnly = aLegacyEvent({
    roles: [aLegacyRole('helpers', 9, [anEntry(8), anEntry(2), anEntry(9), anEntry(7), anEntry(1)])],
    documents: [aDocument(1), aDocument(2)],
  });

  it('array-only: confirmed, dated by the neighbours in the list', () => {
    expect(found(arrayOnly)).toEqual(['array-only: confirm × 3']);
    expect(people(arrayOnly).map((line) => Number(line[0]))).toEqual([1, 8, 2, 9, 7]);
    expect(settled(arrayOnly).wanted?.registrations.map(({ registrationDate }) => registrationDate)).toEqual(
      [1, 2, 2, 2, 2].map((number) => day(number).getTime()),
    );
    expect(people(arrayOnly, rules('array-only', 'drop'))).toHaveLength(2);
    expect(settled(arrayOnly, rules('array-only', 'stop')).wanted).toBeUndefined();
  });

  it('array-only, with no document at all: when the event was created', () => {
    const legacy = aLegacyEvent({
      roles: [aLegacyRole('b', 9, [anEntry(3)]), aLegacyRole('a', 9, [anEntry(2), anEntry(1)])],
    });
    expect(people(legacy)).toEqual(['3 b confirmed list', '2 a confirmed list', '1 a confirmed list']);
    expect(settled(legacy).wanted?.registrations[0]).toMatchObject({
      key: `array:${theId.hex}/b/${userNo(3).hex}`,
      registrationDate: day(1).getTime(),
      profile: { displayName: 'Ann No3' },
    });
  });

  it('document-only', () => {
    expect(found(one(aDocument(1)))).toEqual(['document-only: keep × 1']);
    expect(people(one(aDocument(1)))).toEqual(['1 helpers confirmed']);
    expect(people(one(aDocument(1)), rules('document-only', 'cancel'))).toEqual(['1 helpers cancelled']);
    expect(found(one(aDocument(1, { status: 'waitlisted' })), {})).toEqual(['waiting-beside-seat: promote × 1']);
  });

  it('array-repeat', () => {
    const legacy = one(aDocument(1), [anEntry(1), anEntry(1, { notes: 'again' })]);
    expect(found(legacy)).toEqual(['array-repeat: keep-first × 1']);
    expect(settled(legacy).wanted?.registrations[0]?.notes).toBeUndefined();
  });

  it('document-repeat: one stays, and rather one with a seat', () => {
    const repeated = (status: string) =>
      aLegacyEvent({
        roles: [aLegacyRole('helpers', 9, [anEntry(1)])],
        documents: [aDocument(1, { status }), aDocument(2, { userId: userNo(1) })],
      });
    expect(found(repeated('active'))).toEqual(['document-repeat: keep-first × 1']);
    expect(people(repeated('active'))).toEqual(['1 helpers confirmed', '1 helpers cancelled']);
    expect(people(repeated('active'), rules('document-repeat', 'keep-last'))).toEqual([
      '1 helpers cancelled',
      '1 helpers confirmed',
    ]);
    expect(people(repeated('waitlist'))).toEqual(['1 helpers cancelled', '1 helpers confirmed']);
  });

  const twice = aLegacyEvent({
    roles: [aLegacyRole('a', 9, [anEntry(1)]), aLegacyRole('b', 9, [anEntry(1)])],
    documents: [aDocument(2, { userId: userNo(1), roleId: 'b' }), aDocument(3, { userId: userNo(1), roleId: 'a' })],
  });

  it('two-roles', () => {
    expect(found(twice)).toEqual(['two-roles: keep-all × 1']);
    expect(people(twice)).toEqual(['1 b confirmed', '1 a confirmed']);
    expect(people(twice, rules('two-roles', 'keep-first'))).toEqual(['1 b confirmed', '1 a cancelled']);
    expect(people(twice, rules('two-roles', 'keep-last'))).toEqual(['1 b cancelled', '1 a confirmed']);
  });

  it('role-differs: one person, one seat', () => {
    const differing = aLegacyEvent({
      roles: [aLegacyRole('a', 9, [anEntry(1)]), aLegacyRole('b', 9)],
      documents: [aDocument(1, { roleId: 'b' })],
    });
    expect(found(differing)).toEqual(['role-differs: document × 1']);
    expect(people(differing)).toEqual(['1 b confirmed']);
    expect(people(differing, rules('role-differs', 'array'))).toEqual(['1 a confirmed']);
  });

  it('role-differs only where one of each is left', () => {
    const three = aLegacyEvent({
      roles: [aLegacyRole('a', 9, [anEntry(1)]), aLegacyRole('b', 9), aLegacyRole('c', 9)],
      documents: [aDocument(1, { roleId: 'b' }), aDocument(2, { userId: userNo(1), roleId: 'c' })],
    });
    expect(found(three)).toEqual(['array-only: confirm × 1', 'document-only: keep × 2', 'two-roles: keep-all × 1']);
  });

  it('status-differs', () => {
    const legacy = one(aDocument(1, { status: 'waitlisted' }), [anEntry(1)]);
    expect(found(legacy)).toEqual(['status-differs: document × 1', 'waiting-beside-seat: promote × 1']);
    expect(people(legacy, rules('status-differs', 'array'))).toEqual(['1 helpers confirmed']);
  });

  it('over-capacity', () => {
    const legacy = aLegacyEvent({
      roles: [aLegacyRole('helpers', 1, [anEntry(1), anEntry(2), anEntry(3)])],
      documents: [aDocument(3), aDocument(2), aDocument(1)],
    });
    expect(found(legacy)).toEqual(['over-capacity: keep × 1']);
    expect(people(legacy)).toEqual(['1 helpers confirmed', '2 helpers confirmed', '3 helpers confirmed']);
    expect(people(legacy, rules('over-capacity', 'waitlist'))).toEqual([
      '1 helpers confirmed',
      '2 helpers waitlist',
      '3 helpers waitlist',
    ]);
  });

  it('notes-differ, unless one of them says nothing', () => {
    const legacy = one(aDocument(1, { notes: 'of the document' }), [anEntry(1, { notes: 'of the list' })]);
    expect(found(legacy)).toEqual(['notes-differ: document × 1']);
    expect(settled(legacy).wanted?.registrations[0]?.notes).toBe('of the document');
    expect(settled(legacy, rules('notes-differ', 'array')).wanted?.registrations[0]?.notes).toBe('of the list');
    const inList = one(aDocument(1, { notes: '' }), [anEntry(1, { notes: 'of the list' })]);
    expect(found(inList)).toEqual([]);
    expect(settled(inList).wanted?.registrations[0]?.notes).toBe('of the list');
  });

  it('numbers', () => {
    expect(found(aLegacyEvent({ event: { signedUp: 3, totalSlots: '2' } }))).toEqual([
      'signed-up-wrong: recount × 1',
      'total-slots-wrong: recount × 1',
    ]);
  });
});

describe('what documents hold', () => {
  it.each([
    ['unknown-role', aDocument(1, { roleId: 'gone' })],
    ['unknown-role', aDocument(1, { roleId: undefined })],
    ['unknown-status', aDocument(1, { status: 'maybe' })],
    ['unknown-status', aDocument(1, { status: 5 })],
    ['user-id-unusable', aDocument(1, { userId: null })],
    ['user-id-unusable', aDocument(1, { userId: 'x'.repeat(129) })],
    ['registration-id-unusable', aDocument(1, { _id: undefined })],
  ])('%s stops the event unless told otherwise', (kind, document) => {
    expect(settled(one(document)).stops.map((stop) => stop.kind)).toEqual([kind]);
    expect(settled(one(document)).wanted).toBeUndefined();
    expect(people(one(document), rules(kind, 'drop'))).toEqual([]);
  });

  it('unknown-role: the event may get that role', () => {
    const gone = { eventSnapshot: { roleName: 'Name of helpers' }, roleId: 'g o' };
    const legacy = aLegacyEvent({ documents: [aDocument(2, gone), aDocument(1, gone)] });
    const { wanted, findings } = settled(legacy, rules('unknown-role', 'add-role'));
    expect(wanted?.roles[1]).toMatchObject({ roleId: roleIdOf('g o'), name: 'Name of helpers (2)', capacity: 0 });
    expect(wanted?.registrations).toHaveLength(2);
    expect(findings.map(({ kind, count }) => [kind, count])).toEqual([
      ['document-only', 2],
      ['unknown-role', 2],
    ]);
  });

  it('registration-id-unusable: of two with one id none counts', () => {
    const legacy = aLegacyEvent({ documents: [aDocument(1), aDocument(1, { userId: userNo(2) }), aDocument(3)] });
    expect(people(legacy, rules('registration-id-unusable', 'drop'))).toEqual(['3 helpers confirmed']);
  });

  it('unknown-user', () => {
    const stranger = one(aDocument(1, { userId: userNo(99) }), [anEntry(99)]);
    expect(found(stranger)).toEqual(['unknown-user: keep × 2']);
    expect(people(stranger)).toEqual(['99 helpers confirmed']);
    expect(people(stranger, rules('unknown-user', 'drop'))).toEqual([]);
    expect(found({ ...stranger, users: undefined })).toEqual([]);
    expect(settled(stranger, { users: { subject: { field: 'sub' } } }).stops.map(({ kind }) => kind)).toEqual([
      'user-id-unusable',
    ]);
  });

  it.each([
    ['2024-01-05', 'date-text: parse × 1', 5],
    ['2024-01-05T00:00:00.000Z', 'date-text: parse × 1', 5],
    ['2024-01-05 00:00', 'date-text: parse × 1', 5],
    [day(5).getTime(), 'date-text: parse × 1', 5],
    ['yesterday', 'date-unusable: created × 1', 1],
    [undefined, 'date-unusable: created × 1', 1],
    [new Date(Number.NaN), 'date-unusable: created × 1', 1],
    [new Date(-1), 'date-unusable: created × 1', 1],
    [new Date(Date.UTC(10_000, 0)), 'date-unusable: created × 1', 1],
    [{}, 'date-unusable: created × 1', 1],
  ])('dates: %j', (registrationDate, finding, expected) => {
    const legacy = one(aDocument(1, { registrationDate }), [anEntry(1)]);
    expect(found(legacy)).toEqual([finding]);
    expect(settled(legacy).wanted?.registrations[0]?.registrationDate).toBe(day(expected).getTime());
  });

  it('date-unusable: the time within the ObjectId, then that of the event', () => {
    const dated = (more: LegacyDocument) =>
      settled(one(aDocument(1, { registrationDate: 1e300, createdAt: 'x', ...more }))).wanted?.registrations[0]
        ?.registrationDate;
    expect(dated({})).toBe(Number.parseInt(documentNo(1).hex.slice(0, 8), 16) * 1000);
    expect(dated({ _id: 'text' })).toBe(day(1).getTime());
  });

  it('standing: no_show has a seat and was not there', () => {
    const standing = (status: string, more: LegacyDocument = {}) =>
      settled(one(aDocument(1, { status, ...more }))).wanted?.registrations[0];
    expect(standing('no_show')).toMatchObject({ status: 'confirmed' });
    expect(standing('no_show')).not.toHaveProperty('attendedAt');
    expect(standing('attended', { updatedAt: day(6) })).toMatchObject({
      status: 'confirmed',
      attendedAt: day(6).getTime(),
    });
    const line = { action: 'attended', performedAt: day(7) };
    expect(standing('attended', { updatedAt: day(8), actionHistory: [line] })).toMatchObject({
      attendedAt: day(7).getTime(),
    });
    expect(standing('attended', { updatedAt: 0n, actionHistory: [] })).toMatchObject({
      attendedAt: Date.UTC(2030, 5, 1, 9),
    });
    expect(standing('canceled', { updatedAt: day(9) })).toMatchObject({
      status: 'cancelled',
      cancelledAt: day(9).getTime(),
    });
  });

  it('text-changed', () => {
    const legacy = one(aDocument(1, { notes: `a\u0000${'x'.repeat(2001)}`, specialRequirements: 'a\r\nb' }), [
      anEntry(1),
    ]);
    expect(found(legacy)).toEqual(['text-changed: cut × 1']);
    expect(settled(legacy).wanted?.registrations[0]).toMatchObject({
      notes: `a${'x'.repeat(1999)}`,
      specialRequirements: 'a\nb',
    });
    expect(JSON.stringify(settled(legacy).findings)).not.toContain('xxx');
  });

  it('profile: the snapshot, else the list; the account where there is no name', () => {
    const profile = (userSnapshot: unknown) =>
      settled(one(aDocument(1, { userSnapshot }), [anEntry(1, { firstName: 'List' })])).wanted?.registrations[0]
        ?.profile;
    expect(profile({ username: 'ann', email: 'a@b.c' })).toEqual({ displayName: 'ann', email: 'a@b.c' });
    expect(profile({ firstName: ' Ann ', email: '' })).toEqual({ displayName: 'Ann' });
    expect(profile(undefined)).toEqual({ displayName: 'List No1' });
    expect(profile('Ann')).toEqual({ displayName: 'List No1' });
    expect(found(one(aDocument(1, { userSnapshot: 'Ann' }), [anEntry(1)]))).toEqual(['field-unusable: default × 1']);
    expect(found(one(aDocument(1, { userSnapshot: { ...aUser(1), email: 5 } }), [anEntry(1)]))).toEqual([
      'field-unusable: default × 1',
    ]);
  });

  it('history: facts, and no texts', () => {
    const legacy = aLegacyEvent({
      roles: [aLegacyRole('a', 1), aLegacyRole('b', 1)],
      documents: [
        aDocument(1, {
          roleId: 'a',
          actionHistory: [
            { action: 'moved', performedAt: '2024-01-02', previousValue: 'b', newValue: 'a', details: 'secret' },
            { action: 'noted', previousValue: 'secret', newValue: { roleId: 'a' }, performedBy: 'x\ny' },
            { action: 'a\nb' },
            'nothing',
          ],
        }),
      ],
    });
    expect(settled(legacy).wanted?.registrations[0]?.history).toEqual([
      { action: 'moved', performedAt: day(2).getTime(), fromRoleId: 'b', toRoleId: 'a' },
      { action: 'noted' },
    ]);
    expect(found(legacy)).toContain('history-unusable: drop × 2');
    const long = Array.from({ length: 103 }, (_, number) => ({ action: `line ${number}` }));
    expect(settled(one(aDocument(1, { actionHistory: long }))).wanted?.registrations[0]?.history.at(0)).toEqual({
      action: 'line 3',
    });
    expect(found(one(aDocument(1, { actionHistory: long }), [anEntry(1)]))).toEqual(['history-unusable: drop × 3']);
  });
});

describe('what the event itself holds', () => {
  it.each([
    ['event-time-unusable', { date: 'soon' }],
    ['event-time-unusable', { time: undefined }],
    ['event-time-unusable', { date: '9999-12-31', time: '23:59', endTime: undefined }],
    ['event-status-unknown', { status: 'draft' }],
    ['event-id-unusable', { _id: undefined }],
    ['organizer-unusable', { createdBy: undefined }],
    ['role-missing-id', { roles: [{ name: 'x', capacity: 1 }] }],
    ['role-missing-id', { roles: ['helpers'] }],
    ['role-id-repeat', { roles: [aLegacyRole('a', 1), aLegacyRole('a', 1)] }],
    ['capacity-unusable', { roles: [aLegacyRole('a', -1)] }],
    ['capacity-unusable', { roles: [aLegacyRole('a', 1.5)] }],
    ['capacity-unusable', { roles: [{ id: 'a', name: 'x', capacity: '3' }] }],
    ['too-many-roles', { roles: Array.from({ length: 101 }, (_, number) => aLegacyRole(`r${number}`, 1)) }],
  ])('%s stops it: %j', (kind, event) => {
    expect(settled(aLegacyEvent({ event })).stops.map((stop) => stop.kind)).toContain(kind);
    expect(settled(aLegacyEvent({ event })).wanted).toBeUndefined();
  });

  it.each([
    [{ endTime: undefined }, 'event-end: estimate × 1', 10],
    [{ endTime: '09:00' }, 'event-end: estimate × 1', 10],
    [{ endTime: '02:00' }, 'event-end: estimate × 1', 26],
    [{ endTime: '02:00', endDate: '2030-06-01' }, 'event-end: estimate × 1', 10],
    [{ endTime: '02:00', endDate: '2030-06-02' }, undefined, 26],
  ])('its end: %j', (event, finding, hour) => {
    expect(found(aLegacyEvent({ event }))).toEqual(finding === undefined ? [] : [finding]);
    expect(settled(aLegacyEvent({ event })).wanted?.settings.endsAt).toBe(Date.UTC(2030, 5, 1, hour));
  });

  it('defaults', () => {
    const legacy = aLegacyEvent({
      event: { title: undefined, location: 5, roles: [{ id: 'a', capacity: 1, currentSignups: 'x' }] },
    });
    expect(found(legacy)).toEqual(['field-unusable: default × 4']);
    expect(settled(legacy).wanted).toMatchObject({
      settings: { title: 'Event' },
      roles: [{ name: 'Role a', capacity: 1 }],
    });
    expect(settled(legacy, rules('field-unusable', 'stop')).wanted).toBeUndefined();
    expect(
      settled(aLegacyEvent({ event: { createdBy: 'x\n' } }), { organizers: { default: 'org' } }).wanted?.settings
        .organizerId,
    ).toBe('org');
    const unlimited = settled(
      aLegacyEvent({ roles: [{ id: 'a', name: 'x' }] }),
      rules('capacity-unusable', 'unlimited'),
    );
    expect(unlimited.wanted?.roles[0]?.capacity).toBeNull();
  });

  it('role-name-repeat', () => {
    const named = (id: string) => ({ ...aLegacyRole(id, 1), name: 'Helper' });
    const legacy = aLegacyEvent({ roles: [named('a'), named('b'), { ...named('c'), name: 'Helper (2)' }] });
    expect(settled(legacy).wanted?.roles.map(({ name }) => name)).toEqual(['Helper', 'Helper (2)', 'Helper (2) (2)']);
    expect(found(legacy)).toEqual(['role-name-repeat: number × 2']);
  });

  it('that does not take place has nobody with a seat', () => {
    const legacy = aLegacyEvent({
      event: { status: 'cancelled', updatedAt: day(20) },
      roles: [aLegacyRole('helpers', 9, [anEntry(1), anEntry(2)])],
      documents: [aDocument(1), aDocument(3, { status: 'waitlisted' })],
    });
    expect(people(legacy)).toEqual(['1 helpers cancelled', '2 helpers cancelled list', '3 helpers cancelled']);
    expect(settled(legacy).wanted).toMatchObject({
      status: 'cancelled',
      registrations: [{ cancelledAt: day(20).getTime() }, {}, {}],
    });
  });

  it('waiting-beside-seat', () => {
    const waiting = [1, 2, 3].map((number) => aDocument(number, { status: 'waitlisted' }));
    expect(found(aLegacyEvent({ documents: waiting }))).toEqual(['waiting-beside-seat: promote × 2']);
  });

  it('with 80,000 people is settled and reported in few words', () => {
    const entries = Array.from({ length: 80_000 }, (_, number) => anEntry(number));
    const { wanted, findings } = settled({
      ...aLegacyEvent({ roles: [aLegacyRole('helpers', 80_000, entries)] }),
      users: undefined,
    });
    expect(wanted?.registrations).toHaveLength(80_000);
    expect(findings).toMatchObject([{ kind: 'array-only', count: 80_000 }]);
    expect(JSON.stringify(findings).length).toBeLessThan(1000);
  });
});
