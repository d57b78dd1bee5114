import {
  cancelBodySchema,
  cancelledSchema,
  changedSchema,
  moveBodySchema,
  mutationHeadersSchema,
  pendingSchema,
  registeredSchema,
  registrationParamsSchema,
  seatedSchema,
  updateRegistrationBodySchema,
} from '@rollcall/contracts/http';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http/api.ts';
import { leave } from '../commands/leave.ts';
import { bearer, json, mergePatch, problems } from '../http/openapi.ts';
import { mutateRegistration } from '../commands/registration-command.ts';

const tags = ['registrations'];
const config = { auth: 'required' } as const;
const mutation = { tags, security: bearer, headers: mutationHeadersSchema, params: registrationParamsSchema };
const taken = { 202: json('Taken', pendingSchema), ...problems };

/** What owner and staff may do to a registration. */
export function registrationChangeRoutes(app: Api, context: ApiContext): void {
  app.patch(
    '/v1/events/:eventId/registrations/:registrationId',
    {
      config,
      schema: {
        summary: 'Change notes and special requirements',
        description: 'A merge-patch: what is left out stays, and null removes.',
        ...mutation,
        consumes: mergePatch,
        body: updateRegistrationBodySchema,
        response: { 200: json('Changed', changedSchema), ...taken },
      },
    },
    async (request, reply) =>
      mutateRegistration(context, request, reply, {
        ...request.params,
        method: 'PATCH',
        ask: (actor) => ({
          kind: 'command',
          body: {
            type: 'UpdateRegistration',
            actor,
            registrationId: request.params.registrationId,
            ...request.body,
          },
        }),
      }),
  );

  app.post(
    '/v1/events/:eventId/registrations/:registrationId/move',
    {
      config,
      schema: {
        summary: 'Move to another role',
        description:
          'The old seat is kept unless the new one is free. With `ifFull: waitlist` a second registration queues for a ' +
          'full role; when its turn comes, the move happens and the old seat is passed on.',
        ...mutation,
        body: moveBodySchema,
        response: {
          200: json('Moved', seatedSchema),
          201: json('Queued, as a registration of its own', registeredSchema),
          ...taken,
        },
      },
    },
    async (request, reply) => {
      const { roleId, ifFull = 'refuse' } = request.body;
      return mutateRegistration(context, request, reply, {
        ...request.params,
        method: 'POST',
        action: 'move',
        ask: (actor) => ({
          kind: 'command',
          body: {
            type: 'MoveBetweenRoles',
            actor,
            registrationId: request.params.registrationId,
            roleId,
            ifFull,
          },
        }),
      });
    },
  );

  app.post(
    '/v1/events/:eventId/registrations/:registrationId/cancel',
    {
      config,
      schema: {
        summary: 'Cancel a registration',
        description:
          'The earliest in line gets the seat in the same decision. By staff it is a removal, with a `reasonCode`.',
        ...mutation,
        body: cancelBodySchema,
        response: { 200: json('Cancelled', cancelledSchema), ...taken },
      },
    },
    async (request, reply) =>
      mutateRegistration(context, request, reply, {
        ...request.params,
        method: 'POST',
        action: 'cancel',
        ask: (actor) => leave(actor, request.params.registrationId, request.body),
      }),
  );

  app.delete(
    '/v1/events/:eventId/registrations/:registrationId',
    {
      config,
      schema: {
        summary: 'Cancel a registration, the short form',
        ...mutation,
        response: { 200: json('Cancelled', cancelledSchema), ...taken },
      },
    },
    async (request, reply) =>
      mutateRegistration(context, request, reply, {
        ...request.params,
        method: 'DELETE',
        ask: (actor) => leave(actor, request.params.registrationId, null),
      }),
  );
}
