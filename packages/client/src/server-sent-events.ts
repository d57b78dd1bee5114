import { createParser } from 'eventsource-parser';

interface ServerSentEvent {
  readonly id: string | undefined;
  readonly data: string;
}

export interface ServerSentEvents {
  /**
   * The newest of what has come since the last call, or what comes next: each event is a whole state, so those before it are
   * of no use any more. Undefined when the stream has ended, broken off, or been silent for too long.
   */
  next(): Promise<ServerSentEvent | undefined>;
}

export interface ServerSentEventsOptions {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** How long nothing at all may come before the connection is taken for dead, in ms. */
  readonly silenceMsMax: number;
  /** Breaks off the connection. */
  readonly abort: () => void;
  readonly onRetry: (retryMs: number) => void;
}

export function readServerSentEvents({
  body,
  silenceMsMax,
  abort,
  onRetry,
}: ServerSentEventsOptions): ServerSentEvents {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const got: { newest: ServerSentEvent | undefined } = { newest: undefined };
  const parser = createParser({
    onEvent({ id, data }) {
      got.newest = { id, data };
    },
    onRetry,
  });

  async function read(): Promise<string | undefined> {
    const timer = setTimeout(() => {
      abort();
      reader.cancel().catch(() => undefined);
    }, silenceMsMax);
    try {
      return (await reader.read()).value;
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async next() {
      got.newest = undefined;
      while (got.newest === undefined) {
        const piece = await read();
        if (piece === undefined) return undefined;
        parser.feed(piece);
      }
      return got.newest;
    },
  };
}
