import { shortageReasons } from '@rollcall/domain';
import { Type, type Static } from 'typebox';
import {
  commandIdSchema,
  eventIdSchema,
  poolIdSchema,
  registrationIdSchema,
  roleIdSchema,
  userIdSchema,
} from '../ids.ts';
import { wordOf } from './parts.ts';
import { problemSchema } from './problem.ts';

export const commandParamsSchema = Type.Object({ eventId: eventIdSchema, commandId: commandIdSchema });

/** 202: accepted, and not decided yet. */
export const pendingSchema = Type.Object(
  {
    commandId: commandIdSchema,
    eventId: eventIdSchema,
    status: Type.Literal('pending'),
    ahead: Type.Integer({ description: 'How many commands stood before this one when that was last known' }),
  },
  { title: 'Pending' },
);
export type Pending = Static<typeof pendingSchema>;

const decided = { commandId: commandIdSchema, eventId: eventIdSchema, version: Type.Integer() };

const person = { registrationId: registrationIdSchema, userId: userIdSchema, roleId: roleIdSchema };

const registered = {
  ...person,
  status: wordOf(['confirmed', 'waitlist']),
  waitlistPosition: Type.Optional(Type.Integer()),
  because: Type.Optional(
    Type.Object(
      {
        reason: wordOf(shortageReasons),
        roleId: roleIdSchema,
        poolId: Type.Optional(poolIdSchema),
        capacity: Type.Optional(Type.Integer()),
        taken: Type.Optional(Type.Integer()),
        waitlist: Type.Optional(Type.Integer()),
      },
      { description: 'Why it waits, with the facts behind it' },
    ),
  ),
  replaces: Type.Optional(registrationIdSchema),
  override: Type.Optional(Type.Literal(true, { description: 'Staff gave a seat that was not free' })),
};

/** 201: the decision of a signup, or of a move that waits for its seat. */
export const registeredSchema = Type.Object({ ...decided, ...registered }, { title: 'Registered' });
export type Registered = Static<typeof registeredSchema>;

const seated = { ...person, status: wordOf(['confirmed']) };

/** 200: the registration has its seat, by a move or an accepted offer. */
export const seatedSchema = Type.Object({ ...decided, ...seated }, { title: 'Seated' });
export type Seated = Static<typeof seatedSchema>;

/** 200: the decision of a cancellation. */
export const cancelledSchema = Type.Object(
  { ...decided, registrationId: registrationIdSchema, status: Type.Literal('cancelled') },
  { title: 'Cancelled' },
);
export type Cancelled = Static<typeof cancelledSchema>;

/** 200: the decision of any other change. */
export const changedSchema = Type.Object({ ...decided, status: Type.Literal('accepted') }, { title: 'Changed' });
export type Changed = Static<typeof changedSchema>;

/** 201: the decision of a new role. */
export const roleAddedSchema = Type.Object(
  { ...decided, status: Type.Literal('accepted'), roleId: roleIdSchema },
  { title: 'RoleAdded' },
);
export type RoleAdded = Static<typeof roleAddedSchema>;

const previewed = {
  effects: Type.Array(Type.Object({ ...person, effect: wordOf(['promoted', 'offered', 'demoted', 'cancelled']) })),
  complete: Type.Boolean({ description: 'False when it would affect more than are listed' }),
};

/** 200: the answer to a dry run. */
export const previewedSchema = Type.Object(
  { ...decided, status: Type.Literal('accepted'), dryRun: Type.Literal(true), ...previewed },
  { title: 'Previewed' },
);
export type Previewed = Static<typeof previewedSchema>;

/** A preview is also all that a change is, so it is tried first. */
export const changedOrPreviewedSchema = Type.Union([previewedSchema, changedSchema]);

export const resultSchema = Type.Union([
  Type.Object({ kind: Type.Literal('registered'), ...registered }),
  Type.Object({ kind: Type.Literal('seated'), ...seated }),
  Type.Object({ kind: Type.Literal('cancelled'), registrationId: registrationIdSchema }),
  Type.Object({ kind: Type.Literal('created') }),
  Type.Object({ kind: Type.Literal('role-added'), roleId: roleIdSchema }),
  Type.Object({ kind: Type.Literal('changed') }),
  Type.Object({ kind: Type.Literal('previewed'), ...previewed }),
  Type.Object({
    kind: Type.Literal('erased'),
    registrationIds: Type.Array(registrationIdSchema),
    left: Type.Boolean({ description: 'Whether it takes another command' }),
  }),
]);

export const commandStatusSchema = Type.Union(
  [
    pendingSchema,
    Type.Object({ ...decided, status: Type.Literal('accepted'), result: resultSchema }),
    Type.Object({ ...decided, status: Type.Literal('rejected'), problem: problemSchema }),
  ],
  { title: 'Command' },
);
export type CommandStatus = Static<typeof commandStatusSchema>;
