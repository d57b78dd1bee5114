import type { Readable } from 'node:stream';
import {
  eventParamsSchema,
  historyLineSchema,
  historyQuerySchema,
  journalPageSchema,
  journalQuerySchema,
} from '@rollcall/contracts/http';
import { Type } from 'typebox';
import { findStaff } from '../http/access.ts';
import type { ApiContext } from '../context.ts';
import { invalid } from '../http/faults.ts';
import { given } from '../given.ts';
import { historyLines } from '../exports/history-lines.ts';
import type { Api } from '../http/api.ts';
import { journalItem } from '../exports/journal-item.ts';
import { bearer, json, problems } from '../http/openapi.ts';
import { eventNotFound, historyTooLong, tooManyExports } from '../http/problems.ts';
import { replyProblem } from '../http/replies.ts';
import { replyExport } from '../exports/reply-export.ts';

const tags = ['journal'];
const config = { auth: 'required' } as const;
const lines = 'application/x-ndjson';

/** What was decided, and what it led to, for staff. */
export function journalRoutes(app: Api, context: ApiContext): void {
  const { known, queries, settings } = context;
  const { logger } = context.deps;

  app.get(
    '/v1/events/:eventId/journal',
    {
      config,
      schema: {
        summary: 'Read decisions in their order',
        description:
          'For staff: the audit of an event, and the feed for integrations. Versions have no gaps, and a decision never ' +
          'changes. Whoever follows it asks with `nextAfter` again; a page may be shorter than `limit`, and only an empty ' +
          'one says that nothing is new. It holds ids and what organizers wrote, and no texts or names of users.',
        tags,
        security: bearer,
        params: eventParamsSchema,
        querystring: journalQuerySchema,
        response: { 200: json('A page of decisions', journalPageSchema), ...problems },
      },
    },
    async (request, reply) => {
      const { eventId } = request.params;
      const deadline = context.deadline();
      const found = await findStaff(known, eventId, request.identity, deadline, 'read the journal');
      if ('refusal' in found) return replyProblem(reply, found.refusal);
      const { after, limit } = request.query;
      const entries = await deadline.bound(queries.listJournal(eventId, after, limit));
      return reply.send({ items: entries.map(journalItem), nextAfter: entries.at(-1)?.version ?? after });
    },
  );

  app.get(
    '/v1/events/:eventId/history',
    {
      config,
      // Whoever only wants to know whether it is there must not set all of it in motion.
      exposeHeadRoute: false,
      schema: {
        summary: 'Who held which seat at a time, and why',
        description:
          'For staff. A JSON document per line: the event, then each place that was held; and of one user every decision ' +
          'that led there. The whole journal up to then is folded for it, so an event that has had too many decisions is ' +
          'refused with `history-too-long`; `rollcall history` says the same of any event.',
        tags,
        security: bearer,
        params: eventParamsSchema,
        querystring: historyQuerySchema,
        response: {
          200: { description: 'Lines', content: { [lines]: { schema: Type.Unsafe<Readable>(historyLineSchema) } } },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { params, identity } = request;
      const { eventId } = params;
      const { at: time, userId } = request.query;
      const at = time === undefined ? undefined : Date.parse(time);
      if (Number.isNaN(at))
        return replyProblem(
          reply,
          invalid([{ in: 'querystring', pointer: '/at', detail: 'is not a time that exists' }]),
        );
      const deadline = context.deadline();
      const found = await findStaff(known, eventId, identity, deadline, 'read its history');
      if ('refusal' in found) return replyProblem(reply, found.refusal);
      const head = await deadline.bound(queries.readHead(eventId));
      if (head === undefined) return replyProblem(reply, eventNotFound);
      // The version of an event is how many decisions there have been.
      const { version } = head;
      if (version > settings.HISTORY_DECISIONS_MAX)
        return replyProblem(reply, historyTooLong(version, settings.HISTORY_DECISIONS_MAX));
      const stream = await context.exports.begin(
        found.actor.userId,
        queries.streamJournal(eventId, version),
        (entries) => historyLines(entries, { eventId, ...given({ at, userId }) }),
        (first) => deadline.bound(first),
      );
      if (stream === undefined) return replyProblem(reply, tooManyExports);
      return replyExport(reply, stream, { contentType: `${lines}; charset=utf-8`, eventId, logger });
    },
  );
}
