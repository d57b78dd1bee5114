import { Type, type Static } from 'typebox';
import { organizerIdSchema, poolIdPattern, roleIdSchema } from '../ids.ts';
import { limits } from './limits.ts';
import { closed, nullable, seatsSchema, text, timestampSchema, wordOf } from './parts.ts';
import { limitChange, newRoleSchema } from './roles.ts';

const timeZone = Type.String({
  minLength: 1,
  maxLength: limits.timeZoneLengthMax,
  description: 'An IANA name',
  examples: ['Europe/Berlin'],
});
const eventCapacity = Type.Integer({
  minimum: 0,
  maximum: limits.capacityMax,
  description: 'Seats of all roles together; without it only roles and pools limit',
});
const cancelClosesAt = Type.String({
  ...timestampSchema,
  description: 'From then on users keep the seats that they have; staff may still take them',
});
const registrationsPerUserMax = Type.Integer({
  minimum: 1,
  maximum: limits.rolesPerEventMax,
  description: 'Active registrations that one user may hold at this event; 1 unless given',
});
const usersMayMove = Type.Boolean({
  description: 'Whether users may move between roles by themselves; false unless given',
});

const roleIds = Type.Array(roleIdSchema, { maxItems: limits.rolesPerEventMax, uniqueItems: true });
const poolId = Type.String({ pattern: poolIdPattern });
const poolsOptions = {
  ...closed,
  maxProperties: limits.poolsPerEventMax,
  description: 'Groups of roles that share one limit, by ids that the organizer chooses',
};

export const createEventBodySchema = Type.Object(
  {
    organizerId: organizerIdSchema,
    title: text(limits.titleLengthMax),
    startsAt: timestampSchema,
    endsAt: timestampSchema,
    timeZone,
    location: Type.Optional(text(limits.locationLengthMax)),
    signupOpensAt: Type.Optional(timestampSchema),
    signupClosesAt: Type.Optional(timestampSchema),
    cancelClosesAt: Type.Optional(cancelClosesAt),
    capacity: Type.Optional(eventCapacity),
    registrationsPerUserMax: Type.Optional(registrationsPerUserMax),
    usersMayMove: Type.Optional(usersMayMove),
    roles: Type.Array(newRoleSchema, {
      minItems: 1,
      maxItems: limits.rolesPerEventMax,
      description: 'Names are unique within the event; waitlist is auto unless given',
    }),
    pools: Type.Optional(Type.Record(poolId, Type.Object({ capacity: seatsSchema, roleIds }, closed), poolsOptions)),
  },
  { ...closed, title: 'CreateEvent' },
);
export type CreateEventBody = Static<typeof createEventBodySchema>;

const poolPatch = nullable(
  Type.Object({ capacity: Type.Optional(seatsSchema), roleIds: Type.Optional(roleIds) }, closed),
);

/** A merge-patch (RFC 7396): what is left out stays, and null removes. All of it is one command. */
export const patchEventBodySchema = Type.Object(
  {
    title: Type.Optional(text(limits.titleLengthMax)),
    startsAt: Type.Optional(timestampSchema),
    endsAt: Type.Optional(timestampSchema),
    timeZone: Type.Optional(timeZone),
    location: Type.Optional(nullable(text(limits.locationLengthMax))),
    signupOpensAt: Type.Optional(nullable(timestampSchema)),
    signupClosesAt: Type.Optional(nullable(timestampSchema)),
    cancelClosesAt: Type.Optional(nullable(cancelClosesAt)),
    capacity: Type.Optional(nullable(eventCapacity)),
    registrationsPerUserMax: Type.Optional(registrationsPerUserMax),
    usersMayMove: Type.Optional(usersMayMove),
    pools: Type.Optional(
      Type.Record(poolId, poolPatch, {
        ...poolsOptions,
        description: 'By pool: null removes it, a new one needs capacity and roles',
      }),
    ),
    status: Type.Optional(
      wordOf(['open', 'closed', 'cancelled'], 'draft → open ⇄ closed, and each of them → cancelled, which is the end'),
    ),
    ...limitChange,
  },
  { ...closed, title: 'ChangeEvent' },
);
export type PatchEventBody = Static<typeof patchEventBodySchema>;
