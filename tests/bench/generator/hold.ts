import { Connections, send } from './connections.ts';
import { Recorder } from './recorder.ts';
import type { PreparedRequest } from './requests.ts';
import type { Exchanges } from './task.ts';

/** Requests that have been sent, each on a connection of its own, and whose answers are a long time coming. */
export class HeldRequests {
  readonly #connections: Connections;
  readonly #recorder: Recorder;

  private constructor(connections: Connections, recorder: Recorder) {
    this.#connections = connections;
    this.#recorder = recorder;
  }

  static async send(requests: readonly PreparedRequest[], origin: string): Promise<HeldRequests> {
    const connections = await Connections.open({ origin }, requests.length, 1);
    const recorder = new Recorder(requests.length);
    connections.clients.forEach((client, place) => {
      const request = requests[place];
      if (request === undefined) return;
      recorder.sent(place);
      send(client, request, (status) => recorder.answered(place, status));
    });
    return new HeldRequests(connections, recorder);
  }

  async release(): Promise<Exchanges> {
    await this.#recorder.allAnswered;
    await this.#connections[Symbol.asyncDispose]();
    return this.#recorder.result();
  }
}
