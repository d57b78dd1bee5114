import {
  cancelledSchema,
  mutationHeadersSchema,
  nothingBodySchema,
  pendingSchema,
  registrationParamsSchema,
  seatedSchema,
} from '@rollcall/contracts/http';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';
import { bearer, json, problems } from '../openapi.ts';
import { mutateRegistration } from '../registration-command.ts';

const config = { auth: 'required' } as const;
const mutation = {
  tags: ['offers'],
  security: bearer,
  headers: mutationHeadersSchema,
  params: registrationParamsSchema,
  body: nothingBodySchema,
};
const taken = { 202: json('Taken', pendingSchema), ...problems };

/** What owner and staff may answer to the offer of a seat. */
export function offerRoutes(app: Api, context: ApiContext): void {
  app.post(
    '/v1/events/:eventId/registrations/:registrationId/accept',
    {
      config,
      schema: {
        summary: 'Accept the offer of a seat',
        ...mutation,
        response: { 200: json('Confirmed', seatedSchema), ...taken },
      },
    },
    async (request, reply) => {
      const { eventId, registrationId } = request.params;
      return mutateRegistration(context, request, reply, {
        eventId,
        registrationId,
        method: 'POST',
        action: 'accept',
        ask: (actor) => ({ kind: 'command', body: { type: 'AcceptOffer', actor, registrationId } }),
      });
    },
  );

  app.post(
    '/v1/events/:eventId/registrations/:registrationId/decline',
    {
      config,
      schema: {
        summary: 'Decline the offer of a seat',
        description: 'This cancels the registration, and passes the seat on.',
        ...mutation,
        response: { 200: json('Cancelled', cancelledSchema), ...taken },
      },
    },
    async (request, reply) => {
      const { eventId, registrationId } = request.params;
      return mutateRegistration(context, request, reply, {
        eventId,
        registrationId,
        method: 'POST',
        action: 'decline',
        ask: (actor) => ({ kind: 'command', body: { type: 'DeclineOffer', actor, registrationId } }),
      });
    },
  );
}
