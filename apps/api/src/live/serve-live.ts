import type { FastifyReply, FastifyRequest } from 'fastify';
import { networkOf } from '../http/address-limit.ts';
import type { ApiContext } from '../context.ts';
import type { Deadline } from '../http/deadline.ts';
import type { AnyReply } from '../http/api.ts';
import type { LiveSeat } from './seat.ts';
import type { LiveKind } from './stream.ts';
import { busy, tooManyStreams, type Refusal } from '../http/problems.ts';
import { replyProblem } from '../http/replies.ts';

export interface Listening {
  readonly kind: LiveKind;
  readonly enter: () => Promise<LiveSeat | undefined>;
  /** When there is nothing to listen to. */
  readonly notFound: Refusal;
  /** When what let the client in is no longer true, in ms since 1970. */
  readonly allowedUntil: number | undefined;
  /** Until the stream has begun. */
  readonly deadline: Deadline;
}

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // nginx would keep what it is to pass on.
  'x-accel-buffering': 'no',
} as const;

/** The process stops, or the client has asked for something else over the same connection and has no answer yet. */
const notOpened: Refusal = {
  ...busy,
  detail: 'The stream was not opened. Repeat it in a moment, over a connection of its own.',
  headers: [...(busy.headers ?? []), ['connection', 'close']],
};

/** How long a connection may be silent before the kernel asks whether the other side is still there, in ms. */
const keepAliveMs = 60_000;

type LiveRequest = Pick<FastifyRequest, 'id' | 'ip' | 'identity' | 'method' | 'params' | 'routeOptions' | 'commandId'>;
interface LiveReply extends AnyReply, Pick<FastifyReply, 'statusCode' | 'elapsedTime' | 'getHeaders'> {
  hijack(): unknown;
}

/** Answers with a stream, or with a problem as long as there is none. */
export async function serveLive<Reply extends LiveReply>(
  context: ApiContext,
  request: LiveRequest,
  reply: Reply,
  { kind, enter, notFound, allowedUntil, deadline }: Listening,
): Promise<Reply> {
  const { streams } = context.live;
  const place = streams.admit({ address: networkOf(request.ip), userId: request.identity?.userId });
  if (place === undefined) return replyProblem(reply, tooManyStreams(Math.ceil(streams.returnMs() / 1000)));
  const entering = enter();
  let seat: LiveSeat | undefined;
  try {
    seat = await deadline.bound(entering);
  } catch (error) {
    place.leave();
    entering.then((late) => late?.leave()).catch(() => undefined);
    throw error;
  }
  if (seat === undefined) {
    place.leave();
    return replyProblem(reply, notFound);
  }
  const { leave } = seat;
  const { raw } = reply;
  const endsInMs = allowedUntil === undefined ? Infinity : allowedUntil - Date.now();
  const stream = place.open(kind, raw, endsInMs, () => {
    leave();
    // Fastify knows of those that are ended by us.
    if (!raw.writableFinished) context.requestLine(request, reply);
  });
  if (stream === undefined) {
    leave();
    return replyProblem(reply, notOpened);
  }
  reply.hijack();
  raw.socket?.setNoDelay(true);
  raw.socket?.setKeepAlive(true, keepAliveMs);
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, streamHeaders);
  seat.attach(stream, streams.retryMs());
  return reply;
}
