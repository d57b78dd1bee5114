import { Type, type Static } from 'typebox';
import { eventIdSchema, roleIdSchema } from '../ids.ts';
import { limits } from './limits.ts';
import { closed, nullable, seatsSchema, text, waitlistModeSchema } from './parts.ts';
import { ifOverSchema } from './words.ts';

export const roleParamsSchema = Type.Object({ eventId: eventIdSchema, roleId: roleIdSchema });

const roleCapacitySchema = nullable(seatsSchema, 'Seats; null: as many as are wanted');

const name = text(limits.roleNameLengthMax);
const waitlistMax = Type.Integer({ minimum: 1, maximum: limits.capacityMax, description: 'How many may wait' });
const offerSeconds = Type.Integer({
  minimum: 1,
  maximum: limits.offerSecondsMax,
  description: 'How long an offered seat is held; a day unless given',
});

const newRole = {
  name,
  capacity: roleCapacitySchema,
  waitlist: Type.Optional(waitlistModeSchema),
  waitlistMax: Type.Optional(waitlistMax),
  offerSeconds: Type.Optional(offerSeconds),
};

/** A role of an event that is created. */
export const newRoleSchema = Type.Object(
  {
    roleId: Type.Optional(
      Type.Unsafe<Static<typeof roleIdSchema>>({
        ...roleIdSchema,
        description: 'Chosen by the organizer, so that pools can name the role; made up unless given',
      }),
    ),
    ...newRole,
  },
  closed,
);

export const addRoleBodySchema = Type.Object(newRole, { ...closed, title: 'AddRole' });
export type AddRoleBody = Static<typeof addRoleBodySchema>;

/** How a change that lowers a limit is meant. */
export const limitChange = {
  ifOver: Type.Optional(ifOverSchema),
  dryRun: Type.Optional(Type.Boolean({ description: 'Only answer whom it would affect' })),
};

/** A merge-patch (RFC 7396). */
export const changeRoleBodySchema = Type.Object(
  {
    name: Type.Optional(name),
    capacity: Type.Optional(roleCapacitySchema),
    waitlist: Type.Optional(waitlistModeSchema),
    waitlistMax: Type.Optional(nullable(waitlistMax)),
    offerSeconds: Type.Optional(offerSeconds),
    ...limitChange,
  },
  { ...closed, title: 'ChangeRole' },
);
export type ChangeRoleBody = Static<typeof changeRoleBodySchema>;
