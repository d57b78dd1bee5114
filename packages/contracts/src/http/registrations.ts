import { Type, type Static } from 'typebox';
import { eventIdSchema, registrationIdSchema, roleIdSchema, userIdSchema } from '../ids.ts';
import { limits } from './limits.ts';
import { closed, pageOf, pageQuery, profileSchema, text, timestampSchema, wordOf } from './parts.ts';

export const registrationParamsSchema = Type.Object({ eventId: eventIdSchema, registrationId: registrationIdSchema });

export const signUpBodySchema = Type.Object(
  {
    roleId: roleIdSchema,
    notes: Type.Optional(Type.String({ maxLength: limits.notesLengthMax })),
    specialRequirements: Type.Optional(Type.String({ maxLength: limits.notesLengthMax })),
    userId: Type.Optional(
      Type.Unsafe<Static<typeof userIdSchema>>({ ...userIdSchema, description: 'Staff only: whom to sign up' }),
    ),
    profile: Type.Optional(profileSchema),
  },
  { ...closed, title: 'SignUp' },
);
export type SignUpBody = Static<typeof signUpBodySchema>;

/** The body may be left out. */
export const cancelBodySchema = Type.Union([
  Type.Object({ reason: Type.Optional(text(limits.reasonLengthMax)) }, { ...closed, title: 'Cancel' }),
  Type.Null(),
]);
export type CancelBody = Static<typeof cancelBodySchema>;

export const registrationSchema = Type.Object(
  {
    registrationId: registrationIdSchema,
    eventId: eventIdSchema,
    userId: userIdSchema,
    roleId: roleIdSchema,
    status: wordOf(['confirmed', 'waitlist', 'cancelled']),
    registrationDate: timestampSchema,
    registeredBy: userIdSchema,
    notes: Type.Optional(Type.String()),
    specialRequirements: Type.Optional(Type.String()),
    profile: Type.Optional(profileSchema),
    cancelledAt: Type.Optional(timestampSchema),
    waitlistPosition: Type.Optional(Type.Integer({ description: 'From 1; only while it waits' })),
  },
  { title: 'Registration' },
);
export type RegistrationDocument = Static<typeof registrationSchema>;

export const registrationPageSchema = pageOf(registrationSchema, 'Registrations');
export type RegistrationPage = Static<typeof registrationPageSchema>;

export const myRegistrationsQuerySchema = Type.Object(pageQuery, closed);
