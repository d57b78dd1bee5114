import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';
import type { Api } from './api.ts';

/**
 * What helmet says is the same for every answer, so it is asked once: its own plugin sets the headers one by one on the raw
 * response, which takes Node from the short way of writing a head to the long one.
 */
export function addSecurityHeaders(app: Api): void {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  const apply = helmet({
    // These are for pages, which bring their own, or for browsers that are gone.
    contentSecurityPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  apply(response.req, response, () => undefined);
  const headers = response.getHeaders();
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}
