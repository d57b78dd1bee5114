import type { SignUpBody } from '@rollcall/contracts/http';
import { isErasedId } from '@rollcall/domain';
import { refused, type Asked } from '../http/asked.ts';
import type { Identity } from '../http/auth.ts';

const forStaff = refused('Only staff of its organizer may sign up somebody else, say who somebody is, or override.');

/**
 * Whom the token names signs up themselves, staff too: then they are users like all others. Who says whom, who that is,
 * or that it may be over capacity, acts as staff, and then nothing is taken from the token for others.
 */
export function signUpCommand(body: SignUpBody, identity: Identity, isStaff: boolean): Asked {
  const { userId = identity.userId, roleId, notes, specialRequirements, override = false } = body;
  const asStaff = body.userId !== undefined || body.profile !== undefined || override;
  if (asStaff && !isStaff) return forStaff;
  if (isErasedId(userId)) return refused('Nobody can be signed up as somebody who was erased.');
  const profile = body.profile ?? (userId === identity.userId ? identity.profile : undefined);
  return {
    kind: 'command',
    body: {
      type: 'SignUp',
      actor: { kind: asStaff ? 'staff' : 'user', userId: identity.userId },
      userId,
      roleId,
      ...(override ? { override } : {}),
      ...(notes === undefined ? {} : { notes }),
      ...(specialRequirements === undefined ? {} : { specialRequirements }),
      ...(profile === undefined ? {} : { profile }),
    },
  };
}
