import { Type, type Static } from 'typebox';
import { roleIdSchema, userIdSchema } from '../ids.ts';
import { limits } from './limits.ts';
import { closed, nullable, optionalBody, profileSchema, prose, wordOf } from './parts.ts';
import { removalCodeSchema } from './words.ts';

const notes = prose(limits.notesLengthMax);

export const signUpBodySchema = Type.Object(
  {
    roleId: roleIdSchema,
    notes: Type.Optional(notes),
    specialRequirements: Type.Optional(notes),
    userId: Type.Optional(
      Type.Unsafe<Static<typeof userIdSchema>>({ ...userIdSchema, description: 'Staff only: whom to sign up' }),
    ),
    profile: Type.Optional(profileSchema),
    override: Type.Optional(
      Type.Boolean({ description: 'Staff only: a seat also where none is free, which is recorded' }),
    ),
  },
  { ...closed, title: 'SignUp' },
);
export type SignUpBody = Static<typeof signUpBodySchema>;

/** A merge-patch (RFC 7396): null removes a text. */
export const updateRegistrationBodySchema = Type.Object(
  { notes: Type.Optional(nullable(notes)), specialRequirements: Type.Optional(nullable(notes)) },
  { ...closed, title: 'UpdateRegistration' },
);
export type UpdateRegistrationBody = Static<typeof updateRegistrationBodySchema>;

export const moveBodySchema = Type.Object(
  {
    roleId: roleIdSchema,
    ifFull: Type.Optional(
      wordOf(
        ['refuse', 'waitlist'],
        'When the role has no seat: refuse (unless given), or keep the old place and queue for the new one',
      ),
    ),
  },
  { ...closed, title: 'Move' },
);
export type MoveBody = Static<typeof moveBodySchema>;

export const cancelBodySchema = optionalBody(
  {
    reason: Type.Optional(prose(limits.reasonLengthMax)),
    reasonCode: Type.Optional(removalCodeSchema),
  },
  'Cancel',
);
export type CancelBody = Static<typeof cancelBodySchema>;

export const nothingBodySchema = optionalBody({}, 'Nothing');
