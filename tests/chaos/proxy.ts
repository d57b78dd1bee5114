import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/** How the way to a server is. */
interface Way {
  /** Each piece arrives so much later, in ms. */
  readonly delayMs: number;
  /** Connections stay open, and nothing comes through. */
  readonly isBlackHole: boolean;
  /** What all connections together may bring, each way, in small pieces. */
  readonly bytesPerSecond: number;
}

const goodWay: Way = { delayMs: 0, isBlackHole: false, bytesPerSecond: Infinity };
/** Where it is slow, so much travels in one piece, in ms: a reply comes in several. */
const pieceMs = 20;

/** A way to a server that can be made bad. */
export interface Proxy extends AsyncDisposable {
  readonly port: number;
  /** Bytes that have come and were not passed on yet, both ways together. */
  readonly waiting: number;
  set(way: Partial<Way>): void;
  /** As it was at first. */
  mend(): void;
  /** Breaks all connections. @returns how many */
  reset(): number;
  /** Nothing more comes through the connections that there are; they stay open, and new ones work. @returns how many */
  freeze(): number;
  /**
   * Passes so many more bytes on to the server, and then breaks the connection that brought them: what was asked for is done, and
   * nobody hears of it. @returns when that has happened
   */
  cutAfter(bytes: number): Promise<void>;
}

/** How long a server may go on working for a client that has been cut off, in ms. */
const afterCutMs = 500;

export async function startProxy(target: { readonly host: string; readonly port: number }): Promise<Proxy> {
  let way = goodWay;
  let waiting = 0;
  let cut: { left: number; readonly done: () => void } | undefined;
  const pairs = new Set<readonly [Socket, Socket]>();
  const frozen = new WeakSet<Socket>();

  /** When each direction is free again, as `performance.now()` says it. */
  const freeAt = { there: 0, back: 0 };

  async function pass(to: Socket, piece: Buffer, dueAt: number): Promise<void> {
    const ms = dueAt - performance.now();
    if (ms > 0) await delay(ms);
    waiting -= piece.length;
    if (!to.destroyed) to.write(piece);
  }

  /** What goes to one side of a connection, in its order however the way changes. */
  function lineTo(to: Socket, direction: keyof typeof freeAt): (piece: Buffer) => void {
    let last = Promise.resolve();
    return (whole) => {
      if (way.isBlackHole || frozen.has(to) || to.destroyed) return;
      const { delayMs, bytesPerSecond } = way;
      const size = Math.min(whole.length, Math.ceil((bytesPerSecond * pieceMs) / 1_000));
      for (let from = 0; from < whole.length; from += size) {
        const piece = whole.subarray(from, from + size);
        freeAt[direction] = Math.max(freeAt[direction], performance.now()) + (piece.length * 1_000) / bytesPerSecond;
        const dueAt = freeAt[direction] + delayMs;
        waiting += piece.length;
        last = last.then(() => pass(to, piece, dueAt));
      }
    };
  }

  function set(change: Partial<Way>): void {
    way = { ...way, ...change };
    Object.assign(freeAt, { there: 0, back: 0 });
  }

  const server = createServer((client) => {
    const upstream = connect(target);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        pairs.delete(pair);
        if (!isCut) for (const other of pair) other.destroy();
      });
    }
    let isCut = false;
    const toServer = lineTo(upstream, 'there');
    const toClient = lineTo(client, 'back');
    client.on('data', (piece) => {
      toServer(piece);
      if (cut === undefined) return;
      cut.left -= piece.length;
      if (cut.left > 0) return;
      const { done } = cut;
      cut = undefined;
      isCut = true;
      client.resetAndDestroy();
      setTimeout(() => upstream.destroy(), afterCutMs);
      done();
    });
    upstream.on('data', (piece) => {
      if (!isCut) toClient(piece);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a proxy without a port');
  return {
    port: address.port,
    get waiting() {
      return waiting;
    },
    set,
    mend: () => set(goodWay),
    reset() {
      const count = pairs.size;
      for (const sockets of pairs) for (const socket of sockets) socket.resetAndDestroy();
      return count;
    },
    freeze() {
      for (const sockets of pairs) for (const socket of sockets) frozen.add(socket);
      return pairs.size;
    },
    cutAfter: (bytes) => new Promise((resolve) => void (cut = { left: bytes, done: resolve })),
    async [Symbol.asyncDispose]() {
      for (const sockets of pairs) for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
