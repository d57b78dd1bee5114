import { Client, type Dispatcher } from 'undici';
import type { PreparedRequest } from './requests.ts';
import type { Target } from './task.ts';

const openedTogether = 250;

/** Hears the end of one exchange: the HTTP status, or 0 when there was no answer; and whether a 503 says when to come again. */
export type OnAnswer = (status: number, saysWhen: boolean) => void;

/** Connections that are open, and have carried a request, before the clock starts. */
export class Connections implements AsyncDisposable {
  readonly clients: readonly Client[];

  private constructor(clients: readonly Client[]) {
    this.clients = clients;
  }

  /** To one server, or to several in turn. */
  static async open(
    { origin, otherOrigins = [] }: Pick<Target, 'origin' | 'otherOrigins'>,
    count: number,
    pipelining: number,
  ): Promise<Connections> {
    const origins = [origin, ...otherOrigins];
    const clients = Array.from(
      { length: count },
      (_, place) => new Client(origins[place % origins.length] ?? origin, { pipelining }),
    );
    for (let from = 0; from < clients.length; from += openedTogether) {
      await Promise.all(clients.slice(from, from + openedTogether).map((client) => useOnce(client)));
    }
    return new Connections(clients);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
  }
}

/** Whatever it is answered, the connection is open afterwards. */
async function useOnce(client: Client): Promise<void> {
  const { body } = await client.request({ method: 'GET', path: '/health/live' });
  await body.dump();
}

/** Sends a prepared request; the body of the answer is read and thrown away. */
export function send(client: Client, request: PreparedRequest, onAnswer: OnAnswer): void {
  client.dispatch(request, new Exchange(onAnswer));
}

/** The leanest handler that there is: what it costs is part of what every side is measured with. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #onAnswer: OnAnswer;
  #status = 0;
  #saysWhen = false;

  constructor(onAnswer: OnAnswer) {
    this.#onAnswer = onAnswer;
  }

  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    if (status === 503) this.#saysWhen = headers['retry-after'] !== undefined;
  }

  onResponseData(): void {}

  onResponseEnd(): void {
    this.#onAnswer(this.#status, this.#saysWhen);
  }

  onResponseError(): void {
    this.#onAnswer(0, false);
  }
}
