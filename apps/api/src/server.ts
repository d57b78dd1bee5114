import { randomBytes } from 'node:crypto';
import fastify, { LogController, type FastifyBaseLogger } from 'fastify';
import type { ApiSettings } from './config.ts';
import { createContext, type ApiContext } from './context.ts';
import type { ApiDeps } from './deps.ts';
import { refusalOfFault } from './http/faults.ts';
import { addRequestHooks } from './http/hooks.ts';
import type { Api } from './http/api.ts';
import { addOpenApi } from './http/openapi.ts';
import { notFound } from './http/problems.ts';
import { replyProblem } from './http/replies.ts';
import { commandRoutes } from './routes/commands.ts';
import { erasingRoutes } from './routes/erasing.ts';
import { eventChangeRoutes } from './routes/event-changes.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { journalRoutes } from './routes/journal.ts';
import { liveRoutes } from './routes/live.ts';
import { registrationActionRoutes } from './routes/registration-actions.ts';
import { participantRoutes } from './routes/participants.ts';
import { registrationChangeRoutes } from './routes/registration-changes.ts';
import { registrationRoutes } from './routes/registrations.ts';
import { roleRoutes } from './routes/roles.ts';
import { addSecurityHeaders } from './http/security-headers.ts';
import { followSilentConnections } from './http/silent-connections.ts';
import { validatorCompiler, type TypeBoxProvider } from './http/validation.ts';

/** The HTTP side of Rollcall over its ports; listens to nothing yet. Closing it answers open waits with 202 first, breaks off exports, and ends live streams. */
export async function createApi(deps: ApiDeps, settings: ApiSettings): Promise<Api> {
  const context = createContext(deps, settings);
  const app = bareServer(context);
  app.setValidatorCompiler(validatorCompiler);
  app.addContentTypeParser(
    'application/merge-patch+json',
    { parseAs: 'string' },
    app.getDefaultJsonParser('error', 'error'),
  );
  answerFaults(app, context);

  addSecurityHeaders(app);
  addRequestHooks(app, context);
  await addOpenApi(app);
  healthRoutes(app, context);
  eventRoutes(app, context);
  eventChangeRoutes(app, context);
  roleRoutes(app, context);
  registrationRoutes(app, context);
  registrationChangeRoutes(app, context);
  registrationActionRoutes(app, context);
  participantRoutes(app, context);
  journalRoutes(app, context);
  commandRoutes(app, context);
  erasingRoutes(app, context);
  liveRoutes(app, context);

  const breakOffSilent = followSilentConnections(app.server);
  app.addHook('onReady', async () => context.start());
  app.addHook('preClose', async () => {
    context.draining = true;
    context.waiters.close();
    context.exports.close();
    context.eraser.close();
    await context.live.close();
    breakOffSilent();
  });
  app.addHook('onClose', () => context.stop());
  await app.ready();
  return app;
}

function bareServer({ deps, settings }: ApiContext): Api {
  const logger: FastifyBaseLogger = deps.logger;
  const app = fastify({
    loggerInstance: logger,
    // One line per request is written by a hook; a child logger for each would cost more than the line.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: () => logger,
    bodyLimit: settings.BODY_BYTES_MAX,
    requestTimeout: settings.REQUEST_SECONDS_MAX * 1000,
    trustProxy: (_address, hop) => hop < settings.TRUST_PROXY_HOPS,
    // As long as a user's id can be, each character of it written as four bytes.
    routerOptions: { maxParamLength: 128 * 12 },
    // Closing is answered by a hook, with a problem document.
    return503OnClosing: false,
    requestIdHeader: false,
    genReqId: requestIds(),
    frameworkErrors: (error, _request, reply) => {
      replyProblem(reply, refusalOfFault(error, deps.isStoreAway));
    },
  });
  return app.withTypeProvider<TypeBoxProvider>();
}

function answerFaults(app: Api, { deps }: ApiContext): void {
  app.setErrorHandler((error: Parameters<typeof refusalOfFault>[0], request, reply) => {
    const refusal = refusalOfFault(error, deps.isStoreAway);
    if (refusal.status >= 500) {
      const { id: reqId } = request;
      deps.logger[refusal.status === 500 ? 'error' : 'warn']({ err: error, reqId }, 'request failed');
    }
    return replyProblem(reply, refusal);
  });
  app.setNotFoundHandler((_request, reply) => replyProblem(reply, notFound));
}

/** Unique among processes by their prefix, and cheap. */
function requestIds(): () => string {
  const prefix = randomBytes(6).toString('base64url');
  let count = 0;
  return () => `${prefix}-${(count++).toString(36)}`;
}
