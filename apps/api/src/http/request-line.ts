import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '@rollcall/runtime';
import type { ApiMetrics } from '../metrics.ts';

/** Each request leaves one line in the log, without personal data, and is counted. */
export type RequestLine = (
  request: Pick<FastifyRequest, 'id' | 'method' | 'params' | 'routeOptions' | 'commandId'>,
  reply: Pick<FastifyReply, 'statusCode' | 'elapsedTime'>,
) => void;

export function createRequestLine(parent: Logger, metrics: ApiMetrics): RequestLine {
  // The line holds nothing that would have to be taken out of it.
  const logger = parent.child({}, { redact: [] });
  return (request, reply) => {
    const { method, commandId } = request;
    const { statusCode: status, elapsedTime } = reply;
    const route = request.routeOptions.url ?? 'unknown';
    const { eventId } = (request.params ?? {}) as { eventId?: string };
    logger.info(
      { reqId: request.id, method, route, status, ms: Math.round(elapsedTime * 10) / 10, commandId, eventId },
      'request',
    );
    metrics.answered(route, method, status, elapsedTime / 1000);
  };
}
