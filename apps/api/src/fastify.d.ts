import type { Identity } from './http/auth.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined for an anonymous reader. */
    identity: Identity | undefined;
    /** For the log line. */
    commandId: string | undefined;
  }

  interface FastifyContextConfig {
    /** Without it nobody is asked who they are. */
    auth?: 'required' | 'optional';
  }
}
