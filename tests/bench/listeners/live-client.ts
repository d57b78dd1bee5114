import { connect, type Socket } from 'node:net';
import { preciseNow } from '../clock.ts';

/** Only what the bench needs of server-sent events: an id is where a state begins, and its data is one line. */
const eventPattern = /id: (\d+)-\S+\nevent: counts\ndata: (.*)\n\n/g;

/** One client, over a bare connection: 10,000 of anything larger would be what is measured. */
export class LiveClient {
  /** Settles with the first state. */
  readonly first: Promise<void>;
  readonly frames: { readonly version: number; readonly at: number }[] = [];
  state = '';
  isOpen = true;
  readonly #socket: Socket;
  #rest = '';

  constructor(url: string) {
    const { hostname, port, pathname, host } = new URL(url);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.first = promise;
    this.#socket = connect(Number(port), hostname);
    this.#socket.setEncoding('latin1').setNoDelay(true);
    this.#socket.write(`GET ${pathname} HTTP/1.1\r\nhost: ${host}\r\naccept: text/event-stream\r\n\r\n`);
    this.#socket.on('error', reject);
    this.#socket.on('close', () => {
      this.isOpen = false;
      reject(new Error(`a stream was closed; the last of it was ${JSON.stringify(this.#rest.slice(-300))}`));
    });
    this.#socket.on('data', (piece: string) => {
      this.#take(piece);
      if (this.frames.length > 0) resolve();
    });
    promise.catch(() => undefined);
  }

  /** The newest that has come; 0 before the first. */
  get version(): number {
    return this.frames.at(-1)?.version ?? 0;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(piece: string): void {
    const at = preciseNow();
    // The sizes of chunks stand between events, where nobody minds them; a small state comes in one chunk.
    const text = this.#rest + piece;
    let end = 0;
    for (const match of text.matchAll(eventPattern)) {
      const [whole, version, state = ''] = match;
      end = match.index + whole.length;
      this.frames.push({ version: Number(version), at });
      this.state = state;
    }
    this.#rest = text.slice(end).slice(-4096);
  }
}
