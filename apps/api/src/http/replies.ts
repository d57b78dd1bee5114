import type {
  Cancelled,
  Changed,
  CommandStatus,
  Pending,
  Previewed,
  Registered,
  RoleAdded,
  Seated,
} from '@rollcall/contracts/http';
import type { Answer, EventId } from '@rollcall/domain';
import type { AnyReply } from './api.ts';
import { problemOf, refusalOf, type Refusal } from './problems.ts';

const problemType = 'application/problem+json; charset=utf-8';

export function replyProblem<Reply extends AnyReply>(reply: Reply, refusal: Refusal): Reply {
  reply.code(refusal.status);
  reply.header('content-type', problemType);
  if (refusal.headers !== undefined) for (const [name, value] of refusal.headers) reply.header(name, value);
  // Written here and not by a response schema: its members depend on the problem.
  reply.send(JSON.stringify(problemOf(refusal, reply.request.id)));
  return reply;
}

export const eventLocation = (eventId: EventId) => `/v1/events/${eventId}`;

export function replyPending<Reply extends AnyReply>(reply: Reply, pending: Omit<Pending, 'status'>): Reply {
  const { commandId, eventId, ahead } = pending;
  reply.code(202);
  reply.header('location', `${eventLocation(eventId)}/commands/${commandId}`);
  reply.header('retry-after', '1');
  reply.send({ commandId, eventId, status: 'pending', ahead } satisfies Pending);
  return reply;
}

/** The decision itself: 201 for a new registration or role, 200 for other changes, and a problem for a refusal. */
export function replyDecision<Reply extends AnyReply>(reply: Reply, answer: Answer): Reply {
  const { commandId, eventId, version, result } = answer;
  const decided = { commandId, eventId, version };
  switch (result.kind) {
    case 'registered': {
      const { kind: _, ...registration } = result;
      reply.code(201);
      reply.header('location', `${eventLocation(eventId)}/registrations/${result.registrationId}`);
      reply.send({ ...decided, ...registration } satisfies Registered);
      return reply;
    }
    case 'seated': {
      const { kind: _, ...registration } = result;
      reply.send({ ...decided, ...registration } satisfies Seated);
      return reply;
    }
    case 'cancelled':
      reply.send({ ...decided, registrationId: result.registrationId, status: 'cancelled' } satisfies Cancelled);
      return reply;
    case 'role-added':
      reply.code(201);
      reply.header('location', `${eventLocation(eventId)}/roles/${result.roleId}`);
      reply.send({ ...decided, status: 'accepted', roleId: result.roleId } satisfies RoleAdded);
      return reply;
    case 'created':
    case 'changed':
    case 'erased':
      reply.send({ ...decided, status: 'accepted' } satisfies Changed);
      return reply;
    case 'previewed': {
      const { kind: _, effects, ...preview } = result;
      reply.send({
        ...decided,
        status: 'accepted',
        dryRun: true,
        effects: [...effects],
        ...preview,
      } satisfies Previewed);
      return reply;
    }
    case 'rejected': {
      const refusal = refusalOf(result.rejection);
      return replyProblem(reply, { ...refusal, facts: { commandId, version, ...refusal.facts } });
    }
  }
}

/** What became of a command, to somebody who asks later. */
export function commandStatusOf({ commandId, eventId, version, result }: Answer): CommandStatus {
  const decided = { commandId, eventId, version };
  if (result.kind === 'rejected')
    return { ...decided, status: 'rejected', problem: problemOf(refusalOf(result.rejection)) };
  if (result.kind === 'previewed')
    return { ...decided, status: 'accepted', result: { ...result, effects: [...result.effects] } };
  if (result.kind === 'erased')
    return { ...decided, status: 'accepted', result: { ...result, registrationIds: [...result.registrationIds] } };
  return { ...decided, status: 'accepted', result };
}
