import type { Readable } from 'node:stream';
import { eventParamsSchema, liveHeadersSchema, registrationParamsSchema } from '@rollcall/contracts/http';
import { Type } from 'typebox';
import { addressLimit } from '../http/address-limit.ts';
import { findOwned, findVisible } from '../http/access.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http/api.ts';
import { bearer, bearerOptional, problems } from '../http/openapi.ts';
import { eventNotFound, registrationNotFound } from '../http/problems.ts';
import { replyProblem } from '../http/replies.ts';
import { serveLive } from '../live/serve-live.ts';

const tags = ['live'];

const howStreamsWork =
  'The state comes first, and again whenever it has changed; states in between may be left out, the last one never is. ' +
  '`id` says which state it is: a client that comes back with it as `Last-Event-ID` gets the state only if it is another ' +
  'one. Comments come in between, as a sign of life. `retry` says when to come back after the stream has ended, which it ' +
  'does once in a while; each client is told another time. When as many listen as may, of a user, of an address or of all, ' +
  'the answer is 503 with `Retry-After`.';

const frames = (description: string, example: string) => ({
  200: {
    description,
    content: { 'text/event-stream': { schema: Type.Unsafe<Readable>({ type: 'string', examples: [example] }) } },
  },
  ...problems,
});

/** Streams of server-sent events. A HEAD request must not open one. */
export function liveRoutes(app: Api, context: ApiContext): void {
  const { known, live } = context;

  app.get(
    '/v1/events/:eventId/live',
    {
      config: { auth: 'optional' },
      onRequest: addressLimit(context.settings.ANONYMOUS_READS_PER_MINUTE),
      exposeHeadRoute: false,
      schema: {
        summary: 'Listen to how many seats are free',
        description: `Each event is named \`counts\`, and its data is what \`availability\` answers. ${howStreamsWork}`,
        tags,
        security: bearerOptional,
        params: eventParamsSchema,
        headers: liveHeadersSchema,
        response: frames(
          'Counts per role, for as long as the client listens',
          'id: 7-abc\nevent: counts\ndata: {"eventId":"…","version":7,"roles":[…]}\n\n',
        ),
      },
    },
    async (request, reply) => {
      const { identity, params, headers } = request;
      const deadline = context.deadline();
      const view = await findVisible(known, params.eventId, identity, deadline);
      if (view === undefined) return replyProblem(reply, eventNotFound);
      return serveLive(context, request, reply, {
        kind: 'counts',
        enter: () => live.enterCounts(params.eventId, headers['last-event-id']),
        notFound: eventNotFound,
        // Others than drafts are for everybody.
        allowedUntil: view.status === 'draft' ? identity?.expiresAt : undefined,
        deadline,
      });
    },
  );

  app.get(
    '/v1/events/:eventId/registrations/:registrationId/live',
    {
      config: { auth: 'required' },
      exposeHeadRoute: false,
      schema: {
        summary: 'Listen to what becomes of a registration',
        description:
          'For its owner and for staff: the place in line, an offer, the seat, a cancel. Each event is named ' +
          '`registration`, and its data is the registration as it is read elsewhere. The stream ends when the token ' +
          `expires. ${howStreamsWork}`,
        tags,
        security: bearer,
        params: registrationParamsSchema,
        headers: liveHeadersSchema,
        response: frames(
          'The registration, for as long as the client listens',
          'id: 7-abc\nevent: registration\ndata: {"registrationId":"…","status":"waitlist","waitlistPosition":3,…}\n\n',
        ),
      },
    },
    async (request, reply) => {
      const { identity, params, headers } = request;
      const { eventId, registrationId } = params;
      const deadline = context.deadline();
      if ((await findOwned(context, params, identity, deadline)) === undefined) {
        return replyProblem(reply, registrationNotFound);
      }
      return serveLive(context, request, reply, {
        kind: 'registration',
        enter: () => live.enterRegistration(eventId, registrationId, headers['last-event-id']),
        notFound: registrationNotFound,
        allowedUntil: identity?.expiresAt,
        deadline,
      });
    },
  );
}
