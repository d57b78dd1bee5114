import { Type, type Static } from 'typebox';
import { eventIdSchema, registrationIdSchema, roleIdSchema, userIdSchema } from '../ids.ts';
import { closed, pageOf, pageQuery, profileSchema, timestampSchema, wordOf } from './parts.ts';
import { cancelCauseSchema, removalCodeSchema } from './words.ts';

export const registrationParamsSchema = Type.Object({ eventId: eventIdSchema, registrationId: registrationIdSchema });

export const registrationStatusSchema = wordOf(['confirmed', 'waitlist', 'cancelled']);

export const registrationSchema = Type.Object(
  {
    registrationId: registrationIdSchema,
    eventId: eventIdSchema,
    userId: userIdSchema,
    roleId: roleIdSchema,
    status: registrationStatusSchema,
    registrationDate: timestampSchema,
    registeredBy: userIdSchema,
    notes: Type.Optional(Type.String()),
    specialRequirements: Type.Optional(Type.String()),
    profile: Type.Optional(profileSchema),
    waitlistPosition: Type.Optional(Type.Integer({ description: 'From 1; only while it stands in line' })),
    offer: Type.Optional(
      Type.Object({ expiresAt: timestampSchema }, { description: 'While a seat is held for it: accept or decline' }),
    ),
    replaces: Type.Optional(
      Type.Unsafe<Static<typeof registrationIdSchema>>({
        ...registrationIdSchema,
        description: 'While it waits for a move: the registration that is given up for it',
      }),
    ),
    attendedAt: Type.Optional(timestampSchema),
    cancelledAt: Type.Optional(timestampSchema),
    cancelCause: Type.Optional(cancelCauseSchema),
    cancelReasonCode: Type.Optional(removalCodeSchema),
    cancelReason: Type.Optional(Type.String()),
    legacyId: Type.Optional(Type.String({ description: 'What the system before calls it, if it came from there' })),
  },
  { title: 'Registration' },
);
export type RegistrationDocument = Static<typeof registrationSchema>;

export const registrationPageSchema = pageOf(registrationSchema, 'Registrations');
export type RegistrationPage = Static<typeof registrationPageSchema>;

export const myRegistrationsQuerySchema = Type.Object(pageQuery, closed);

const participants = {
  roleId: Type.Optional(roleIdSchema),
  status: Type.Optional(registrationStatusSchema),
};

export const participantsQuerySchema = Type.Object({ ...participants, ...pageQuery }, closed);

export const participantsCsvQuerySchema = Type.Object(
  {
    ...participants,
    bom: Type.Optional(Type.Boolean({ description: 'Begin with a byte order mark, by which Excel knows UTF-8' })),
  },
  closed,
);
