import type { Answer, CommandBody, CommandId, EventId } from '@rollcall/domain';
import type { ApiContext } from '../context.ts';
import type { Deadline } from '../http/deadline.ts';
import type { AnyReply, AnyRequest } from '../http/api.ts';
import { parsePreferWait } from '../http/prefer.ts';
import { busy, keyReused, outcomeUnknown } from '../http/problems.ts';
import { replyDecision, replyPending, replyProblem } from '../http/replies.ts';

/** The ids that a command goes by, from who sent it where, and with which Idempotency-Key. */
export interface CommandIds {
  readonly commandId: CommandId;
  readonly bodyHash: string;
  readonly keyed: boolean;
}

/** `route`: method and path with its ids; a key means nothing on another route. */
export function commandIds({ idempotency }: ApiContext, request: AnyRequest, route: string): CommandIds {
  const { identity, headers, body } = request;
  if (identity === undefined) throw new Error('a mutation without an identity');
  const key = headers['idempotency-key'];
  if (Array.isArray(key)) throw new Error('an Idempotency-Key that is a list');
  const commandId = idempotency.commandId(identity.userId, route, key);
  request.commandId = commandId;
  return { commandId, bodyHash: idempotency.bodyHash(body, key), keyed: key !== undefined };
}

export interface Mutation extends CommandIds {
  readonly eventId: EventId;
  readonly body: CommandBody;
  readonly deadline: Deadline;
  /** Seconds to wait for the decision when the client does not say. */
  readonly waitSecondsDefault?: number;
  /** Answers an accepted command otherwise than by its decision. */
  readonly replyAccepted?: (answer: Answer) => unknown;
}

/** Takes the command and answers with its decision when there is one in time, else with its receipt. */
export async function mutate<Reply extends AnyReply>(
  context: ApiContext,
  request: AnyRequest,
  reply: Reply,
  mutation: Mutation,
): Promise<Reply> {
  const { commandId, eventId, replyAccepted } = mutation;
  const preferred = parsePreferWait(request.headers['prefer']);
  const waitMs = 1000 * (preferred ?? mutation.waitSecondsDefault ?? 0);

  const outcome = await context.submit({ ...mutation, waitMs }, (waiter) => {
    // A client that goes away frees its place.
    reply.raw.once('close', () => waiter.drop());
  });
  switch (outcome.kind) {
    case 'decided': {
      if (preferred !== undefined) reply.header('preference-applied', `wait=${preferred}`);
      const { answer } = outcome;
      context.reads.tell(answer);
      if (replyAccepted === undefined || answer.result.kind === 'rejected') return replyDecision(reply, answer);
      replyAccepted(answer);
      return reply;
    }
    case 'pending':
      if (preferred !== undefined && (outcome.waited || preferred === 0))
        reply.header('preference-applied', `wait=${preferred}`);
      return replyPending(reply, { eventId, commandId, ahead: outcome.ahead });
    case 'key-reused':
      return replyProblem(reply, keyReused);
    case 'not-taken':
      return replyProblem(reply, busy);
    case 'unknown':
      return replyProblem(reply, outcomeUnknown(commandId));
  }
}
