import { subscribe } from 'node:diagnostics_channel';
import type { Identity } from '@rollcall/api/src/http/auth.ts';
import { apiSettings } from '@rollcall/api/src/config.ts';
import type { ApiDeps } from '@rollcall/api/src/deps.ts';
import { createApi } from '@rollcall/api/src/server.ts';
import type { EventId, RoleId } from '@rollcall/domain';
import { createLogger, createRegistry, readSettings, type Logger } from '@rollcall/runtime';
import type { FastifyInstance, RouteHandlerMethod } from 'fastify';

export interface SignUpRequest {
  readonly eventId: EventId;
  readonly roleId: RoleId;
  readonly identity: Identity;
}

export interface SignUpReply {
  readonly status: 201 | 202;
  readonly body: object;
}

/**
 * Rollcall's API itself, with another handler behind the route of signups: hooks, validation, tokens, log lines and the writing
 * of answers are not like those of the API, they are those.
 */
export async function serveSignUps(
  handle: (request: SignUpRequest) => SignUpReply | Promise<SignUpReply>,
): Promise<void> {
  const settings = readSettings(apiSettings, process.env);
  const logger = createLogger({ name: 'api', level: settings.LOG_LEVEL });
  const handlers = replaceSignUpHandler(async (request, reply) => {
    const { eventId } = request.params as { eventId: EventId };
    const { roleId } = request.body as { roleId: RoleId };
    if (request.identity === undefined) throw new Error('a signup without an identity');
    const { status, body } = await handle({ eventId, roleId, identity: request.identity });
    return reply.code(status).send(body);
  });
  const app = await createApi(withoutStores(logger), settings);
  if (handlers.replaced !== 1) throw new Error(`${handlers.replaced} routes of signups where one was expected`);
  await app.listen({ host: settings.API_HOST, port: settings.API_PORT });
}

/** Fastify announces each server that is made, and a server lets its routes be changed while they are added. */
function replaceSignUpHandler(handler: RouteHandlerMethod): { readonly replaced: number } {
  const seen = { replaced: 0 };
  subscribe('fastify.initialization', (message) => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook('onRoute', (route) => {
      if (route.method !== 'POST' || route.url !== '/v1/events/:eventId/registrations') return;
      route.handler = handler;
      seen.replaced += 1;
    });
  });
  return seen;
}

/** Nothing of this is asked for by the route that the bench uses. */
function withoutStores(logger: Logger): ApiDeps {
  const none = (): never => {
    throw new Error('a baseline has no stores');
  };
  const absent = async (): Promise<never> => none();
  return {
    mailbox: { append: absent, findPending: absent, forget: absent },
    mailboxReady: () => false,
    wakeUps: { add: absent },
    counts: { setIfNewer: absent, replace: absent, read: absent },
    queries: {
      findEvent: absent,
      listEvents: absent,
      countEvent: absent,
      countEvents: absent,
      findRegistration: absent,
      findRegistrations: absent,
      listRegistrationsOfUser: absent,
      listParticipants: absent,
      streamParticipants: none,
      listJournal: absent,
      streamJournal: none,
      readLine: absent,
      readHead: absent,
      readSteps: absent,
      findAnswers: absent,
      getRoleAvailability: absent,
      getEventSignupCounts: absent,
      getUserSignupCount: absent,
    },
    erasing: {
      store: { findEventsOf: absent },
      mailboxes: { findWaitingOf: absent, removeDeadLetters: absent },
    },
    followPublications: async () => ({ [Symbol.asyncDispose]: async () => undefined }),
    isStoreAway: () => false,
    ping: { mongodb: absent, redis: absent },
    logger,
    registry: createRegistry(),
  };
}
