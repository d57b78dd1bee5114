import type { Readable } from 'node:stream';
import {
  eventParamsSchema,
  participantsCsvQuerySchema,
  participantsQuerySchema,
  registrationPageSchema,
} from '@rollcall/contracts/http';
import { Type } from 'typebox';
import { findStaff } from '../access.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';
import { bearer, json, problems } from '../openapi.ts';
import { participantsCsv } from '../participants-csv.ts';
import { tooManyExports } from '../problems.ts';
import { replyProblem } from '../replies.ts';

const tags = ['participants'];
const config = { auth: 'required' } as const;
/** A client that takes nothing for so long does not come back for the rest. */
const idleMsMax = 60_000;
const csvSchema = Type.Unsafe<Readable>({ type: 'string' });

/** Who is registered, for staff. */
export function participantRoutes(app: Api, context: ApiContext): void {
  const { known, queries, places } = context;

  app.get(
    '/v1/events/:eventId/registrations',
    {
      config,
      schema: {
        summary: 'List the participants by role, status and place',
        description: 'For staff. Without a status: all, the cancelled ones too.',
        tags,
        security: bearer,
        params: eventParamsSchema,
        querystring: participantsQuerySchema,
        response: { 200: json('A page of registrations', registrationPageSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { eventId } = request.params;
      const deadline = context.deadline();
      const found = await findStaff(known, eventId, request.identity, deadline, 'list the participants');
      if ('refusal' in found) return replyProblem(reply, found.refusal);
      const { cursor, limit, ...filter } = request.query;
      const listing = queries.listParticipants({ eventId, ...filter }, cursor, limit);
      const { items, nextCursor } = await deadline.bound(listing);
      const documents = await deadline.bound(Promise.all(items.map((view) => places.documentOf(view))));
      return reply.send({ items: documents, nextCursor: nextCursor ?? null });
    },
  );

  app.get(
    '/v1/events/:eventId/registrations.csv',
    {
      config,
      // Whoever only wants to know whether it is there must not set all of it in motion.
      exposeHeadRoute: false,
      schema: {
        summary: 'Export the participants as CSV',
        description:
          "For staff. RFC 4180, in UTF-8. A cell that a spreadsheet could take for a formula begins with a `'`. It is " +
          'written as it is read: of an event that changes meanwhile, the rows are not all of the same moment.',
        tags,
        security: bearer,
        params: eventParamsSchema,
        querystring: participantsCsvQuerySchema,
        response: {
          200: { description: 'The participants', content: { 'text/csv': { schema: csvSchema } } },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { eventId } = request.params;
      const deadline = context.deadline();
      const found = await findStaff(known, eventId, request.identity, deadline, 'export the participants');
      if ('refusal' in found) return replyProblem(reply, found.refusal);
      // For the names of its roles, as they are now.
      const view = (await deadline.bound(known.load(eventId))) ?? found.view;
      const { bom = false, ...filter } = request.query;
      const roleNames = new Map(view.roles.map(({ roleId, name }) => [roleId, name]));
      const stream = await context.exports.begin(
        queries.streamParticipants({ eventId, ...filter }),
        (views) => participantsCsv(views, { roleNames, bom }),
        (first) => deadline.bound(first),
      );
      if (stream === undefined) return replyProblem(reply, tooManyExports);
      reply.raw.setTimeout(idleMsMax, () => stream.destroy(new Error('nothing was sent for too long')));
      return reply
        .header('content-type', 'text/csv; charset=utf-8; header=present')
        .header('content-disposition', `attachment; filename="participants-${eventId}.csv"`)
        .header('cache-control', 'private, no-store')
        .send(stream);
    },
  );
}
