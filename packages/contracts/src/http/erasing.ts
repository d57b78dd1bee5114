import { Type, type Static } from 'typebox';
import { eventIdSchema, userIdSchema } from '../ids.ts';

export const userParamsSchema = Type.Object({ userId: userIdSchema });

/** 200: nothing is left of the user. 202: not yet; the same request again says how far it is. */
export const erasedSchema = Type.Object(
  {
    events: Type.Array(
      Type.Object({
        eventId: eventIdSchema,
        registrations: Type.Integer({ description: 'How many were the user’s' }),
        left: Type.Boolean({ description: 'Something that names the user is left, or may be' }),
      }),
      { description: 'Those that named the user, as far as it has come' },
    ),
    complete: Type.Boolean(),
  },
  { title: 'Erased' },
);
export type Erased = Static<typeof erasedSchema>;
