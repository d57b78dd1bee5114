import {
  cancelBodySchema,
  cancelledSchema,
  eventParamsSchema,
  mutationHeadersSchema,
  myRegistrationsQuerySchema,
  pendingSchema,
  registeredSchema,
  registrationPageSchema,
  registrationParamsSchema,
  registrationSchema,
  signUpBodySchema,
} from '@rollcall/contracts/http';
import type { EventId, RegistrationId } from '@rollcall/domain';
import { findVisible, isStaffOf } from '../access.ts';
import type { ApiContext } from '../context.ts';
import { commandIds, mutate } from '../mutation.ts';
import { bearer, json, problems } from '../openapi.ts';
import { eventNotFound, refusalOf, registrationNotFound, unauthorized } from '../problems.ts';
import { replyProblem } from '../replies.ts';
import type { AnyReply, AnyRequest, Api } from '../http.ts';
import { signUpCommand } from '../sign-up.ts';
import { registrationDocument } from '../views.ts';

const tags = ['registrations'];
const config = { auth: 'required' } as const;

export function registrationRoutes(app: Api, context: ApiContext): void {
  const { known, queries } = context;

  app.post(
    '/v1/events/:eventId/registrations',
    {
      config,
      schema: {
        summary: 'Sign up for a role',
        description: 'Staff may sign up somebody else, by `userId` and `profile`.',
        tags,
        security: bearer,
        headers: mutationHeadersSchema,
        params: eventParamsSchema,
        body: signUpBodySchema,
        response: {
          201: json('Confirmed, or on the waitlist', registeredSchema),
          202: json('Taken', pendingSchema),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { identity, params, body } = request;
      if (identity === undefined) return replyProblem(reply, unauthorized);
      const { eventId } = params;
      const deadline = context.deadline();
      const view = await findVisible(known, eventId, identity, deadline);
      if (view === undefined) return replyProblem(reply, eventNotFound);
      const command = signUpCommand(body, identity, isStaffOf(identity, view));
      if (command.kind === 'refused') return replyProblem(reply, command.refusal);
      if (!view.roles.some(({ roleId }) => roleId === body.roleId)) {
        const fresh = await deadline.bound(known.load(eventId));
        if (fresh === undefined) return replyProblem(reply, eventNotFound);
        if (!fresh.roles.some(({ roleId }) => roleId === body.roleId)) {
          return replyProblem(reply, refusalOf({ reason: 'role-not-found', roleId: body.roleId }));
        }
      }
      const ids = commandIds(context, request, `POST /v1/events/${eventId}/registrations`);
      return mutate(context, request, reply, { ...ids, eventId, body: command.body, deadline });
    },
  );

  app.post(
    '/v1/events/:eventId/registrations/:registrationId/cancel',
    {
      config,
      schema: {
        summary: 'Cancel a registration',
        description: 'The earliest in line gets the seat in the same decision.',
        tags,
        security: bearer,
        headers: mutationHeadersSchema,
        params: registrationParamsSchema,
        body: cancelBodySchema,
        response: { 200: json('Cancelled', cancelledSchema), 202: json('Taken', pendingSchema), ...problems },
      },
    },
    async (request, reply) =>
      cancel(request, reply, { ...request.params, action: 'cancel', reason: request.body?.reason }),
  );

  app.delete(
    '/v1/events/:eventId/registrations/:registrationId',
    {
      config,
      schema: {
        summary: 'Cancel a registration, the short form',
        tags,
        security: bearer,
        headers: mutationHeadersSchema,
        params: registrationParamsSchema,
        response: { 200: json('Cancelled', cancelledSchema), 202: json('Taken', pendingSchema), ...problems },
      },
    },
    async (request, reply) => cancel(request, reply, { ...request.params, action: 'delete', reason: undefined }),
  );

  interface Cancellation {
    readonly eventId: EventId;
    readonly registrationId: RegistrationId;
    readonly action: 'cancel' | 'delete';
    readonly reason: string | undefined;
  }

  async function cancel<Reply extends AnyReply>(
    request: AnyRequest,
    reply: Reply,
    cancellation: Cancellation,
  ): Promise<Reply> {
    const { identity } = request;
    const { eventId, registrationId, action, reason } = cancellation;
    if (identity === undefined) return replyProblem(reply, unauthorized);
    const deadline = context.deadline();
    const view = await findVisible(known, eventId, identity, deadline);
    if (view === undefined) return replyProblem(reply, eventNotFound);
    const path = `/v1/events/${eventId}/registrations/${registrationId}`;
    return mutate(context, request, reply, {
      ...commandIds(context, request, action === 'cancel' ? `POST ${path}/cancel` : `DELETE ${path}`),
      eventId,
      deadline,
      body: {
        type: 'CancelSignup',
        actor: { kind: isStaffOf(identity, view) ? 'staff' : 'user', userId: identity.userId },
        registrationId,
        ...(reason === undefined ? {} : { reason }),
      },
    });
  }

  app.get(
    '/v1/events/:eventId/registrations/:registrationId',
    {
      config,
      schema: {
        summary: 'Read a registration',
        description: 'For its owner and for staff.',
        tags,
        security: bearer,
        params: registrationParamsSchema,
        response: { 200: json('The registration', registrationSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { identity, params } = request;
      const deadline = context.deadline();
      const registration = await deadline.bound(queries.findRegistration(params.eventId, params.registrationId));
      if (registration === undefined || identity === undefined) return replyProblem(reply, registrationNotFound);
      if (registration.userId !== identity.userId) {
        const view = await deadline.bound(known.find(params.eventId));
        if (view === undefined || !isStaffOf(identity, view)) return replyProblem(reply, registrationNotFound);
      }
      return reply.send(registrationDocument(registration));
    },
  );

  app.get(
    '/v1/me/registrations',
    {
      config,
      schema: {
        summary: 'List your own registrations, newest first',
        tags,
        security: bearer,
        querystring: myRegistrationsQuerySchema,
        response: { 200: json('A page of registrations', registrationPageSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { identity, query } = request;
      if (identity === undefined) return replyProblem(reply, unauthorized);
      const { items, nextCursor } = await context
        .deadline()
        .bound(queries.listRegistrationsOfUser(identity.userId, query.cursor, query.limit));
      return reply.send({ items: items.map(registrationDocument), nextCursor: nextCursor ?? null });
    },
  );
}
