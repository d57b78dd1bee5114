import { describe, expect, it } from 'vitest';
import { dashedRoleId, toLegacyEvent, unlimitedSlots, withCounts } from './legacy-event.ts';

type Event = Parameters<typeof toLegacyEvent>[0];
type Registration = NonNullable<Parameters<typeof toLegacyEvent>[1]>[number];
type Counts = Parameters<typeof withCounts>[1];

const now = Date.parse('2030-05-01T00:00:00Z');
const uuid = '0f8fad5b-d9cb-469f-a165-70867728950e';

const role = (roleId: string, capacity: number | null, confirmed: number): Event['roles'][number] => ({
  roleId,
  name: `Role ${roleId}`,
  capacity,
  waitlist: 'auto',
  offerSeconds: 60,
  counts: { confirmed, waitlist: 1, offered: 0, available: capacity === null ? null : capacity - confirmed },
});
const event: Event = {
  eventId: 'e1',
  version: 7,
  status: 'open',
  organizerId: 'org',
  title: 'T',
  startsAt: '2030-05-01T16:00:00Z',
  endsAt: '2030-05-01T18:30:00Z',
  timeZone: 'Europe/Berlin',
  registrationsPerUserMax: 1,
  usersMayMove: true,
  roles: [role('r1', 10, 2), role('r2', 5, 0)],
  pools: {},
};
const registration = (userId: string, more: Partial<Registration> = {}): Registration => ({
  registrationId: `of-${userId}`,
  eventId: 'e1',
  userId,
  roleId: 'r1',
  status: 'confirmed',
  registrationDate: '2030-01-01T00:00:00Z',
  registeredBy: userId,
  ...more,
});
const counts = (version: number, ...roles: Counts['roles']): Counts => ({ eventId: 'e1', version, roles });

describe('an event in the old structure', () => {
  it('has for staff those with a seat, and the numbers of the counts', () => {
    const legacy = toLegacyEvent(
      { ...event, location: 'Hall', legacyId: '65f0' },
      [
        registration('ann', {
          profile: { displayName: 'Ann van der Berg' },
          notes: 'n',
          specialRequirements: 's',
          legacyId: '65f1',
        }),
        registration('bob'),
        registration('eve', { status: 'waitlist' }),
        registration('joe', { status: 'cancelled' }),
      ],
      { now, organizer: 'Olga' },
    );
    expect(legacy).toEqual({
      _id: '65f0',
      eventId: 'e1',
      version: 7,
      title: 'T',
      date: '2030-05-01',
      time: '18:00',
      endDate: '2030-05-01',
      endTime: '20:30',
      timeZone: 'Europe/Berlin',
      location: 'Hall',
      organizer: 'Olga',
      status: 'upcoming',
      signedUp: 2,
      totalSlots: 15,
      roles: [
        {
          id: 'r1',
          roleId: 'r1',
          name: 'Role r1',
          maxParticipants: 10,
          signedUp: 2,
          available: 8,
          currentSignups: [
            {
              userId: 'ann',
              registrationId: 'of-ann',
              _id: '65f1',
              username: 'Ann van der Berg',
              firstName: 'Ann',
              lastName: 'van der Berg',
              notes: 'n',
              specialRequirements: 's',
            },
            { userId: 'bob', registrationId: 'of-bob', username: 'bob', firstName: 'bob', lastName: '' },
          ],
        },
        {
          id: 'r2',
          roleId: 'r2',
          name: 'Role r2',
          maxParticipants: 5,
          signedUp: 0,
          available: 5,
          currentSignups: [],
        },
      ],
    });
  });

  it('has for the public numbers only', () => {
    const { _id, location, organizer, signedUp, roles } = toLegacyEvent(event, undefined, { now });
    expect({ _id, location, organizer, signedUp }).toEqual({ _id: 'e1', location: '', organizer: 'org', signedUp: 2 });
    expect(roles).toMatchObject([{ currentSignups: [], signedUp: 2, available: 8 }, { currentSignups: [] }]);
  });

  it('takes names and role ids from where they are known', () => {
    const names = (userId: string) =>
      userId === 'ann' ? { username: 'ann1', firstName: 'A', lastName: 'B', avatar: 'a.png' } : undefined;
    const { roles } = toLegacyEvent(event, [registration('ann'), registration('bob')], {
      names,
      legacyRoleId: (roleId) => `old-${roleId}`,
    });
    expect(roles).toMatchObject([
      { id: 'old-r1', roleId: 'r1', currentSignups: [{ username: 'ann1', avatar: 'a.png' }, { username: 'bob' }] },
      { id: 'old-r2', roleId: 'r2' },
    ]);
  });

  it.each([
    ['draft', '2030-05-01T17:00:00Z', 'draft'],
    ['cancelled', '2030-05-01T17:00:00Z', 'cancelled'],
    ['open', '2030-05-01T15:59:59Z', 'upcoming'],
    ['open', '2030-05-01T16:00:00Z', 'ongoing'],
    ['open', '2030-05-01T18:30:00Z', 'completed'],
    ['closed', '2030-05-01T15:59:59Z', 'upcoming'],
    ['closed', '2030-05-01T18:29:59Z', 'ongoing'],
    ['closed', '2030-05-01T18:30:00Z', 'completed'],
  ] as const)('that is %s is at %s %s', (status, at, expected) => {
    expect(toLegacyEvent({ ...event, status }, [], { now: Date.parse(at) }).status).toBe(expected);
  });

  it.each<[string, Partial<Event>, number]>([
    ['of the roles together', {}, 15],
    ['of the event where it has fewer', { capacity: 12 }, 12],
    ['of the roles where they have fewer', { capacity: 20 }, 15],
    ['without limit', { roles: [role('r1', null, 2), role('r2', null, 0)] }, unlimitedSlots],
    ['without limit but for the event', { roles: [role('r1', null, 2), role('r2', 5, 0)], capacity: 9 }, 9],
    ['of no role', { roles: [] }, 0],
    ['of none for the time being', { roles: [role('r1', 0, 0)] }, 0],
  ])('has the slots %s', (_, changes, totalSlots) => {
    expect(toLegacyEvent({ ...event, ...changes }).totalSlots).toBe(totalSlots);
  });

  it('has room in a role without limit, also once it was JSON', () => {
    const legacy = toLegacyEvent({ ...event, roles: [role('r1', null, 2)] });
    const [read] = (JSON.parse(JSON.stringify(legacy)) as typeof legacy).roles;
    expect(read).toMatchObject({ maxParticipants: unlimitedSlots, available: unlimitedSlots });
  });
});

