import { rolesMax } from '@rollcall/domain';
import { Type, type Static, type TProperties } from 'typebox';
import { findingKinds, kinds, rulesOf, type FindingKind, type Rules } from '../rules.ts';

/** A group of entries: unknown ones are refused, and all of them may be left out. */
const group = <Properties extends TProperties>(description: string, properties: Properties) =>
  Type.Object(properties, { additionalProperties: false, description, default: {} });

/** No dots, no dollar in front: a name is of a field of the document itself. */
const fieldPattern = String.raw`^[^$.\u0000][^.\u0000]*$`;
const nameLengthMax = 120;

const name = (fallback: string, description: string) =>
  Type.String({ minLength: 1, maxLength: nameLengthMax, description, default: fallback });

const field = (fallback: string, description: string) =>
  Type.String({ minLength: 1, maxLength: nameLengthMax, pattern: fieldPattern, description, default: fallback });

/** Null: the old system has no such field. */
const fieldOrNull = (fallback: string | null, description: string) =>
  Type.Unsafe<string | null>({
    type: ['string', 'null'],
    minLength: 1,
    maxLength: nameLengthMax,
    pattern: fieldPattern,
    description: `${description}; null: there is none`,
    default: fallback,
  });

const word = Type.String({ minLength: 1, maxLength: nameLengthMax });

const words = (fallback: readonly string[], description: string) =>
  Type.Array(word, { maxItems: 50, description, default: [...fallback] });

const wordOrNull = (fallback: string | null, description: string) =>
  Type.Unsafe<string | null>({
    type: ['string', 'null'],
    minLength: 1,
    maxLength: nameLengthMax,
    description,
    default: fallback,
  });

const names = {
  username: fieldOrNull('username', 'Name of the account, where first and last name are missing'),
  firstName: fieldOrNull('firstName', 'First name'),
  lastName: fieldOrNull('lastName', 'Last name'),
  email: fieldOrNull('email', 'E-mail address'),
};

const rule = (kind: FindingKind) =>
  Type.Unsafe<string>({
    type: 'string',
    enum: rulesOf(kind),
    description: kinds[kind].means,
    default: rulesOf(kind)[0],
  });

const offerMsMax = 30 * 86_400_000;

