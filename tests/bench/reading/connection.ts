import { connect, type Socket } from 'node:net';

const headEnd = '\r\n\r\n';

/**
 * One connection that asks for the same again and again, one request at a time. Written on bare sockets: a client library
 * costs more per request than the servers that are measured here, and would be measured instead of them.
 */
export class Connection {
  answers = 0;
  bodyBytes = 0;
  readonly #socket: Socket;
  readonly #request: string;
  readonly #fail: (error: Error) => void;
  /** Of the answer whose head has been read. */
  #bytesLeft = 0;

  constructor(port: number, path: string, fail: (error: Error) => void) {
    this.#request = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`;
    this.#fail = fail;
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.#socket.on('data', (piece) => this.#take(piece));
    this.#socket.on('error', fail);
    this.#socket.on('connect', () => this.#socket.write(this.#request));
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(piece: Buffer): void {
    this.#bytesLeft -= this.#bytesLeft > 0 ? piece.length : this.#readHead(piece);
    if (this.#bytesLeft > 0) return;
    this.answers += 1;
    this.#socket.write(this.#request);
  }

  /** How much of the body came along with the head. */
  #readHead(piece: Buffer): number {
    const end = piece.indexOf(headEnd);
    const head = piece.toString('latin1', 0, end);
    this.bodyBytes = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
    if (end < 0 || !head.startsWith('HTTP/1.1 200 ') || !(this.bodyBytes > 0)) {
      this.close();
      this.#fail(new Error(`answered ${head}`));
    }
    this.#bytesLeft = this.bodyBytes;
    return piece.length - end - headEnd.length;
  }
}
