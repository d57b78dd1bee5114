import {
  commandIdFromToken,
  eventIdFor,
  parseOrganizerId,
  parseRoleId,
  parseUserId,
  registrationIdFor,
  type CommandId,
  type Decision,
  type DomainEvent,
  type JournalEntry,
  type Registration,
  type Role,
} from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { checkHistory } from './check-history.ts';
import type { RecordedHistory } from './history.ts';

// Written by hand and not decided by the rules: a history that the rules can't make is what has to be found.
const must = <Id>(id: Id | undefined): Id => {
  if (id === undefined) throw new Error('not such an id');
  return id;
};
const commandId = (n: number): CommandId => commandIdFromToken(String(n).padStart(22, '0'));
const eventId = eventIdFor(commandId(1));
const roleId = must(parseRoleId('volunteers'));
const role: Role = { roleId, name: 'Volunteers', capacity: 1, waitlist: 'auto' };
const about = (n: number, user: string, sequence = n) => ({
  registrationId: registrationIdFor(commandId(n)),
  userId: must(parseUserId(user)),
  roleId,
  sequence,
});

type Fact = DomainEvent;
const confirmed = (n: number, user: string, sequence = n): Fact => ({
  type: 'RegistrationConfirmed',
  ...about(n, user, sequence),
});
const waitlisted = (n: number, user: string, waitlistPosition: number, sequence = n): Fact => ({
  type: 'RegistrationWaitlisted',
  ...about(n, user, sequence),
  waitlistPosition,
});
const promoted = (n: number, user: string): Fact => ({ type: 'RegistrationPromoted', ...about(n, user) });
const cancelled = (n: number, user: string, previousStatus: 'confirmed' | 'waitlist'): Fact => ({
  type: 'RegistrationCancelled',
  ...about(n, user),
  previousStatus,
});
const created: Fact = {
  type: 'EventCreated',
  settings: {
    organizerId: must(parseOrganizerId('org-1')),
    title: 'Summer fair',
    startsAt: 10,
    endsAt: 20,
    timeZone: 'UTC',
    registrationsPerUserMax: 1,
  },
  roles: [role],
};

function entry(version: number, ...domainEvents: readonly Fact[]): JournalEntry {
  const decision: Decision = { outcome: 'accepted', domainEvents };
  const times = { acceptedAt: version, decidedAt: version };
  return {
    eventId,
    version,
    commandId: commandId(version),
    bodyHash: '',
    commandType: 'SignUp',
    actor: undefined,
    ...times,
    decision,
  };
}

const registration = (n: number, user: string, status: Registration['status']): Registration => ({
  ...about(n, user),
  status,
});

/** One seat: ann gets it, bob and cem wait, dan is refused; ann leaves, bob is promoted; ann comes back behind cem. */
const sound: RecordedHistory & { arrivals: readonly CommandId[] } = {
  entries: [
    entry(1, created),
    entry(2, { type: 'EventOpened' }),
    entry(3, confirmed(3, 'ann')),
    entry(4, waitlisted(4, 'bob', 1)),
    entry(5, waitlisted(5, 'cem', 2)),
    { ...entry(6), decision: { outcome: 'rejected', rejection: { reason: 'role-not-found', roleId } } },
    entry(7, cancelled(3, 'ann', 'confirmed'), promoted(4, 'bob')),
    entry(8, waitlisted(8, 'ann', 2)),
  ],
  roles: [role],
  registrations: [
    registration(3, 'ann', 'cancelled'),
    registration(4, 'bob', 'confirmed'),
    registration(5, 'cem', 'waitlist'),
    registration(8, 'ann', 'waitlist'),
  ],
  arrivals: [1, 2, 3, 4, 5, 4, 6, 7, 8].map(commandId),
};

/** The sound history with one decision changed. */
const changedAt = (version: number, ...domainEvents: readonly Fact[]): RecordedHistory => ({
  ...sound,
  entries: sound.entries.map((old) => (old.version === version ? entry(version, ...domainEvents) : old)),
});
const swapped = <Item>(items: readonly Item[], a: number, b: number): readonly Item[] =>
  items.map((item, index) => items[index === a ? b : index === b ? a : index] ?? item);

