import type { CreateIndexesOptions, Db, IndexSpecification } from 'mongodb';

/** The names of the indexes that queries ask for by name. */
export const indexes = {
  /** A role's registrations by status, in line order. */
  line: 'eventId_roleId_status_sequence',
  /** One active registration per user and role of an event. */
  oneActive: 'eventId_roleId_userId_active',
  /** An event's open offers per role, in line order. */
  offers: 'eventId_roleId_sequence_offered',
  /** Open offers of all events by when they run out. */
  offersDue: 'offer_expiresAt',
  /** Events with an obligation. */
  obligations: 'obligation_acceptedAt',
  /** Registrations by what the system before called them. */
  legacyIds: 'legacyId_imported',
} as const;

type Indexes = readonly (readonly [collection: string, IndexSpecification, CreateIndexesOptions?])[];

export const firstIndexes: Indexes = [
  ['events', { status: 1, startsAt: 1, _id: 1 }],
  ['events', { organizerId: 1, status: 1, startsAt: 1, _id: 1 }],
  ['registrations', { eventId: 1, roleId: 1, status: 1, sequence: 1 }, { name: indexes.line }],
  ['registrations', { eventId: 1, status: 1 }],
  [
    'registrations',
    { eventId: 1, roleId: 1, userId: 1 },
    { name: indexes.oneActive, unique: true, partialFilterExpression: { status: { $in: ['confirmed', 'waitlist'] } } },
  ],
  ['registrations', { eventId: 1, userId: 1, status: 1 }],
  // "My registrations": one of the three queries that go to every shard.
  ['registrations', { userId: 1, registrationDate: -1, _id: -1 }],
  ['journal', { eventId: 1, version: 1 }, { unique: true }],
  ['journal', { eventId: 1, commandId: 1 }, { unique: true }],
];

const whileOffered = { partialFilterExpression: { 'offer.expiresAt': { $exists: true } } };

export const wholeDomainIndexes: Indexes = [
  // In place of { eventId, status }: with the role in it, counts of many events need the index alone.
  ['registrations', { eventId: 1, status: 1, roleId: 1 }],
  // The time is in it to prove from the key alone that there is an offer.
  [
    'registrations',
    { eventId: 1, roleId: 1, sequence: 1, 'offer.expiresAt': 1 },
    { name: indexes.offers, ...whileOffered },
  ],
  // What a worker that died left undone. Both look-ups go to every shard, and find next to nothing there.
  ['registrations', { 'offer.expiresAt': 1 }, { name: indexes.offersDue, ...whileOffered }],
  [
    'events',
    { 'obligation.acceptedAt': 1 },
    { name: indexes.obligations, partialFilterExpression: { 'obligation.acceptedAt': { $exists: true } } },
  ],
];

const imported = { partialFilterExpression: { legacyId: { $exists: true } } };

export const migrationIndexes: Indexes = [
  // Which event a registration is of whose document in the system before was deleted.
  ['registrations', { legacyId: 1 }, { name: indexes.legacyIds, ...imported }],
  ['migration', { phase: 1, _id: 1 }, { partialFilterExpression: { phase: { $exists: true } } }],
];

/** The name that MongoDB gave to { eventId, status } of registrations. */
export const replacedIndex = 'eventId_1_status_1';

export async function createIndexes(db: Db, list: Indexes): Promise<void> {
  for (const [collection, keys, options] of list) await db.collection(collection).createIndex(keys, options);
}
