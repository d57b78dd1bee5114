import {
  addRoleBodySchema,
  changedOrPreviewedSchema,
  changedSchema,
  changeRoleBodySchema,
  eventParamsSchema,
  mutationHeadersSchema,
  pendingSchema,
  roleAddedSchema,
  roleParamsSchema,
} from '@rollcall/contracts/http';
import { findStaff } from '../http/access.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http/api.ts';
import { commandIds, mutate } from '../commands/mutation.ts';
import { newRole, roleIdFor } from '../commands/new-roles.ts';
import { bearer, json, mergePatch, problems } from '../http/openapi.ts';
import { replyProblem } from '../http/replies.ts';

const tags = ['events'];
const config = { auth: 'required' } as const;
const taken = { 202: json('Taken', pendingSchema), ...problems };

export function roleRoutes(app: Api, context: ApiContext): void {
  const { known } = context;

  app.post(
    '/v1/events/:eventId/roles',
    {
      config,
      schema: {
        summary: 'Add a role',
        tags,
        security: bearer,
        headers: mutationHeadersSchema,
        params: eventParamsSchema,
        body: addRoleBodySchema,
        response: { 201: json('Added', roleAddedSchema), ...taken },
      },
    },
    async (request, reply) => {
      const { identity, params, body } = request;
      const { eventId } = params;
      const deadline = context.deadline();
      const found = await findStaff(known, eventId, identity, deadline, 'add roles');
      if ('refusal' in found) return replyProblem(reply, found.refusal);
      const ids = commandIds(context, request, `POST /v1/events/${eventId}/roles`);
      return mutate(context, request, reply, {
        ...ids,
        eventId,
        deadline,
        body: { type: 'AddRole', actor: found.actor, role: newRole(roleIdFor(ids.commandId), body) },
      });
    },
  );

  app.patch(
    '/v1/events/:eventId/roles/:roleId',
    {
      config,
      schema: {
        summary: 'Change a role',
        description:
          'A merge-patch: what is left out stays; a `capacity` of null is unlimited, as a `waitlistMax` of null is. ' +
          '`ifOver` and `dryRun` as for an event.',
        tags,
        security: bearer,
        consumes: mergePatch,
        headers: mutationHeadersSchema,
        params: roleParamsSchema,
        body: changeRoleBodySchema,
        response: { 200: json('Changed, or previewed', changedOrPreviewedSchema), ...taken },
      },
    },
    async (request, reply) => {
      const { identity, params, body } = request;
      const { eventId, roleId } = params;
      const deadline = context.deadline();
      const found = await findStaff(known, eventId, identity, deadline, 'change roles');
      if ('refusal' in found) return replyProblem(reply, found.refusal);
      const { ifOver = 'refuse', dryRun = false, offerSeconds, ...changes } = body;
      return mutate(context, request, reply, {
        ...commandIds(context, request, `PATCH /v1/events/${eventId}/roles/${roleId}`),
        eventId,
        deadline,
        body: {
          type: 'ChangeRole',
          actor: found.actor,
          roleId,
          changes: offerSeconds === undefined ? changes : { ...changes, offerMs: offerSeconds * 1000 },
          ifOver,
          dryRun,
        },
      });
    },
  );

  app.delete(
    '/v1/events/:eventId/roles/:roleId',
    {
      config,
      schema: {
        summary: 'Delete a role that nobody is registered for',
        tags,
        security: bearer,
        headers: mutationHeadersSchema,
        params: roleParamsSchema,
        response: { 200: json('Deleted', changedSchema), ...taken },
      },
    },
    async (request, reply) => {
      const { identity, params } = request;
      const { eventId, roleId } = params;
      const deadline = context.deadline();
      const found = await findStaff(known, eventId, identity, deadline, 'delete roles');
      if ('refusal' in found) return replyProblem(reply, found.refusal);
      return mutate(context, request, reply, {
        ...commandIds(context, request, `DELETE /v1/events/${eventId}/roles/${roleId}`),
        eventId,
        deadline,
        body: { type: 'DeleteRole', actor: found.actor, roleId },
      });
    },
  );
}