const planted: readonly (readonly [string, string, RecordedHistory])[] = [
  ['a gap in the versions', 'versions', { ...sound, entries: sound.entries.filter(({ version }) => version !== 6) }],
  ['two decisions under one version', 'versions', { ...sound, entries: [...sound.entries, entry(8)] }],
  [
    'a command that is decided twice',
    'decided-once',
    { ...sound, entries: [...sound.entries, { ...entry(9), commandId: commandId(3) }] },
  ],
  ['a command that is never decided', 'decided-once', { ...sound, arrivals: [...sound.arrivals, commandId(9)] }],
  ['decisions out of order', 'arrival-order', { ...sound, arrivals: swapped(sound.arrivals, 3, 4) }],
  ['a decision of a command that never came', 'arrival-order', { ...sound, arrivals: sound.arrivals.slice(0, -1) }],
  ['a seat that is given twice', 'capacity', changedAt(4, confirmed(4, 'bob'))],
  ['a promotion into a full role', 'capacity', changedAt(6, promoted(4, 'bob'))],
  ['one who waits beside a free seat', 'free-seats', changedAt(3, waitlisted(3, 'ann', 1))],
  ['a seat that nobody is promoted into', 'free-seats', changedAt(7, cancelled(3, 'ann', 'confirmed'))],
  ['a user who is registered twice', 'one-active', changedAt(5, waitlisted(5, 'bob', 2))],
  [
    'a promotion of the second in line',
    'promotions',
    changedAt(7, cancelled(3, 'ann', 'confirmed'), promoted(5, 'cem')),
  ],
  [
    'a promotion of one who does not wait',
    'promotions',
    changedAt(7, cancelled(3, 'ann', 'confirmed'), promoted(9, 'eve')),
  ],
  [
    'one who is confirmed past the line',
    'nobody-passed',
    changedAt(7, cancelled(3, 'ann', 'confirmed'), confirmed(7, 'eve')),
  ],
  ['a sequence that jumps the line', 'line-order', changedAt(8, waitlisted(8, 'ann', 2, 2))],
  ['a place that is not true', 'line-order', changedAt(8, waitlisted(8, 'ann', 1))],
  ['a registration that the store lost', 'projection', { ...sound, registrations: sound.registrations.slice(1) }],
  [
    'a registration that the journal does not know',
    'projection',
    { ...sound, registrations: [...sound.registrations, registration(9, 'eve', 'cancelled')] },
  ],
  [
    'a status that drifted',
    'projection',
    { ...sound, registrations: [...sound.registrations.slice(0, 3), registration(8, 'ann', 'confirmed')] },
  ],
  [
    'a sequence that drifted',
    'projection',
    {
      ...sound,
      registrations: [...sound.registrations.slice(0, 3), { ...registration(8, 'ann', 'waitlist'), sequence: 9 }],
    },
  ],
  [
    'a registration of another user',
    'projection',
    { ...sound, registrations: [...sound.registrations.slice(0, 3), registration(8, 'eve', 'waitlist')] },
  ],
  [
    'a registration that is stored twice',
    'projection',
    { ...sound, registrations: [...sound.registrations, ...sound.registrations.slice(0, 1)] },
  ],
  ['a role that drifted', 'projection', { ...sound, roles: [{ ...role, capacity: 2 }] }],
];

describe('the checkers', () => {
  it('find nothing in a sound history, with or without its arrivals', () => {
    expect(checkHistory(sound)).toEqual([]);
    const { arrivals: _unknown, ...withoutArrivals } = sound;
    expect(checkHistory(withoutArrivals)).toEqual([]);
    expect(checkHistory({ entries: [], roles: [], registrations: [] })).toEqual([]);
  });

  it.each(planted)('find %s (%s)', (_what, check, history) => {
    const found = checkHistory(history).map((violation) => violation.check);
    expect(found).toContain(check);
  });

  it('name the version and the ids, and no user', () => {
    const violations = checkHistory(changedAt(4, confirmed(4, 'bob')));
    expect(violations[0]).toEqual({
      check: 'capacity',
      version: 4,
      message: 'volunteers: 2 are confirmed for 1 seats',
    });
    const texts = planted.flatMap(([, , history]) => checkHistory(history)).map(({ message }) => message);
    for (const text of texts) expect(text).not.toMatch(/\b(ann|bob|cem|eve)\b/);
  });

  it('are quick over long histories', () => {
    const entries = [
      entry(1, created),
      ...Array.from({ length: 50_000 }, (_, n) =>
        entry(n + 2, n === 0 ? confirmed(2, 'u0') : waitlisted(n + 2, `u${n}`, n)),
      ),
    ];
    const startedAt = performance.now();
    const violations = checkHistory({ entries, roles: [role], registrations: [] });
    expect(violations).toHaveLength(50_000);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
