import {
  cancelledSchema,
  changedSchema,
  mutationHeadersSchema,
  nothingBodySchema,
  pendingSchema,
  registrationParamsSchema,
  seatedSchema,
} from '@rollcall/contracts/http';
import type { RegistrationId, StaffActor, UserActor } from '@rollcall/domain';
import { refused, type Asked } from '../http/asked.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http/api.ts';
import { bearer, json, problems } from '../http/openapi.ts';
import { mutateRegistration } from '../commands/registration-command.ts';

interface Action {
  /** The last part of the path. */
  readonly action: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  /** The answer when it was decided. */
  readonly done: ReturnType<typeof json>;
  readonly ask: (actor: UserActor | StaffActor, registrationId: RegistrationId) => Asked;
}

const forStaff = refused('Only staff of its organizer may check people in.');

/** What needs no body: answers to the offer of a seat, and who was there, as staff say. */
const actions: readonly Action[] = [
  {
    action: 'accept',
    summary: 'Accept the offer of a seat',
    tag: 'offers',
    done: json('Confirmed', seatedSchema),
    ask: (actor, registrationId) => ({ kind: 'command', body: { type: 'AcceptOffer', actor, registrationId } }),
  },
  {
    action: 'decline',
    summary: 'Decline the offer of a seat',
    description: 'This cancels the registration, and passes the seat on.',
    tag: 'offers',
    done: json('Cancelled', cancelledSchema),
    ask: (actor, registrationId) => ({ kind: 'command', body: { type: 'DeclineOffer', actor, registrationId } }),
  },
  {
    action: 'check-in',
    summary: 'Check somebody in',
    tag: 'registrations',
    done: json('Changed', changedSchema),
    ask: (actor, registrationId) =>
      actor.kind === 'staff' ? { kind: 'command', body: { type: 'CheckIn', actor, registrationId } } : forStaff,
  },
  {
    action: 'undo-check-in',
    summary: 'Take a check-in back',
    tag: 'registrations',
    done: json('Changed', changedSchema),
    ask: (actor, registrationId) =>
      actor.kind === 'staff' ? { kind: 'command', body: { type: 'UndoCheckIn', actor, registrationId } } : forStaff,
  },
];

export function registrationActionRoutes(app: Api, context: ApiContext): void {
  for (const { action, summary, description, tag, done, ask } of actions) {
    app.post(
      `/v1/events/:eventId/registrations/:registrationId/${action}`,
      {
        config: { auth: 'required' },
        schema: {
          summary,
          ...(description === undefined ? {} : { description }),
          tags: [tag],
          security: bearer,
          headers: mutationHeadersSchema,
          params: registrationParamsSchema,
          body: nothingBodySchema,
          response: { 200: done, 202: json('Taken', pendingSchema), ...problems },
        },
      },
      async (request, reply) => {
        const { eventId, registrationId } = request.params;
        return mutateRegistration(context, request, reply, {
          eventId,
          registrationId,
          method: 'POST',
          action,
          ask: (actor) => ask(actor, registrationId),
        });
      },
    );
  }
}
