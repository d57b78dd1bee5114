import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { Identity } from './auth.ts';
import type { TypeBoxProvider } from './validation.ts';

export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxProvider
>;

/** What is used of any route's request, whatever its schema. */
export interface AnyRequest {
  readonly id: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
  readonly identity: Identity | undefined;
  commandId: string | undefined;
}

/** What is used of any route's reply, whatever its schema. */
export interface AnyReply {
  readonly request: { readonly id: string };
  readonly raw: ServerResponse;
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  send(payload?: unknown): unknown;
}
