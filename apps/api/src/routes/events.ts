import {
  availabilitySchema,
  eventPageSchema,
  eventParamsSchema,
  eventSchema,
  listEventsQuerySchema,
} from '@rollcall/contracts/http';
import { canSee, findVisible } from '../access.ts';
import type { ApiContext } from '../context.ts';
import { invalid } from '../faults.ts';
import type { Api } from '../http.ts';
import { bearerOptional, json, problems } from '../openapi.ts';
import { eventNotFound } from '../problems.ts';
import { replyProblem } from '../replies.ts';
import { availabilityOf, eventDocument } from '../views.ts';

const tags = ['events'];
const read = { auth: 'optional', rateLimit: {} } as const;

export function eventRoutes(app: Api, context: ApiContext): void {
  const { known, counting, queries } = context;

  app.get(
    '/v1/events',
    {
      config: read,
      schema: {
        summary: 'List events by the time they start',
        description:
          'Drafts are listed to staff only. The counts of an event are exact at the `version` that stands beside them, ' +
          'which may be a moment behind that of the event.',
        tags,
        security: bearerOptional,
        querystring: listEventsQuerySchema,
        response: { 200: json('A page of events', eventPageSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { from, ...query } = request.query;
      const fromInstant = from === undefined ? undefined : Date.parse(from);
      if (Number.isNaN(fromInstant)) {
        return replyProblem(
          reply,
          invalid([{ in: 'querystring', pointer: '/from', detail: 'is not a time that exists' }]),
        );
      }
      const deadline = context.deadline();
      const listing = queries.listEvents({
        ...query,
        ...(fromInstant === undefined ? {} : { from: fromInstant }),
        draftsOf: request.identity?.staffOf ?? [],
      });
      const { items, nextCursor } = await deadline.bound(listing);
      const counts = await deadline.bound(counting.ofEvents(items.map(({ eventId }) => eventId)));
      return reply.send({
        items: items.flatMap((view) => {
          const counted = counts.get(view.eventId);
          return counted === undefined ? [] : [eventDocument(view, counted)];
        }),
        nextCursor: nextCursor ?? null,
      });
    },
  );

  app.get(
    '/v1/events/:eventId',
    {
      config: read,
      schema: {
        summary: 'Read an event',
        description:
          'With exact counts per role. `version` is that of the counts; the settings may be those of a moment before.',
        tags,
        security: bearerOptional,
        params: eventParamsSchema,
        response: { 200: json('The event', eventSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { eventId } = request.params;
      const deadline = context.deadline();
      const view = await deadline.bound(known.load(eventId));
      if (view === undefined || !canSee(request.identity, view)) return replyProblem(reply, eventNotFound);
      const counts = await deadline.bound(counting.ofEvent(eventId, view.version));
      if (counts === undefined) return replyProblem(reply, eventNotFound);
      return reply.send(eventDocument(view, counts));
    },
  );

  app.get(
    '/v1/events/:eventId/availability',
    {
      config: read,
      schema: {
        summary: 'Read how many seats are free',
        description:
          'All counts are of the one version that they carry. Answers 304 to `If-None-Match` while nothing changed.',
        tags,
        security: bearerOptional,
        params: eventParamsSchema,
        response: {
          200: json('Counts per role', availabilitySchema),
          304: { description: 'Not modified' },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { eventId } = request.params;
      const deadline = context.deadline();
      const view = await findVisible(known, eventId, request.identity, deadline);
      const counts = view === undefined ? undefined : await deadline.bound(counting.ofEvent(eventId));
      if (counts === undefined) return replyProblem(reply, eventNotFound);
      // With the commit's id: a database that was restored may come to the same version another way.
      const etag = `"${counts.version}-${counts.commitId}"`;
      reply.header('etag', etag).header('cache-control', 'no-cache');
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return reply.send(availabilityOf(counts));
    },
  );
}
