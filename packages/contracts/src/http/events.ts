import { Type, type Static } from 'typebox';
import { eventIdSchema, organizerIdSchema, poolIdPattern, roleIdSchema } from '../ids.ts';
import {
  closed,
  eventStatusSchema,
  nullable,
  pageOf,
  pageQuery,
  timestampSchema,
  waitlistModeSchema,
} from './parts.ts';

export const eventParamsSchema = Type.Object({ eventId: eventIdSchema });

const counts = {
  confirmed: Type.Integer(),
  waitlist: Type.Integer({ description: 'Those in line; who has been offered a seat has left it' }),
  offered: Type.Integer({ description: 'Those for whom a seat is held' }),
  available: nullable(Type.Integer(), 'Seats that the role, its pools and the event leave free; null: unlimited'),
};
const capacity = nullable(Type.Integer(), 'Seats; null: unlimited');

export const minVersionQuerySchema = Type.Object(
  {
    minVersion: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          'The `version` of a decision: what is shown is of that version or later. 400 for one that never was',
      }),
    ),
  },
  closed,
);

export const eventSchema = Type.Object(
  {
    eventId: eventIdSchema,
    version: Type.Integer({ description: 'The number of decisions about this event so far' }),
    status: eventStatusSchema,
    organizerId: organizerIdSchema,
    title: Type.String(),
    startsAt: timestampSchema,
    endsAt: timestampSchema,
    timeZone: Type.String(),
    location: Type.Optional(Type.String()),
    signupOpensAt: Type.Optional(timestampSchema),
    signupClosesAt: Type.Optional(timestampSchema),
    cancelClosesAt: Type.Optional(timestampSchema),
    capacity: Type.Optional(Type.Integer({ description: 'Seats of all roles together, where they are limited' })),
    registrationsPerUserMax: Type.Integer(),
    usersMayMove: Type.Boolean(),
    roles: Type.Array(
      Type.Object({
        roleId: roleIdSchema,
        name: Type.String(),
        capacity,
        waitlist: waitlistModeSchema,
        waitlistMax: Type.Optional(Type.Integer({ description: 'How many may wait, where that is limited' })),
        offerSeconds: Type.Integer({ description: 'How long an offered seat is held' }),
        counts: Type.Object(counts),
      }),
    ),
    pools: Type.Record(
      Type.String({ pattern: poolIdPattern }),
      Type.Object({ capacity: Type.Integer(), roleIds: Type.Array(roleIdSchema) }),
      { description: 'Groups of roles that share one limit' },
    ),
    legacyId: Type.Optional(Type.String({ description: 'What the system before calls it, if it came from there' })),
    importing: Type.Optional(
      Type.Literal(true, { description: 'While the system before leads it: changes are refused with event-importing' }),
    ),
  },
  { title: 'Event' },
);
export type EventDocument = Static<typeof eventSchema>;

export const eventPageSchema = pageOf(eventSchema, 'Events');
export type EventPage = Static<typeof eventPageSchema>;

export const listEventsQuerySchema = Type.Object(
  { status: Type.Optional(eventStatusSchema), from: Type.Optional(timestampSchema), ...pageQuery },
  closed,
);

export const availabilitySchema = Type.Object(
  {
    eventId: eventIdSchema,
    version: Type.Integer({ description: 'The version that all these counts reflect' }),
    roles: Type.Array(Type.Object({ roleId: roleIdSchema, capacity, ...counts })),
  },
  { title: 'Availability' },
);
export type Availability = Static<typeof availabilitySchema>;
