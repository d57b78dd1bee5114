import type { CancelBody } from '@rollcall/contracts/http';
import type { RegistrationId, StaffActor, UserActor } from '@rollcall/domain';
import { refused, type Asked } from '../http/asked.ts';

const codeIsForStaff = refused('Only staff of its organizer may say a reason code.');

/** Users cancel what is theirs; staff remove whom they name, with a code that the journal keeps. */
export function leave(actor: UserActor | StaffActor, registrationId: RegistrationId, body: CancelBody): Asked {
  const { reason, reasonCode } = body ?? {};
  const about = { registrationId, ...(reason === undefined ? {} : { reason }) };
  if (actor.kind === 'staff')
    return { kind: 'command', body: { type: 'RemoveFromRole', actor, ...about, reasonCode: reasonCode ?? 'other' } };
  if (reasonCode !== undefined) return codeIsForStaff;
  return { kind: 'command', body: { type: 'CancelSignup', actor, ...about } };
}
