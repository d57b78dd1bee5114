import { Readable } from 'node:stream';
import type { UserId } from '@rollcall/domain';

/** Long answers that are sent while they are made. */
export interface Exports {
  /**
   * Waits for the first item, so that a fault is told by a status and not by an answer that is cut short. Undefined when
   * as many are under way as may be, of this user or of all.
   *
   * @param bound how long the first item is waited for; whatever that throws
   */
  begin<Item>(
    userId: UserId,
    items: AsyncIterable<Item>,
    piecesOf: (items: AsyncIterable<Item>) => AsyncIterable<string>,
    bound: <T>(work: Promise<T>) => Promise<T>,
  ): Promise<Readable | undefined>;
  /** Breaks off all of them, for they would keep the process from stopping; whoever reads one notices that it is cut short. */
  close(): void;
}

/** A few pieces ahead of what the client takes, and no more. */
const bufferedBytes = 65_536;

export interface ExportsOptions {
  readonly countMax: number;
  readonly perUserMax: number;
  /** How long nothing may be taken of an export before it is broken off, in ms. */
  readonly idleMsMax: number;
}

export function createExports({ countMax, perUserMax, idleMsMax }: ExportsOptions): Exports {
  const open = new Set<Readable>();
  /** Whose are under way, each as often as they have one. */
  const users: UserId[] = [];
  let closed = false;

  return {
    async begin(userId, items, piecesOf, bound) {
      const own = users.filter((other) => other === userId).length;
      if (closed || users.length >= countMax || own >= perUserMax) return undefined;
      users.push(userId);
      const iterator = items[Symbol.asyncIterator]();
      const end = () => {
        users.splice(users.indexOf(userId), 1);
        // Not awaited: what it frees is the store's.
        iterator.return?.().catch(() => undefined);
      };
      let first;
      try {
        first = await bound(iterator.next());
      } catch (error) {
        end();
        throw error;
      }
      // By what is taken, and not by the silence of the connection, which a client that sends something breaks. Items are
      // taken for the client: it may take many of them to make the first piece.
      const idle = setTimeout(() => stream.destroy(new Error('broken off, because nobody took it')), idleMsMax);
      const goOn = () => {
        // Whoever makes a piece of many items would go on to its end.
        if (stream.destroyed) throw new Error('nobody is there any more');
        idle.refresh();
      };
      const pieces = each(piecesOf(resumed(first, iterator, goOn)), goOn);
      const stream = Readable.from(pieces, { objectMode: false, highWaterMark: bufferedBytes });
      open.add(stream);
      // However it ends, and be it before anything was read.
      stream.once('close', () => {
        clearTimeout(idle);
        open.delete(stream);
        end();
      });
      if (closed) stream.destroy(stopping());
      return stream;
    },
    close() {
      closed = true;
      for (const stream of open) stream.destroy(stopping());
    },
  };
}

const stopping = () => new Error('broken off, because the process stops');

async function* resumed<Item>(
  first: IteratorResult<Item, unknown>,
  rest: AsyncIterator<Item>,
  onItem: () => void,
): AsyncGenerator<Item> {
  for (let next = first; next.done !== true; next = await rest.next()) {
    onItem();
    yield next.value;
  }
}

async function* each<Item>(items: AsyncIterable<Item>, onItem: () => void): AsyncGenerator<Item> {
  for await (const item of items) {
    onItem();
    yield item;
  }
}
