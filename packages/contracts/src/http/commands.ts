import { Type, type Static } from 'typebox';
import { commandIdSchema, eventIdSchema, registrationIdSchema, roleIdSchema, userIdSchema } from '../ids.ts';
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

const registered = {
  registrationId: registrationIdSchema,
  userId: userIdSchema,
  roleId: roleIdSchema,
  status: wordOf(['confirmed', 'waitlist']),
  waitlistPosition: Type.Optional(Type.Integer()),
};

/** 201: the decision of a signup. */
export const registeredSchema = Type.Object({ ...decided, ...registered }, { title: 'Registered' });
export type Registered = Static<typeof registeredSchema>;

/** 200: the decision of a cancellation. */
export const cancelledSchema = Type.Object(
  { ...decided, registrationId: registrationIdSchema, status: Type.Literal('cancelled') },
  { title: 'Cancelled' },
);
export type Cancelled = Static<typeof cancelledSchema>;

/** 200: the decision of any other change. */
export const changedSchema = Type.Object({ ...decided, status: Type.Literal('accepted') }, { title: 'Changed' });
export type Changed = Static<typeof changedSchema>;

export const resultSchema = Type.Union([
  Type.Object({ kind: Type.Literal('registered'), ...registered }),
  Type.Object({ kind: Type.Literal('cancelled'), registrationId: registrationIdSchema }),
  Type.Object({ kind: Type.Literal('created') }),
  Type.Object({ kind: Type.Literal('changed') }),
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
