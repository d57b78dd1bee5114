import { Client } from 'undici';
import { Exchange, type Reply } from './exchange.ts';

export interface Sending {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  /** Names and values in turn, written before the run. */
  readonly headers: string[];
  readonly body?: string;
  /** Whether somebody reads the answer; that of a refusal is always kept. */
  readonly keepsBody: boolean;
}

interface Queued {
  readonly sending: Sending;
  readonly onSent: () => void;
  readonly onReply: (reply: Reply) => void;
}

const openedTogether = 250;
/** An answer that waits is there after 30 s at the latest. */
const answerMsMax = 60_000;
const connectMsMax = 10_000;

/**
 * As many connections as were asked for, spread over the servers, each with one request at a time: an answer that waits for its
 * decision would hold up those behind it. When all are busy requests queue here, and that shows as send lag.
 */
export class Connections implements AsyncDisposable {
  readonly #clients: readonly Client[];
  readonly #idle: Client[];
  #queue: Queued[] = [];
  #head = 0;
  /** How many requests have had to wait for a connection so far. */
  queued = 0;

  private constructor(clients: readonly Client[]) {
    this.#clients = clients;
    this.#idle = [...clients];
  }

  /** They are open, and have carried a request, before the clock starts. @throws Error when a server does not answer */
  static async open(urls: readonly string[], count: number): Promise<Connections> {
    const clients = Array.from({ length: Math.max(count, urls.length) }, (_, index) => {
      return new Client(urls[index % urls.length] ?? '', {
        pipelining: 1,
        connect: { timeout: connectMsMax },
        headersTimeout: answerMsMax,
        bodyTimeout: answerMsMax,
      });
    });
    for (let from = 0; from < clients.length; from += openedTogether) {
      await Promise.all(
        clients
          .slice(from, from + openedTogether)
          .map((client, place) => useOnce(client, urls[(from + place) % urls.length] ?? '')),
      );
    }
    return new Connections(clients);
  }

  /** How many requests wait for a connection. */
  get waiting(): number {
    return this.#queue.length - this.#head;
  }

  /** `onSent`: when it has a connection. */
  send(sending: Sending, onSent: () => void, onReply: (reply: Reply) => void): void {
    const client = this.#idle.pop();
    if (client !== undefined) return this.#dispatch(client, { sending, onSent, onReply });
    this.queued += 1;
    this.#queue.push({ sending, onSent, onReply });
  }

  #dispatch(client: Client, { sending, onSent, onReply }: Queued): void {
    const { method, path, headers, body, keepsBody } = sending;
    onSent();
    client.dispatch(
      { method, path, headers, ...(body === undefined ? {} : { body }), blocking: false },
      new Exchange(keepsBody, (reply) => {
        const next = this.#next();
        if (next === undefined) this.#idle.push(client);
        else this.#dispatch(client, next);
        onReply(reply);
      }),
    );
  }

  #next(): Queued | undefined {
    const next = this.#queue[this.#head];
    if (next === undefined) return undefined;
    this.#head += 1;
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    }
    return next;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.destroy()));
  }
}

/** Whatever it is answered, the connection is open afterwards. */
async function useOnce(client: Client, url: string): Promise<void> {
  try {
    const { body } = await client.request({ method: 'GET', path: '/health/live' });
    await body.dump();
  } catch (error) {
    const why = error instanceof Error && error.message !== '' ? error.message : 'no answer';
    throw new Error(`${url} can not be reached: ${why}`, { cause: error });
  }
}
