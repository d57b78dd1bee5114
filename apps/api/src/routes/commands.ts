import { commandParamsSchema, commandStatusSchema, waitHeadersSchema } from '@rollcall/contracts/http';
import type { Answer, CommandId, EventId, UserId } from '@rollcall/domain';
import type { PendingCommand } from '@rollcall/engine';
import { isStaffOf } from '../http/access.ts';
import type { Identity } from '../http/auth.ts';
import { findCommand } from '../commands/find-command.ts';
import type { ApiContext } from '../context.ts';
import type { Deadline } from '../http/deadline.ts';
import { bearer, json, problems } from '../http/openapi.ts';
import { parsePreferWait } from '../http/prefer.ts';
import { unavailable, unknownCommand } from '../http/problems.ts';
import { commandStatusOf, replyProblem } from '../http/replies.ts';
import type { Api } from '../http/api.ts';

export function commandRoutes(app: Api, context: ApiContext): void {
  const { deps, known, queries, reads, settings, waiters } = context;

  async function findAnswer(eventId: EventId, commandId: CommandId, deadline: Deadline): Promise<Answer | undefined> {
    return (await deadline.bound(queries.findAnswers(eventId, [commandId])))[0];
  }

  async function findPending(
    eventId: EventId,
    commandId: CommandId,
    deadline: Deadline,
  ): Promise<PendingCommand | undefined | 'unavailable'> {
    if (!deps.mailboxReady()) return 'unavailable';
    const pending = deps.mailbox.findPending(eventId, commandId);
    return deadline.bound(pending, settings.MAILBOX_REPLY_MS_MAX).catch((err: unknown) => {
      deps.logger.warn({ err, eventId }, 'mailbox not asked');
      return 'unavailable';
    });
  }

  async function mayKnow(
    identity: Identity | undefined,
    eventId: EventId,
    senderId: UserId | undefined,
    deadline: Deadline,
  ): Promise<boolean> {
    if (identity === undefined) return false;
    if (senderId === identity.userId) return true;
    const view = await deadline.bound(known.find(eventId));
    return view !== undefined && isStaffOf(identity, view);
  }

  app.get(
    '/v1/events/:eventId/commands/:commandId',
    {
      config: { auth: 'required' },
      schema: {
        summary: 'Ask what became of a command',
        description: 'For its sender and for staff. While it is pending, `Prefer: wait=N` waits for the decision.',
        tags: ['commands'],
        security: bearer,
        headers: waitHeadersSchema,
        params: commandParamsSchema,
        response: { 200: json('Where it stands', commandStatusSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { eventId, commandId } = request.params;
      request.commandId = commandId;
      const preferred = parsePreferWait(request.headers.prefer);
      const waiter = preferred === undefined || preferred === 0 ? undefined : waiters.register(eventId, commandId);
      let deadline = context.deadline();
      try {
        const found = await findCommand({
          findAnswer: () => findAnswer(eventId, commandId, deadline),
          findPending: () => findPending(eventId, commandId, deadline),
        });
        if (found.kind === 'unavailable') return replyProblem(reply, unavailable);
        if (found.kind === 'unknown') return replyProblem(reply, unknownCommand);
        let answer = found.kind === 'decided' ? found.answer : undefined;
        const ahead = found.kind === 'pending' ? found.ahead : 0;
        if (found.kind === 'pending') {
          if (!(await mayKnow(request.identity, eventId, found.senderId, deadline)))
            return replyProblem(reply, unknownCommand);
          if (waiter !== undefined && preferred !== undefined) {
            reply.raw.once('close', () => waiter.drop());
            reply.header('preference-applied', `wait=${preferred}`);
            answer = await waiter.wait(preferred * 1000);
            deadline = context.deadline();
          }
        }
        if (answer === undefined)
          return reply.header('retry-after', '1').send({ commandId, eventId, status: 'pending', ahead });
        if (!(await mayKnow(request.identity, eventId, answer.actorId, deadline)))
          return replyProblem(reply, unknownCommand);
        reads.tell(answer);
        return reply.send(commandStatusOf(answer));
      } finally {
        waiter?.drop();
      }
    },
  );
}
