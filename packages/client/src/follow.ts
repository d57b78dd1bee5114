import { createComeback } from './comeback.ts';
import type { ReadResult } from './results.ts';
import { readServerSentEvents } from './server-sent-events.ts';

export interface FollowOptions {
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** `waiting`: the connection is gone, and it is a while until the next attempt. */
  readonly onState?: (state: 'connecting' | 'open' | 'waiting') => void;
  /** How long a connection may be silent before it is given up, in ms: three signs of life of a server as it is set unless told otherwise. */
  readonly silenceMsMax?: number;
}

const silenceMsDefault = 45_000;

type Body = ReadableStream<Uint8Array<ArrayBuffer>>;
type Connect = (lastEventId: string | undefined, signal: AbortSignal) => Promise<ReadResult<Body>>;

/**
 * The state each time it is another one; whoever is slow to take it gets the newest. It comes back by itself when the
 * connection is lost. A refusal that waiting does not help is the last that comes.
 */
export async function* follow<Value>(
  connect: Connect,
  { signal, onState, silenceMsMax = silenceMsDefault }: FollowOptions = {},
): AsyncGenerator<ReadResult<Value>, void, undefined> {
  const comeback = createComeback();
  let lastEventId: string | undefined;
  const isOver = () => signal?.aborted === true;
  while (!isOver()) {
    const connection = new AbortController();
    const eitherSignal = signal === undefined ? connection.signal : AbortSignal.any([signal, connection.signal]);
    let retryAfterSeconds: number | undefined;
    try {
      onState?.('connecting');
      // No answer at all is nothing new while a server restarts, nor is one that takes connections and does not answer.
      const unanswered = setTimeout(() => connection.abort(), silenceMsMax);
      const found = await connect(lastEventId, eitherSignal)
        .catch(() => undefined)
        .finally(() => clearTimeout(unanswered));
      if (found?.kind === 'refused') {
        if (isFinal(found.status)) {
          yield found;
          return;
        }
        ({ retryAfterSeconds } = found);
      }
      if (found?.kind === 'found') {
        comeback.connected();
        onState?.('open');
        const stream = readServerSentEvents({
          body: found.value,
          silenceMsMax,
          abort: () => connection.abort(),
          onRetry: (retryMs) => comeback.told(retryMs),
        });
        for (let next = await stream.next(); next !== undefined; next = await stream.next()) {
          lastEventId = next.id ?? lastEventId;
          yield { kind: 'found', value: JSON.parse(next.data) as Value };
        }
      }
    } finally {
      // Also when whoever reads has had enough.
      connection.abort();
    }
    if (isOver()) return;
    onState?.('waiting');
    await wait(comeback.nextMs(retryAfterSeconds), signal);
  }
}

const mayPass: ReadonlySet<number> = new Set([408, 425, 429]);

const isFinal = (status: number): boolean => status >= 400 && status < 500 && !mayPass.has(status);

/** Until the time has come, or nobody waits any more. */
function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    // Whoever was told of the wait may have ended it, and nobody hears of that again.
    if (signal?.aborted === true) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
