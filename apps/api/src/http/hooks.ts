import type { Identity } from './auth.ts';
import type { ApiContext } from '../context.ts';
import { busy, invalidToken, unauthorized } from './problems.ts';
import { replyProblem } from './replies.ts';
import type { Api } from './api.ts';

const bearer = /^bearer +([^ ,]+) *$/i;

/** Who asks is known before a body is read; and each request leaves one line in the log, without personal data. */
export function addRequestHooks(app: Api, context: ApiContext): void {
  app.decorateRequest('identity', undefined);
  app.decorateRequest('commandId', undefined);

  // With a callback: most requests need no waiting here, and a promise for each is felt. Who is refused goes no further.
  app.addHook('onRequest', (request, reply, done) => {
    const { auth } = request.routeOptions.config;
    if (auth === undefined) return done();
    if (context.draining) return void replyProblem(reply, busy);
    const { authorization } = request.headers;
    if (authorization === undefined) return auth === 'required' ? void replyProblem(reply, unauthorized) : done();
    const letIn = (identity: Identity | undefined) => {
      request.identity = identity;
      if (identity === undefined) replyProblem(reply, invalidToken);
      else done();
    };
    const token = bearer.exec(authorization)?.[1];
    const proven = token === undefined ? undefined : context.authenticate(token);
    if (proven instanceof Promise) proven.then(letIn, done);
    else letIn(proven);
  });

  app.addHook('onResponse', (request, reply, done) => {
    context.requestLine(request, reply);
    // A connection that is kept alive would keep the process from ending.
    if (context.draining) request.raw.socket.end();
    done();
  });
}
