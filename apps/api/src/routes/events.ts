import {
  availabilitySchema,
  eventPageSchema,
  eventParamsSchema,
  eventSchema,
  listEventsQuerySchema,
  minVersionQuerySchema,
} from '@rollcall/contracts/http';
import { canSee, findVisible } from '../http/access.ts';
import { addressLimit } from '../http/address-limit.ts';
import type { ApiContext } from '../context.ts';
import { invalid } from '../http/faults.ts';
import type { Api } from '../http/api.ts';
import { bearerOptional, json, problems } from '../http/openapi.ts';
import { eventNotFound, unavailable, type Refusal } from '../http/problems.ts';
import type { Absent } from '../reads/public-reads.ts';
import { replyReady } from '../reads/ready.ts';
import { replyProblem } from '../http/replies.ts';

const tags = ['events'];
const read = { auth: 'optional' } as const;
const notModified = { 304: { description: 'Not modified' } };
const cached =
  'What is shown may be a tenth of a second old, but never older than a decision that this server has answered to ' +
  'anybody. Answers 304 to `If-None-Match` while nothing changed.';
const minVersion = 'With `minVersion` it is of that version of the event or later.';

const neverWas = invalid([
  { in: 'querystring', pointer: '/minVersion', detail: 'is a version that the event has not reached' },
]);

function refusalOfAbsent(absent: Absent): Refusal {
  switch (absent) {
    case 'unknown':
      return eventNotFound;
    case 'never-was':
      return neverWas;
    case 'out-of-reach':
      return unavailable;
  }
}

export function eventRoutes(app: Api, context: ApiContext): void {
  const { known, reads, settings } = context;
  const limited = () => addressLimit(settings.ANONYMOUS_READS_PER_MINUTE);

  app.get(
    '/v1/events',
    {
      config: read,
      onRequest: limited(),
      schema: {
        summary: 'List events by the time they start',
        description:
          'Drafts are listed to staff only. The counts of an event are exact at the `version` that stands beside them, ' +
          `which may be a moment behind that of the event. ${cached}`,
        tags,
        security: bearerOptional,
        querystring: listEventsQuerySchema,
        response: { 200: json('A page of events', eventPageSchema), ...notModified, ...problems },
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
      const found = reads.list({
        ...query,
        ...(fromInstant === undefined ? {} : { from: fromInstant }),
        draftsOf: request.identity?.staffOf ?? [],
      });
      return replyReady(request, reply, found instanceof Promise ? await context.deadline().bound(found) : found);
    },
  );

  app.get(
    '/v1/events/:eventId',
    {
      config: read,
      onRequest: limited(),
      schema: {
        summary: 'Read an event',
        description:
          'With exact counts per role. `version` is that of the counts; the settings may be those of a moment before. ' +
          `${cached} ${minVersion}`,
        tags,
        security: bearerOptional,
        params: eventParamsSchema,
        querystring: minVersionQuerySchema,
        response: { 200: json('The event', eventSchema), ...notModified, ...problems },
      },
    },
    async (request, reply) => {
      const { eventId } = request.params;
      const deadline = context.deadline();
      const found = reads.event(eventId, request.query.minVersion ?? 0);
      const ready = found instanceof Promise ? await deadline.bound(found) : found;
      if (typeof ready !== 'string' && canSee(request.identity, ready.view)) return replyReady(request, reply, ready);
      // A draft may have opened since; and who may not see it learns nothing of its versions either.
      const visible = await findVisible(known, eventId, request.identity, deadline);
      if (visible === undefined) return replyProblem(reply, eventNotFound);
      if (typeof ready === 'string') return replyProblem(reply, refusalOfAbsent(ready));
      const now = await deadline.bound(reads.eventNow(eventId));
      return now === undefined ? replyProblem(reply, eventNotFound) : replyReady(request, reply, now);
    },
  );

  app.get(
    '/v1/events/:eventId/availability',
    {
      config: read,
      onRequest: limited(),
      schema: {
        summary: 'Read how many seats are free',
        description: `All counts are of the one version that they carry. ${cached} ${minVersion}`,
        tags,
        security: bearerOptional,
        params: eventParamsSchema,
        querystring: minVersionQuerySchema,
        response: { 200: json('Counts per role', availabilitySchema), ...notModified, ...problems },
      },
    },
    async (request, reply) => {
      const { eventId } = request.params;
      const deadline = context.deadline();
      const seen = known.peek(eventId);
      const isVisible = seen !== undefined && canSee(request.identity, seen);
      if (!isVisible && (await findVisible(known, eventId, request.identity, deadline)) === undefined)
        return replyProblem(reply, eventNotFound);
      const found = reads.availability(eventId, request.query.minVersion ?? 0);
      const ready = found instanceof Promise ? await deadline.bound(found) : found;
      return typeof ready === 'string'
        ? replyProblem(reply, refusalOfAbsent(ready))
        : replyReady(request, reply, ready);
    },
  );
}
