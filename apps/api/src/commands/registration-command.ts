import type { EventId, RegistrationId, StaffActor, UserActor } from '@rollcall/domain';
import { findActor } from '../http/access.ts';
import type { ApiContext } from '../context.ts';
import type { AnyReply, AnyRequest } from '../http/api.ts';
import { commandIds, mutate } from './mutation.ts';
import { replyProblem } from '../http/replies.ts';
import type { Asked } from '../http/asked.ts';

interface RegistrationCommand {
  readonly eventId: EventId;
  readonly registrationId: RegistrationId;
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  /** The last part of the path, where the registration itself is not it. */
  readonly action?: string;
  readonly ask: (actor: UserActor | StaffActor) => Asked;
}

/**
 * Hands in a command about one registration. Whose it is nobody looks up: to users who ask for somebody else's the
 * decision is that there is none.
 */
export async function mutateRegistration<Reply extends AnyReply>(
  context: ApiContext,
  request: AnyRequest,
  reply: Reply,
  { eventId, registrationId, method, action, ask }: RegistrationCommand,
): Promise<Reply> {
  const deadline = context.deadline();
  const found = await findActor(context.known, eventId, request.identity, deadline);
  if ('refusal' in found) return replyProblem(reply, found.refusal);
  const asked = ask(found.actor);
  if (asked.kind === 'refused') return replyProblem(reply, asked.refusal);
  const path = `/v1/events/${eventId}/registrations/${registrationId}`;
  const route = `${method} ${action === undefined ? path : `${path}/${action}`}`;
  const ids = commandIds(context, request, route);
  return mutate(context, request, reply, { ...ids, eventId, deadline, body: asked.body });
}
