import { removalCodes } from '@rollcall/domain';
import { phases } from '@rollcall/migration';

/** MongoDB's dialect: `bsonType` instead of `type`, and no `integer` or `format`. */
const string = { bsonType: 'string' };
const date = { bsonType: 'date' };
const wholeNumber = { bsonType: ['int', 'long', 'double'], minimum: 0 };
const boolean = { bsonType: 'bool' };
const arrayOf = (items: object) => ({ bsonType: 'array', items });

const object = (required: readonly string[], properties: Readonly<Record<string, object>>) => ({
  bsonType: 'object',
  required,
  properties,
  additionalProperties: false,
});

const profile = object(['displayName'], { displayName: string, email: string });
const role = object(['roleId', 'name', 'capacity', 'waitlist', 'offerMs'], {
  roleId: string,
  name: string,
  // Null: as many as are wanted.
  capacity: { bsonType: [...wholeNumber.bsonType, 'null'], minimum: 0 },
  waitlist: { enum: ['off', 'auto', 'offer'] },
  waitlistMax: wholeNumber,
  offerMs: wholeNumber,
});
const pool = object(['poolId', 'capacity', 'roleIds'], {
  poolId: string,
  capacity: wholeNumber,
  roleIds: arrayOf(string),
});
const limit = object(['limit'], { limit: { enum: ['role', 'pool', 'event'] }, roleId: string, poolId: string });
const obligation = object(['kind', 'causationId', 'acceptedAt'], {
  kind: { enum: ['promote', 'demote', 'cancel'] },
  causationId: string,
  acceptedAt: date,
  limits: arrayOf(limit),
});

const event = object(
  [
    '_id',
    'version',
    'commitId',
    'status',
    'organizerId',
    'title',
    'startsAt',
    'endsAt',
    'timeZone',
    'registrationsPerUserMax',
    'usersMayMove',
    'roles',
    'pools',
  ],
  {
    _id: string,
    version: wholeNumber,
    commitId: string,
    status: { enum: ['draft', 'open', 'closed', 'cancelled'] },
    organizerId: string,
    title: string,
    startsAt: date,
    endsAt: date,
    timeZone: string,
    location: string,
    signupOpensAt: date,
    signupClosesAt: date,
    cancelClosesAt: date,
    capacity: wholeNumber,
    registrationsPerUserMax: wholeNumber,
    usersMayMove: boolean,
    roles: arrayOf(role),
    pools: arrayOf(pool),
    obligation,
    legacyId: string,
    // Nothing is said by its absence but that it is not so.
    importing: { enum: [true] },
  },
);

const onlyWhile = (status: string) => ({ properties: { status: { enum: [status] } } });

const registrationFields = object(
  ['_id', 'eventId', 'userId', 'roleId', 'status', 'sequence', 'registrationDate', 'registeredBy'],
  {
    _id: string,
    eventId: string,
    userId: string,
    roleId: string,
    status: { enum: ['confirmed', 'waitlist', 'cancelled'] },
    sequence: wholeNumber,
    offer: object(['expiresAt'], { expiresAt: date }),
    replaces: string,
    attendedAt: date,
    registrationDate: date,
    registeredBy: string,
    notes: string,
    specialRequirements: string,
    profile,
    legacyId: string,
    cancelledAt: date,
    cancelCause: { enum: ['user', 'staff', 'declined', 'expired', 'moved', 'event-cancelled', 'imported'] },
    cancelledBy: string,
    cancelReasonCode: { enum: removalCodes },
    cancelReason: string,
  },
);

const registration = {
  ...registrationFields,
  // A field that outlives its status would be counted: the indexes of open offers hold whoever has an offer.
  dependencies: { offer: onlyWhile('waitlist'), replaces: onlyWhile('waitlist'), attendedAt: onlyWhile('confirmed') },
};

const person = object(['kind', 'userId'], { kind: { enum: ['user', 'staff'] }, userId: string });
const rollcall = object(['kind'], { kind: { enum: ['system'] } });

const journal = object(
  [
    '_id',
    'eventId',
    'version',
    'commandId',
    'commitId',
    'bodyHash',
    'commandType',
    'acceptedAt',
    'decidedAt',
    'outcome',
  ],
  {
    _id: { bsonType: 'objectId' },
    eventId: string,
    version: wholeNumber,
    commandId: string,
    causationId: string,
    commitId: string,
    bodyHash: string,
    commandType: string,
    actor: { anyOf: [person, rollcall] },
    acceptedAt: date,
    decidedAt: date,
    outcome: { enum: ['accepted', 'rejected'] },
    domainEvents: arrayOf({ bsonType: 'object', required: ['type'] }),
    rejection: { bsonType: 'object', required: ['reason'] },
  },
);

const relay = object(['_id', 'resumePoint', 'storedAt'], {
  _id: { enum: ['events'] },
  resumePoint: string,
  storedAt: date,
});

const migration = {
  oneOf: [
    object(['_id', 'run'], { _id: { enum: ['run'] }, run: { bsonType: 'object' } }),
    object(['_id', 'legacyId', 'eventId', 'phase', 'since', 'findings'], {
      _id: { bsonType: 'string', pattern: '^event:' },
      legacyId: string,
      eventId: string,
      phase: { enum: phases },
      since: date,
      findings: { bsonType: 'object' },
      wasCleaned: { enum: [true] },
      ledStatus: { enum: ['open', 'closed', 'cancelled'] },
    }),
    object(['_id', 'legacyId', 'place', 'original'], {
      _id: { bsonType: 'string', pattern: '^mirror:' },
      legacyId: string,
      place: wholeNumber,
      original: { bsonType: 'object' },
    }),
  ],
};

/** What each collection's documents must look like; MongoDB refuses all others. */
export const validators = {
  events: { $jsonSchema: event },
  registrations: { $jsonSchema: registration },
  journal: { $jsonSchema: journal },
  relay: { $jsonSchema: relay },
  migration: { $jsonSchema: migration },
} as const;

/** Rollcall's own, with what the schema says of itself. */
export const collectionNames: readonly string[] = [...Object.keys(validators), 'schemaChanges'];
