import type { SignUpBody } from '@rollcall/contracts/http';
import type { CommandBody } from '@rollcall/domain';
import type { Identity } from './auth.ts';
import { forbidden, type Refusal } from './problems.ts';

type SignUpCommand =
  | { readonly kind: 'command'; readonly body: CommandBody }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

const refused: SignUpCommand = {
  kind: 'refused',
  refusal: forbidden('Only staff of its organizer may sign up somebody else, or say who somebody is.'),
};

/** Whom the token names signs up themselves; only staff may name somebody else, and then nothing is taken from the token. */
export function signUpCommand(body: SignUpBody, identity: Identity, isStaff: boolean): SignUpCommand {
  const { userId = identity.userId, roleId, notes, specialRequirements } = body;
  if (!isStaff && (body.userId !== undefined || body.profile !== undefined)) return refused;
  const profile = body.profile ?? (userId === identity.userId ? identity.profile : undefined);
  return {
    kind: 'command',
    body: {
      type: 'SignUp',
      actor: { kind: isStaff ? 'staff' : 'user', userId: identity.userId },
      userId,
      roleId,
      ...(notes === undefined ? {} : { notes }),
      ...(specialRequirements === undefined ? {} : { specialRequirements }),
      ...(profile === undefined ? {} : { profile }),
    },
  };
}
