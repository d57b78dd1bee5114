import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';

/** How the way to a server is. */
interface Way {
  /** Each piece arrives so much later, in ms. */
  readonly delayMs: number;
  /** Connections stay open, and nothing comes through. */
  readonly isBlackHole: boolean;
}

/** A way to a server that can be made bad. */
export interface Proxy extends AsyncDisposable {
  readonly port: number;
  /** Bytes that it has passed on, both ways together. */
  readonly passed: number;
  set(way: Partial<Way>): void;
  /** Breaks all connections. @returns how many */
  reset(): number;
  /**
   * Passes so many more bytes on to the server, and then breaks the connection that brought them: what was asked for is done, and
   * nobody hears of it. @returns when that has happened
   */
  cutAfter(bytes: number): Promise<void>;
}

/** How long a server may go on working for a client that has been cut off, in ms. */
const afterCutMs = 500;

export async function startProxy(target: { readonly host: string; readonly port: number }): Promise<Proxy> {
  let way: Way = { delayMs: 0, isBlackHole: false };
  let passed = 0;
  let cut: { left: number; readonly done: () => void } | undefined;
  const pairs = new Set<readonly [Socket, Socket]>();

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
    const pass = (to: Socket, piece: Buffer): void => {
      if (way.isBlackHole || to.destroyed) return;
      passed += piece.length;
      if (way.delayMs === 0) to.write(piece);
      else setTimeout(() => void (to.destroyed || to.write(piece)), way.delayMs);
    };
    client.on('data', (piece) => {
      pass(upstream, piece);
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
      if (!isCut) pass(client, piece);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a proxy without a port');
  return {
    port: address.port,
    get passed() {
      return passed;
    },
    set: (change) => void (way = { ...way, ...change }),
    reset() {
      const count = pairs.size;
      for (const sockets of pairs) for (const socket of sockets) socket.resetAndDestroy();
      return count;
    },
    cutAfter: (bytes) => new Promise((resolve) => void (cut = { left: bytes, done: resolve })),
    async [Symbol.asyncDispose]() {
      for (const sockets of pairs) for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
