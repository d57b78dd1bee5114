import type { Readable } from 'node:stream';
import type { EventId } from '@rollcall/domain';
import type { Logger } from '@rollcall/runtime';
import type { AnyReply } from '../http/api.ts';

interface ExportParts {
  readonly contentType: string;
  readonly eventId: EventId;
  readonly logger: Logger;
}

/** Sends an export as it is made. It holds who is who, so nobody between here and there may keep it. */
export function replyExport<Reply extends AnyReply>(
  reply: Reply,
  stream: Readable,
  { contentType, eventId, logger }: ExportParts,
): Reply {
  // Fastify says so only where it logs each request. A fault before the headers is told to the client, and logged there.
  stream.once('error', (err) => {
    if (reply.raw.headersSent) logger.warn({ err, reqId: reply.request.id, eventId }, 'export broken off');
  });
  reply.header('content-type', contentType);
  reply.header('cache-control', 'private, no-store');
  reply.send(stream);
  return reply;
}
