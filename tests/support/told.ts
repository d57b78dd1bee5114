import type { ToldAnswer } from '@rollcall/checkers';
import type { CommandId } from '@rollcall/domain';
import type { Reply } from './http.ts';

/** What a reply tells of a decision; undefined when it tells of none. */
export function toldBy({ status, body }: Reply): ToldAnswer | undefined {
  const { commandId, version, registrationId, status: standing, waitlistPosition, type } = body;
  if (typeof commandId !== 'string' || typeof version !== 'number') return undefined;
  const told = { commandId: commandId as CommandId, version };
  if (status >= 400) return { ...told, refusal: String(type).split('/').at(-1) };
  return {
    ...told,
    refusal: undefined,
    ...(typeof registrationId === 'string' ? { registrationId } : {}),
    ...(standing === 'confirmed' || standing === 'waitlist' ? { status: standing } : {}),
    ...(typeof waitlistPosition === 'number' ? { waitlistPosition } : {}),
  };
}
