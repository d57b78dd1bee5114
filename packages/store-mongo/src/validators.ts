/** MongoDB's dialect: `bsonType` instead of `type`, and no `integer` or `format`. */
const string = { bsonType: 'string' };
const date = { bsonType: 'date' };
const wholeNumber = { bsonType: ['int', 'long', 'double'], minimum: 0 };

const object = (required: readonly string[], properties: Readonly<Record<string, object>>) => ({
  bsonType: 'object',
  required,
  properties,
  additionalProperties: false,
});

const profile = object(['displayName'], { displayName: string, email: string });
const role = object(['roleId', 'name', 'capacity', 'waitlist'], {
  roleId: string,
  name: string,
  capacity: wholeNumber,
  waitlist: { enum: ['off', 'auto'] },
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
    'roles',
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
    registrationsPerUserMax: wholeNumber,
    roles: { bsonType: 'array', items: role },
  },
);

const registration = object(
  ['_id', 'eventId', 'userId', 'roleId', 'status', 'sequence', 'registrationDate', 'registeredBy'],
  {
    _id: string,
    eventId: string,
    userId: string,
    roleId: string,
    status: { enum: ['confirmed', 'waitlist', 'cancelled'] },
    sequence: wholeNumber,
    registrationDate: date,
    registeredBy: string,
    notes: string,
    specialRequirements: string,
    profile,
    cancelledAt: date,
    cancelledBy: string,
    cancelReason: string,
  },
);

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
    commitId: string,
    bodyHash: string,
    commandType: string,
    actor: object(['kind', 'userId'], { kind: { enum: ['user', 'staff'] }, userId: string }),
    acceptedAt: date,
    decidedAt: date,
    outcome: { enum: ['accepted', 'rejected'] },
    domainEvents: { bsonType: 'array', items: { bsonType: 'object', required: ['type'] } },
    rejection: { bsonType: 'object', required: ['reason'] },
  },
);

/** What each collection's documents must look like; MongoDB refuses all others. */
export const validators = {
  events: { $jsonSchema: event },
  registrations: { $jsonSchema: registration },
  journal: { $jsonSchema: journal },
} as const;
