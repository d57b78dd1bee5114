import {
  changedOrPreviewedSchema,
  createEventBodySchema,
  eventParamsSchema,
  eventSchema,
  mutationHeadersSchema,
  patchEventBodySchema,
  pendingSchema,
} from '@rollcall/contracts/http';
import { eventIdFor } from '@rollcall/domain';
import { findStaff } from '../http/access.ts';
import type { ApiContext } from '../context.ts';
import { readEventPatch, readNewEvent } from '../commands/event-settings.ts';
import { invalid } from '../http/faults.ts';
import type { Api } from '../http/api.ts';
import { commandIds, mutate } from '../commands/mutation.ts';
import { bearer, json, mergePatch, problems } from '../http/openapi.ts';
import { forbidden } from '../http/problems.ts';
import { eventLocation, replyProblem } from '../http/replies.ts';
import { eventDocument } from '../reads/views.ts';

const tags = ['events'];
/** A hundred roles with long names, and their pools, are larger than a signup may be. */
const bodyBytesMin = 262_144;

export function eventChangeRoutes(app: Api, context: ApiContext): void {
  const { known, settings } = context;
  const bodyLimit = Math.max(bodyBytesMin, settings.BODY_BYTES_MAX);

  app.post(
    '/v1/events',
    {
      config: { auth: 'required' },
      bodyLimit,
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
      const ids = commandIds(context, request, 'POST /v1/events');
      const checked = readNewEvent(body, ids.commandId);
      if ('mistakes' in checked) return replyProblem(reply, invalid(checked.mistakes));
      const eventId = eventIdFor(ids.commandId);
      return mutate(context, request, reply, {
        ...ids,
        eventId,
        body: { type: 'CreateEvent', actor: { kind: 'staff', userId: identity.userId }, ...checked },
        deadline: context.deadline(),
        waitSecondsDefault: settings.CREATE_WAIT_SECONDS,
        // Made of the command alone: an event that exists must not be lost on the way because a read fails. A repeat is told the same.
        replyAccepted: ({ version }) =>
          reply
            .code(201)
            .header('location', eventLocation(eventId))
            .send(eventDocument({ eventId, status: 'draft', ...checked }, { version, roles: new Map() })),
      });
    },
  );

  app.patch(
    '/v1/events/:eventId',
    {
      config: { auth: 'required' },
      bodyLimit,
      schema: {
        summary: 'Change, open, close or cancel an event',
        description:
          'A merge-patch: what is left out stays, and null removes. All of it happens, or nothing. Where it lowers a ' +
          'limit below what is taken, `ifOver` says what becomes of those who are too many; `dryRun` answers whom it ' +
          'would affect, and changes nothing.',
        tags,
        security: bearer,
        consumes: mergePatch,
        headers: mutationHeadersSchema,
        params: eventParamsSchema,
        body: patchEventBodySchema,
        response: {
          200: json('Changed, or previewed', changedOrPreviewedSchema),
          202: json('Taken', pendingSchema),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { identity, params, body } = request;
      const { eventId } = params;
      const deadline = context.deadline();
      const found = await findStaff(known, eventId, identity, deadline, 'change an event');
      if ('refusal' in found) return replyProblem(reply, found.refusal);
      const checked = readEventPatch(body);
      if ('mistakes' in checked) return replyProblem(reply, invalid(checked.mistakes));
      const { status, ifOver = 'refuse', dryRun = false } = body;
      return mutate(context, request, reply, {
        ...commandIds(context, request, `PATCH /v1/events/${eventId}`),
        eventId,
        deadline,
        body: {
          type: 'ChangeEventSettings',
          actor: found.actor,
          ...checked,
          ...(status === undefined ? {} : { status }),
          ifOver,
          dryRun,
        },
      });
    },
  );
}