/** What the old system calls what. Every entry has a default: that of the shape which docs/migration-mapping.md describes. */
export const mappingSchema = Type.Object(
  {
    database: name('legacy', 'Database of the old collections'),
    collections: group('Collections', {
      events: name('events', 'Of events'),
      registrations: name('registrations', 'Of registration documents'),
      users: wordOrNull('users', 'Of users; null: nobody is judged to be unknown'),
    }),
    event: group('Fields of an event', {
      title: field('title', 'Title'),
      date: field('date', 'Day of the start, YYYY-MM-DD'),
      time: field('time', 'Time of the start, HH:MM'),
      endDate: fieldOrNull('endDate', 'Day of the end; without it that of the start, or the next'),
      endTime: fieldOrNull('endTime', 'Time of the end, HH:MM'),
      location: fieldOrNull('location', 'Where it is'),
      organizer: fieldOrNull('createdBy', 'Whose it is'),
      timeZone: fieldOrNull(null, 'IANA name of the zone that date and time are of; without it `timeZone` counts'),
      status: field('status', 'Status'),
      roles: field('roles', 'List of roles'),
      signedUp: fieldOrNull('signedUp', 'Number of signups'),
      totalSlots: fieldOrNull('totalSlots', 'Number of seats'),
      createdAt: fieldOrNull('createdAt', 'When it was created'),
      updatedAt: fieldOrNull('updatedAt', 'When it was last changed'),
    }),
    role: group('Fields of a role', {
      id: field('id', 'Id'),
      name: field('name', 'Name'),
      description: fieldOrNull('description', 'Description'),
      capacity: Type.Array(Type.String({ minLength: 1, maxLength: nameLengthMax, pattern: fieldPattern }), {
        minItems: 1,
        maxItems: 10,
        description: 'Seats: the first of these fields that is there',
        default: ['maxParticipants', 'capacity'],
      }),
      signups: field('currentSignups', 'List of signups'),
    }),
    signup: group('Fields of an entry of a list of signups', {
      userId: field('userId', 'User'),
      notes: fieldOrNull('notes', 'Notes'),
      specialRequirements: fieldOrNull('specialRequirements', 'Special requirements'),
      ...names,
    }),
    registration: group('Fields of a registration document', {
      eventId: field('eventId', 'Event'),
      userId: field('userId', 'User'),
      roleId: field('roleId', 'Role'),
      status: field('status', 'Status'),
      registrationDate: field('registrationDate', 'When it was made: the order on the waitlist'),
      notes: fieldOrNull('notes', 'Notes'),
      specialRequirements: fieldOrNull('specialRequirements', 'Special requirements'),
      registeredBy: fieldOrNull('registeredBy', 'Who made it'),
      attendedAt: fieldOrNull(null, 'When the user checked in'),
      userSnapshot: fieldOrNull('userSnapshot', 'What was known of the user'),
      eventSnapshot: fieldOrNull('eventSnapshot', 'What was known of the event'),
      actionHistory: fieldOrNull('actionHistory', 'List of what was done with it'),
      createdAt: fieldOrNull('createdAt', 'When the document was created'),
      updatedAt: fieldOrNull('updatedAt', 'When the document was last changed'),
    }),
    userSnapshot: group('Fields of what was known of the user', names),
    eventSnapshot: group('Fields of what was known of the event', {
      title: fieldOrNull('title', 'Title'),
      date: fieldOrNull('date', 'Day of the start'),
      time: fieldOrNull('time', 'Time of the start'),
      location: fieldOrNull('location', 'Where it is'),
      roleName: fieldOrNull('roleName', 'Name of the role'),
      roleDescription: fieldOrNull('roleDescription', 'Description of the role'),
    }),
    action: group('Fields of a line of the action history', {
      action: field('action', 'What was done'),
      performedBy: fieldOrNull('performedBy', 'By whom'),
      performedAt: fieldOrNull('performedAt', 'When'),
      details: fieldOrNull('details', 'In words; written back, never read'),
      previousValue: fieldOrNull('previousValue', 'What was before; read where it is the id of a role'),
      newValue: fieldOrNull('newValue', 'What was after; read where it is the id of a role'),
    }),
    states: group('Words for the status of a registration', {
      confirmed: words(['active', 'confirmed', 'no_show'], 'They have a seat'),
      attended: words(['attended'], 'They have a seat and were there'),
      waitlist: words(['waitlisted', 'waitlist'], 'They wait'),
      cancelled: words(['cancelled', 'canceled'], 'Nobody has it any more'),
      written: group('Which word is written back', {
        confirmed: name('active', 'For a seat; one of `confirmed`'),
        waitlist: name('waitlisted', 'For one who waits; one of `waitlist`'),
        attended: wordOrNull('attended', 'For one who was there, one of `attended`; null: as any other seat'),
        cancelled: wordOrNull(null, 'For a cancelled one, one of `cancelled`; null: its document is deleted'),
      }),
    }),
    eventStates: group('Words for the status of an event; the first of each list is the one that is written back', {
      open: words(['upcoming', 'ongoing'], 'People can sign up'),
      closed: words(['completed'], 'They can not'),
      cancelled: words(['cancelled'], 'It does not take place'),
    }),
    timeZone: name('UTC', 'IANA name of the time zone of the events'),
    organizers: group('Who events belong to in Rollcall', {
      table: Type.Record(Type.String(), word, {
        description: "Organizer ids by the old system's ids of organizers",
        default: {},
      }),
      default: wordOrNull(null, 'Organizer id of all others; null: the text of their old id'),
    }),
    users: group('Who users are in Rollcall', {
      subject: Type.Union(
        [
          Type.Literal('id'),
          Type.Object(
            { field: Type.String({ minLength: 1, maxLength: nameLengthMax, pattern: fieldPattern }) },
            { additionalProperties: false },
          ),
        ],
        {
          description:
            "The `sub` of their tokens: 'id': the text of their old id; { field }: what stands in that field of the user's document",
          default: 'id',
        },
      ),
    }),
    defaults: group('What the old system does not say', {
      waitlist: Type.Unsafe<'off' | 'auto' | 'offer'>({
        type: 'string',
        enum: ['off', 'auto', 'offer'],
        description: 'What happens when a role is full',
        default: 'auto',
      }),
      offerMs: Type.Integer({
        minimum: 1000,
        maximum: offerMsMax,
        description: 'How long an offered seat is held, in ms',
        default: 86_400_000,
      }),
      registrationsPerUserMax: Type.Integer({
        minimum: 1,
        maximum: rolesMax,
        description: 'Active registrations that one user may hold at one event',
        default: 1,
      }),
      usersMayMove: Type.Boolean({ description: 'Whether users may move between roles', default: false }),
      eventMinutes: Type.Integer({
        minimum: 1,
        maximum: 100_000,
        description: 'How long an event takes that has no end',
        default: 60,
      }),
    }),
    rules: Type.Unsafe<Rules>(
      group(
        'By which rule a kind of disagreement is settled',
        Object.fromEntries(findingKinds.map((kind) => [kind, rule(kind)])),
      ),
    ),
  },
  { additionalProperties: false },
);

export type Mapping = Static<typeof mappingSchema>;
