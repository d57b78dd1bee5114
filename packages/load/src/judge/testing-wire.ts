import type { JournalItem, RegistrationDocument } from '@rollcall/contracts/http';
import {
  commandIdFromToken,
  eventIdFor,
  parseOrganizerId,
  parseRoleId,
  parseUserId,
  registrationIdFor,
  type CommandId,
} from '@rollcall/domain';

// What the API says of an event with one seat, written by hand: nobody's mistakes are in it.

const must = <Id>(id: Id | undefined): Id => {
  if (id === undefined) throw new Error('not such an id');
  return id;
};

export const commandId = (n: number): CommandId => commandIdFromToken(String(n).padStart(22, '0'));
export const registrationId = (n: number) => registrationIdFor(commandId(n));
export const eventId = eventIdFor(commandId(1));
export const roleId = must(parseRoleId('volunteers'));
const userId = (user: string) => must(parseUserId(user));

const at = (ms: number): string => new Date(Date.UTC(2030, 0, 1) + ms).toISOString();

type Facts = NonNullable<JournalItem['domainEvents']>;

/** Accepted in the order of versions, 10 ms after each other, and decided 5 ms later. */
function item(version: number, type: JournalItem['type'], user: string, domainEvents: Facts): JournalItem {
  return {
    version,
    commandId: commandId(version),
    type,
    actor: { kind: user === 'staff' ? 'staff' : 'user', userId: userId(user) },
    acceptedAt: at(version * 10),
    decidedAt: at(version * 10 + 5),
    outcome: 'accepted',
    domainEvents,
  };
}

const about = (n: number, user: string) => ({
  registrationId: registrationId(n),
  userId: userId(user),
  roleId,
  sequence: n,
});

export const confirmed = (n: number, user: string): JournalItem =>
  item(n, 'SignUp', user, [{ type: 'RegistrationConfirmed', ...about(n, user) }]);

export const waitlisted = (n: number, user: string, waitlistPosition: number): JournalItem =>
  item(n, 'SignUp', user, [
    {
      type: 'RegistrationWaitlisted',
      ...about(n, user),
      waitlistPosition,
      because: { reason: 'role-full', roleId, capacity: 1, taken: 1 },
    },
  ]);

const { domainEvents: _facts, ...undone } = item(6, 'SignUp', 'ann', []);

/** Ann has the seat, Bob and Cem wait; Ann wants another, leaves, and Bob gets her seat. */
export const sound: readonly JournalItem[] = [
  item(1, 'CreateEvent', 'staff', [
    {
      type: 'EventCreated',
      settings: {
        organizerId: must(parseOrganizerId('org-1')),
        title: 'Summer fair',
        startsAt: at(1_000_000),
        endsAt: at(2_000_000),
        timeZone: 'UTC',
        registrationsPerUserMax: 1,
        usersMayMove: false,
      },
      roles: [{ roleId, name: 'Volunteers', capacity: 1, waitlist: 'auto', offerMs: 1000 }],
      pools: [],
    },
  ]),
  item(2, 'ChangeEventSettings', 'staff', [{ type: 'EventOpened' }]),
  confirmed(3, 'ann'),
  waitlisted(4, 'bob', 1),
  waitlisted(5, 'cem', 2),
  {
    ...undone,
    outcome: 'rejected',
    rejection: { reason: 'already-registered', registrationId: registrationId(3), status: 'confirmed' },
  },
  item(7, 'CancelSignup', 'ann', [
    { type: 'RegistrationCancelled', ...about(3, 'ann'), previousStanding: 'confirmed', cause: 'user' },
    { type: 'RegistrationPromoted', ...about(4, 'bob'), previousStanding: 'waitlist' },
  ]),
];

const document = (
  n: number,
  user: string,
  status: RegistrationDocument['status'],
  waitlistPosition?: number,
): RegistrationDocument => ({
  registrationId: registrationId(n),
  eventId,
  userId: userId(user),
  roleId,
  status,
  registrationDate: at(n * 10),
  registeredBy: userId(user),
  ...(waitlistPosition === undefined ? {} : { waitlistPosition }),
});

export const registrations: readonly RegistrationDocument[] = [
  document(3, 'ann', 'cancelled'),
  document(4, 'bob', 'confirmed'),
  document(5, 'cem', 'waitlist', 1),
];

export const availability = {
  eventId,
  version: 7,
  roles: [{ roleId, capacity: 1, confirmed: 1, waitlist: 1, offered: 0, available: 0 }],
};
