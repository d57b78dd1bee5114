import {
  availabilitySchema,
  changedSchema,
  createEventBodySchema,
  eventPageSchema,
  eventParamsSchema,
  eventSchema,
  listEventsQuerySchema,
  mutationHeadersSchema,
  patchEventBodySchema,
  pendingSchema,
} from '@rollcall/contracts/http';
import { eventIdFor, type Answer, type EventId } from '@rollcall/domain';
import { canSee, findVisible, isStaffOf } from '../access.ts';
import type { ApiContext } from '../context.ts';
import { readEventSettings } from '../event-settings.ts';
import { invalid } from '../faults.ts';
import { commandIds, mutate } from '../mutation.ts';
import { bearer, bearerOptional, json, problems } from '../openapi.ts';
import { eventNotFound, forbidden } from '../problems.ts';
import { eventLocation, replyProblem } from '../replies.ts';
import type { Api } from '../http.ts';
import { availabilityOf, eventDocument } from '../views.ts';

const tags = ['events'];
const read = { auth: 'optional', rateLimit: {} } as const;

export function eventRoutes(app: Api, context: ApiContext): void {
  const { known, counting, queries, settings } = context;

  async function documentOf(eventId: EventId, version: number) {
    const [view, counts] = await Promise.all([known.load(eventId), counting.ofEvent(eventId)]);
    if (view === undefined) throw new Error(`event ${eventId} was created at version ${version} and is not there`);
    return eventDocument(view, counts);
  }

  app.post(
    '/v1/events',
    {
      config: { auth: 'required' },
      schema: {
        summary: 'Create an event',
        description: 'Waits for the decision unless told otherwise by `Prefer: wait=N`. The event starts as a draft.',
        tags,
        security: bearer,
        headers: mutationHeadersSchema,
        body: createEventBodySchema,
        response: { 201: json('Created', eventSchema), 202: json('Taken', pendingSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { identity, body } = request;
      if (identity === undefined || !identity.staffOf.includes(body.organizerId)) {
        return replyProblem(reply, forbidden('Only staff of this organizer may create its events.'));
      }
      const checked = readEventSettings(body);
      if ('mistakes' in checked) return replyProblem(reply, invalid(checked.mistakes));
      const ids = commandIds(context, request, 'POST /v1/events');
      const eventId = eventIdFor(ids.commandId);
      return mutate(context, request, reply, {
        ...ids,
        eventId,
        body: { type: 'CreateEvent', actor: { kind: 'staff', userId: identity.userId }, ...checked },
        waitSecondsDefault: settings.CREATE_WAIT_SECONDS,
        replyAccepted: async ({ version }: Answer) => {
          const document = await documentOf(eventId, version);
          return reply.code(201).header('location', eventLocation(eventId)).send(document);
        },
      });
    },
  );

  app.patch(
    '/v1/events/:eventId',
    {
      config: { auth: 'required' },
      schema: {
        summary: 'Open or close an event',
        tags,
        security: bearer,
        headers: mutationHeadersSchema,
        params: eventParamsSchema,
        body: patchEventBodySchema,
        response: { 200: json('Decided', changedSchema), 202: json('Taken', pendingSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { identity, params, body } = request;
      const view = await findVisible(known, params.eventId, identity);
      if (view === undefined) return replyProblem(reply, eventNotFound);
      if (identity === undefined || !isStaffOf(identity, view)) {
        return replyProblem(reply, forbidden('Only staff of its organizer may change an event.'));
      }
      const { eventId } = view;
      return mutate(context, request, reply, {
        ...commandIds(context, request, `PATCH /v1/events/${eventId}`),
        eventId,
        body: { type: 'ChangeEventSettings', actor: { kind: 'staff', userId: identity.userId }, status: body.status },
      });
    },
  );

  app.get(
    '/v1/events',
    {
      config: read,
      schema: {
        summary: 'List events by the time they start',
        description: 'With exact counts per role. Drafts are listed to staff only.',
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
      const { items, nextCursor } = await queries.listEvents({
        ...query,
        ...(fromInstant === undefined ? {} : { from: fromInstant }),
        draftsOf: request.identity?.staffOf ?? [],
      });
      const counts = await counting.ofEvents(items.map(({ eventId }) => eventId));
      return reply.send({
        items: items.map((view) => eventDocument(view, counts.get(view.eventId))),
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
        description: 'With exact counts per role.',
        tags,
        security: bearerOptional,
        params: eventParamsSchema,
        response: { 200: json('The event', eventSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { eventId } = request.params;
      const view = await known.load(eventId);
      if (view === undefined || !canSee(request.identity, view)) return replyProblem(reply, eventNotFound);
      return reply.send(eventDocument(view, await counting.ofEvent(eventId)));
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
      const view = await findVisible(known, eventId, request.identity);
      const counts = view === undefined ? undefined : await counting.ofEvent(eventId);
      if (counts === undefined) return replyProblem(reply, eventNotFound);
      // With the commit's id: a database that was restored may come to the same version another way.
      const etag = `"${counts.version}-${counts.commitId}"`;
      reply.header('etag', etag).header('cache-control', 'no-cache');
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return reply.send(availabilityOf(counts));
    },
  );
}