describe('dates and times', () => {
  it.each([
    // The night in which clocks go forward: an hour is missing.
    ['Europe/Berlin', '2030-03-31T00:30:00Z', '2030-03-31T01:30:00Z', '2030-03-31 01:30 2030-03-31 03:30'],
    // And back: the same time twice.
    ['Europe/Berlin', '2030-10-27T00:30:00Z', '2030-10-27T01:30:00Z', '2030-10-27 02:30 2030-10-27 02:30'],
    ['America/Los_Angeles', '2030-07-01T06:00:00Z', '2030-07-01T09:00:00Z', '2030-06-30 23:00 2030-07-01 02:00'],
    ['America/Los_Angeles', '2030-01-01T06:00:00Z', '2030-01-01T08:00:00Z', '2029-12-31 22:00 2030-01-01 00:00'],
    ['Asia/Kathmandu', '2030-05-01T00:00:00Z', '2030-05-01T18:15:00Z', '2030-05-01 05:45 2030-05-02 00:00'],
    ['Australia/Lord_Howe', '2030-01-01T00:00:00Z', '2030-07-01T00:00:00Z', '2030-01-01 11:00 2030-07-01 10:30'],
    ['UTC', '0999-12-31T23:59:59Z', '9999-12-31T23:59:59Z', '0999-12-31 23:59 9999-12-31 23:59'],
  ])('in %s from %s to %s', (timeZone, startsAt, endsAt, expected) => {
    const { date, time, endDate, endTime } = toLegacyEvent({ ...event, timeZone, startsAt, endsAt });
    expect([date, time, endDate, endTime].join(' ')).toBe(expected);
  });

  it('are none in a time zone that is none', () => {
    expect(() => toLegacyEvent({ ...event, timeZone: 'Mars/Olympus' })).toThrow(RangeError);
  });
});

describe('live counts', () => {
  const known = toLegacyEvent(event, [registration('ann')], { now });
  const r1 = { roleId: 'r1', capacity: 20, confirmed: 11, waitlist: 0, offered: 1, available: 8 };
  const r2 = { roleId: 'r2', capacity: null, confirmed: 3, waitlist: 0, offered: 0, available: null };

  it('change the numbers, and leave the rest as it was', () => {
    expect(withCounts(known, counts(8, r1, r2))).toEqual({
      ...known,
      version: 8,
      signedUp: 14,
      totalSlots: unlimitedSlots,
      roles: [
        { ...known.roles[0], maxParticipants: 20, signedUp: 11, available: 8 },
        { ...known.roles[1], maxParticipants: unlimitedSlots, signedUp: 3, available: unlimitedSlots },
      ],
    });
  });

  it('keep to the limit of the event', () => {
    const limited = toLegacyEvent({ ...event, capacity: 12 }, [], { now });
    expect(withCounts(limited, counts(8, r1, r2)).totalSlots).toBe(12);
  });

  it('of an older version change nothing', () => {
    expect(withCounts(known, counts(6, r1, r2))).toBe(known);
  });

  it('take away a role that is gone, and leave out one that is not known', () => {
    const { roles, signedUp } = withCounts(known, counts(8, r2, { ...r1, roleId: 'r3' }));
    expect([roles.map(({ id }) => id), signedUp]).toEqual([['r2'], 3]);
  });

  it('of another event are refused', () => {
    expect(() => withCounts(known, { ...counts(8), eventId: 'e2' })).toThrow('not of e1');
  });
});

describe('role ids', () => {
  it.each([
    [uuid.replaceAll('-', ''), uuid],
    [uuid, uuid],
    ['volunteers', 'volunteers'],
  ])('%s was %s', (roleId, expected) => {
    expect(dashedRoleId(roleId)).toBe(expected);
  });
});
