import { Client, type Dispatcher } from 'undici';
import type { PreparedRequest } from './requests.ts';

const openedTogether = 250;

/** Hears the end of one exchange: the HTTP status, or 0 when there was no answer. */
export type OnAnswer = (status: number) => void;

/** Connections to one server that are open, and have carried a request, before the clock starts. */
export class Connections implements AsyncDisposable {
  readonly clients: readonly Client[];

  private constructor(clients: readonly Client[]) {
    this.clients = clients;
  }

  static async open(origin: string, count: number, pipelining: number): Promise<Connections> {
    const clients = Array.from({ length: count }, () => new Client(origin, { pipelining }));
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

  constructor(onAnswer: OnAnswer) {
    this.#onAnswer = onAnswer;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(): void {}

  onResponseEnd(): void {
    this.#onAnswer(this.#status);
  }

  onResponseError(): void {
    this.#onAnswer(0);
  }
}
