import * as fc from 'fast-check';
import type { LegacyDocument, LegacyEvent, LegacyId } from './legacy.ts';

/** Stands for the driver's: the same that this package knows of it. */
export class ObjectId {
  readonly hex: string;

  constructor(hex: string) {
    this.hex = hex;
  }

  toHexString(): string {
    return this.hex;
  }
}

export const objectIdOf = (hex: string): ObjectId => new ObjectId(hex);

/** Made in 2023, and the same for the same kind and number. */
const anId = (kind: string, number: number) => new ObjectId(`65${kind}${String(number).padStart(20, '0')}`);
export const userNo = (number: number) => anId('a0', number);
export const documentNo = (number: number) => anId('d0', number);
export const theId = anId('e0', 1);
export const organizer = anId('b0', 1);

export const day = (number: number) => new Date(Date.UTC(2024, 0, number));

export function aUser(number: number): LegacyDocument {
  return { username: `user${number}`, firstName: 'Ann', lastName: `No${number}`, email: `u${number}@example.org` };
}

/** An entry of a list of signups. */
export function anEntry(number: number, more: LegacyDocument = {}): LegacyDocument {
  const { email: _, ...names } = aUser(number);
  return { userId: userNo(number), ...names, avatar: 'owl', ...more };
}

/** The document `number` of user `number`, unless told otherwise. */
export function aDocument(number: number, more: LegacyDocument = {}): LegacyDocument {
  return {
    _id: documentNo(number),
    eventId: theId,
    userId: userNo(number),
    roleId: 'helpers',
    status: 'active',
    registrationDate: day(number),
    registeredBy: userNo(number),
    userSnapshot: aUser(number),
    eventSnapshot: { title: 'Fair', roleName: 'Helpers', roleDescription: 'They help' },
    actionHistory: [{ action: 'registered', performedBy: userNo(number), performedAt: day(number), details: 'x' }],
    createdAt: day(number),
    updatedAt: day(number),
    ...more,
  };
}

export function aLegacyRole(id: string, capacity: number, signups: readonly unknown[] = []): LegacyDocument {
  return { id, name: `Name of ${id}`, description: 'What they do', maxParticipants: capacity, currentSignups: signups };
}

interface Parts {
  readonly event?: LegacyDocument;
  readonly roles?: readonly unknown[];
  readonly documents?: readonly LegacyDocument[];
  readonly users?: LegacyEvent['users'];
}

/** An event without disagreements beyond those in the parts; all of its first 20 users are known. */
export function aLegacyEvent({
  event = {},
  roles = [aLegacyRole('helpers', 2)],
  documents = [],
  users,
}: Parts = {}): LegacyEvent {
  return {
    legacyId: theId.hex as LegacyId,
    event: {
      _id: theId,
      title: 'Fair',
      date: '2030-06-01',
      time: '09:00',
      endTime: '17:00',
      location: 'Hall 1',
      createdBy: organizer,
      status: 'upcoming',
      roles,
      createdAt: day(1),
      ...event,
    },
    registrations: documents,
    users: users ?? new Map(Array.from({ length: 20 }, (_, number) => [userNo(number).hex as LegacyId, aUser(number)])),
  };
}

const roleIds = ['helpers', 'a3bb189e-8bf9-3888-9912-ace4e6543002', 'cooks and bakers'] as const;
const statuses = ['active', 'waitlisted', 'attended', 'no_show', 'cancelled', 'confirmed', 'waitlist'] as const;
const notes = fc.option(fc.constantFrom('no nuts', 'by bike\r\n', '', 'x'.repeat(2001), 'broken \uFFFD'), {
  nil: undefined,
});
const withNotes = (text: string | undefined) => (text === undefined ? {} : { notes: text });
const usersMax = 6;

const someDocument = fc.record({
  user: fc.integer({ min: 1, max: usersMax }),
  roleId: fc.constantFrom(...roleIds),
  status: fc.constantFrom(...statuses),
  date: fc.integer({ min: 1, max: 9 }),
  notes,
});

const someEntries = fc.array(fc.record({ user: fc.integer({ min: 1, max: usersMax }), notes }), { maxLength: 5 });

/** Events with every kind of disagreement that does not stop them, few of each. */
export const legacyEvents: fc.Arbitrary<LegacyEvent> = fc
  .record({
    lists: fc.tuple(someEntries, someEntries, someEntries),
    capacities: fc.tuple(...roleIds.map(() => fc.integer({ min: 0, max: 4 }))),
    documents: fc.array(someDocument, { maxLength: 9 }),
    status: fc.constantFrom('upcoming', 'ongoing', 'completed', 'cancelled', 'upcoming'),
    endTime: fc.constantFrom('17:00', '08:00', undefined),
    signedUp: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ lists, capacities, documents, ...event }) =>
    aLegacyEvent({
      event,
      roles: roleIds.map((roleId, index) => {
        const entries = (lists[index] ?? []).map(({ user, notes: text }) => anEntry(user, withNotes(text)));
        return aLegacyRole(roleId, capacities[index] ?? 0, entries);
      }),
      documents: documents.map(({ user, date, notes: text, ...rest }, number) =>
        aDocument(number, { userId: userNo(user), registrationDate: day(date), ...withNotes(text), ...rest }),
      ),
    }),
  );

/** Whatever BSON can hold where something else should be. */
export const garbage: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    1e308,
    2n ** 63n,
    '',
    '\uD800',
    'x'.repeat(5000),
    [],
    {},
    [[]],
    [null],
    { toHexString: 5 },
    JSON.parse('{"__proto__": {"a": 1}}'),
    new Date(Number.NaN),
    new Date(8.64e15),
    new Date(-1),
    userNo(3),
    new Uint8Array(3),
  ),
  fc.string({ unit: 'binary' }),
  fc.anything({ withBigInt: true, withDate: true, maxDepth: 2 }),
);
