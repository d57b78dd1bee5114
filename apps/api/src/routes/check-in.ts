import {
  changedSchema,
  mutationHeadersSchema,
  nothingBodySchema,
  pendingSchema,
  registrationParamsSchema,
} from '@rollcall/contracts/http';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';
import { bearer, json, problems } from '../openapi.ts';
import { mutateRegistration } from '../registration-command.ts';
import { refused } from '../asked.ts';

const config = { auth: 'required' } as const;
const mutation = {
  tags: ['registrations'],
  security: bearer,
  headers: mutationHeadersSchema,
  params: registrationParamsSchema,
  body: nothingBodySchema,
  response: { 200: json('Changed', changedSchema), 202: json('Taken', pendingSchema), ...problems },
};
const forStaff = refused('Only staff of its organizer may check people in.');

/** Who was there, as staff say. */
export function checkInRoutes(app: Api, context: ApiContext): void {
  app.post(
    '/v1/events/:eventId/registrations/:registrationId/check-in',
    { config, schema: { summary: 'Check somebody in', ...mutation } },
    async (request, reply) => {
      const { eventId, registrationId } = request.params;
      return mutateRegistration(context, request, reply, {
        eventId,
        registrationId,
        method: 'POST',
        action: 'check-in',
        ask: (actor) =>
          actor.kind === 'staff' ? { kind: 'command', body: { type: 'CheckIn', actor, registrationId } } : forStaff,
      });
    },
  );

  app.post(
    '/v1/events/:eventId/registrations/:registrationId/undo-check-in',
    { config, schema: { summary: 'Take a check-in back', ...mutation } },
    async (request, reply) => {
      const { eventId, registrationId } = request.params;
      return mutateRegistration(context, request, reply, {
        eventId,
        registrationId,
        method: 'POST',
        action: 'undo-check-in',
        ask: (actor) =>
          actor.kind === 'staff' ? { kind: 'command', body: { type: 'UndoCheckIn', actor, registrationId } } : forStaff,
      });
    },
  );
}
