import type { FastifyReply, FastifyRequest } from 'fastify';
import { isNamed } from './etag.ts';

/** An answer that is written already. */
export interface Ready {
  readonly text: string;
  readonly etag: string;
}

/** Sends it, or 304 to who has it. A cache may keep it, and asks before each use whether it still holds. */
export function replyReady<Reply extends Pick<FastifyReply, 'header' | 'code' | 'send'>>(
  request: Pick<FastifyRequest, 'headers'>,
  reply: Reply,
  { text, etag }: Ready,
): Reply {
  const ifNoneMatch = request.headers['if-none-match'];
  reply.header('etag', etag);
  reply.header('cache-control', 'no-cache');
  if (ifNoneMatch !== undefined && isNamed(etag, ifNoneMatch)) {
    reply.code(304).send();
    return reply;
  }
  reply.header('content-type', 'application/json; charset=utf-8');
  reply.send(text);
  return reply;
}
