import { Type, type Static } from 'typebox';
import { eventIdSchema, organizerIdSchema, roleIdSchema } from '../ids.ts';
import { limits } from './limits.ts';
import {
  closed,
  eventStatusSchema,
  pageOf,
  pageQuery,
  text,
  timestampSchema,
  waitlistModeSchema,
  wordOf,
} from './parts.ts';

export const eventParamsSchema = Type.Object({ eventId: eventIdSchema });

const capacity = Type.Integer({ minimum: 0, maximum: limits.capacityMax, description: 'Seats' });

export const createEventBodySchema = Type.Object(
  {
    organizerId: organizerIdSchema,
    title: text(limits.titleLengthMax),
    startsAt: timestampSchema,
    endsAt: timestampSchema,
    timeZone: Type.String({
      minLength: 1,
      maxLength: limits.timeZoneLengthMax,
      description: 'An IANA name',
      examples: ['Europe/Berlin'],
    }),
    location: Type.Optional(text(limits.locationLengthMax)),
    signupOpensAt: Type.Optional(timestampSchema),
    signupClosesAt: Type.Optional(timestampSchema),
    registrationsPerUserMax: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: limits.rolesPerEventMax,
        description: 'Active registrations that one user may hold at this event; 1 unless given',
      }),
    ),
    roles: Type.Array(
      Type.Object(
        { name: text(limits.roleNameLengthMax), capacity, waitlist: Type.Optional(waitlistModeSchema) },
        closed,
      ),
      {
        minItems: 1,
        maxItems: limits.rolesPerEventMax,
        description: 'Names are unique within the event; waitlist is auto unless given',
      },
    ),
  },
  { ...closed, title: 'CreateEvent' },
);
export type CreateEventBody = Static<typeof createEventBodySchema>;

export const patchEventBodySchema = Type.Object(
  { status: wordOf(['open', 'closed']) },
  { ...closed, title: 'ChangeEvent' },
);
export type PatchEventBody = Static<typeof patchEventBodySchema>;

const countsSchema = Type.Object({
  confirmed: Type.Integer(),
  waitlist: Type.Integer(),
  available: Type.Integer({ description: 'Free seats' }),
});

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
    registrationsPerUserMax: Type.Integer(),
    roles: Type.Array(
      Type.Object({
        roleId: roleIdSchema,
        name: Type.String(),
        capacity: Type.Integer(),
        waitlist: waitlistModeSchema,
        counts: countsSchema,
      }),
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
    roles: Type.Array(
      Type.Object({
        roleId: roleIdSchema,
        capacity: Type.Integer(),
        confirmed: Type.Integer(),
        waitlist: Type.Integer(),
        available: Type.Integer(),
      }),
    ),
  },
  { title: 'Availability' },
);
export type Availability = Static<typeof availabilitySchema>;
