import {
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
import { findOwned, findVisible, isStaffOf } from '../http/access.ts';
import type { ApiContext } from '../context.ts';
import { commandIds, mutate } from '../commands/mutation.ts';
import { bearer, json, problems } from '../http/openapi.ts';
import { eventNotFound, refusalOf, registrationNotFound, unauthorized } from '../http/problems.ts';
import { replyProblem } from '../http/replies.ts';
import type { Api } from '../http/api.ts';
import { signUpCommand } from '../commands/sign-up.ts';

const tags = ['registrations'];
const config = { auth: 'required' } as const;

export function registrationRoutes(app: Api, context: ApiContext): void {
  const { known, queries, places } = context;

  app.post(
    '/v1/events/:eventId/registrations',
    {
      config,
      schema: {
        summary: 'Sign up for a role',
        description:
          'Staff may sign up somebody else, by `userId` and `profile`, and with `override` also over capacity. What ' +
          'binds users (the status of the event, its times) does not bind them then.',
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
      const ids = commandIds(context, request, `POST /v1/events/${eventId}/registrations`);
      // Not with a key: a repeat gets the decision that it got, also when the role has been deleted since.
      if (!ids.keyed && !view.roles.some(({ roleId }) => roleId === body.roleId)) {
        const fresh = await deadline.bound(known.load(eventId));
        if (fresh === undefined) return replyProblem(reply, eventNotFound);
        if (!fresh.roles.some(({ roleId }) => roleId === body.roleId)) {
          return replyProblem(reply, refusalOf({ reason: 'role-not-found', roleId: body.roleId }));
        }
      }
      return mutate(context, request, reply, { ...ids, eventId, body: command.body, deadline });
    },
  );

  app.get(
    '/v1/events/:eventId/registrations/:registrationId',
    {
      config,
      schema: {
        summary: 'Read a registration',
        description: 'For its owner and for staff. While it stands in line, its place is exact and of now.',
        tags,
        security: bearer,
        params: registrationParamsSchema,
        response: { 200: json('The registration', registrationSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { identity, params } = request;
      const deadline = context.deadline();
      const registration = await findOwned(context, params, identity, deadline);
      if (registration === undefined) return replyProblem(reply, registrationNotFound);
      return reply.send(await deadline.bound(places.documentOf(registration)));
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
      const deadline = context.deadline();
      const listing = queries.listRegistrationsOfUser(identity.userId, query.cursor, query.limit);
      const { items, nextCursor } = await deadline.bound(listing);
      const documents = await deadline.bound(Promise.all(items.map((view) => places.documentOf(view))));
      return reply.send({ items: documents, nextCursor: nextCursor ?? null });
    },
  );
}
