import type { Readable } from 'node:stream';
import {
  eventParamsSchema,
  participantsCsvQuerySchema,
  participantsQuerySchema,
  registrationPageSchema,
} from '@rollcall/contracts/http';
import { Type } from 'typebox';
import { findStaff } from '../http/access.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http/api.ts';
import { bearer, json, problems } from '../http/openapi.ts';
import { participantsCsv } from '../exports/participants-csv.ts';
import { tooManyExports } from '../http/problems.ts';
import { replyProblem } from '../http/replies.ts';
import { replyExport } from '../exports/reply-export.ts';

const tags = ['participants'];
const config = { auth: 'required' } as const;
const csvSchema = Type.Unsafe<Readable>({ type: 'string' });

/** Who is registered, for staff. */
export function participantRoutes(app: Api, context: ApiContext): void {
  const { known, queries, places } = context;
  const { logger } = context.deps;

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
          'For staff. RFC 4180, in UTF-8. What a spreadsheet could take for a formula, in a cell or in a part of one, has ' +
          "a `'` in front. All rows are of one moment, also of an event that changes meanwhile. The database keeps that " +
          'moment for some minutes: an answer that is not taken by then, or not at all for a while, is broken off and ' +
          'does not end as a whole one does.',
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
      const { params, identity } = request;
      const { eventId } = params;
      const deadline = context.deadline();
      const found = await findStaff(known, eventId, identity, deadline, 'export the participants');
      if ('refusal' in found) return replyProblem(reply, found.refusal);
      // For the names of its roles, as they are now.
      const view = (await deadline.bound(known.load(eventId))) ?? found.view;
      const { bom = false, ...filter } = request.query;
      const roleNames = new Map(view.roles.map(({ roleId, name }) => [roleId, name]));
      const stream = await context.exports.begin(
        found.actor.userId,
        queries.streamParticipants({ eventId, ...filter }),
        (views) => participantsCsv(views, { roleNames, bom }),
        (first) => deadline.bound(first),
      );
      if (stream === undefined) return replyProblem(reply, tooManyExports);
      reply.header('content-disposition', `attachment; filename="participants-${eventId}.csv"`);
      return replyExport(reply, stream, { contentType: 'text/csv; charset=utf-8; header=present', eventId, logger });
    },
  );
}
