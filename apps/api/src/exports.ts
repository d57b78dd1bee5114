import { Readable } from 'node:stream';

/** Long answers that are sent while they are made. */
export interface Exports {
  /**
   * Waits for the first item, so that a fault is told by a status and not by an answer that is cut short. Undefined when
   * as many are under way as may be.
   *
   * @param bound how long the first item is waited for; whatever that throws
   */
  begin<Item>(
    items: AsyncIterable<Item>,
    piecesOf: (items: AsyncIterable<Item>) => AsyncIterable<string>,
    bound: <T>(work: Promise<T>) => Promise<T>,
  ): Promise<Readable | undefined>;
  /** Breaks off all of them, for they would keep the process from stopping; whoever reads one notices that it is cut short. */
  close(): void;
}

/** A few pieces ahead of what the client takes, and no more. */
const bufferedBytes = 65_536;

export function createExports(countMax: number): Exports {
  const open = new Set<Readable>();
  let count = 0;
  let closed = false;

  return {
    async begin(items, piecesOf, bound) {
      if (closed || count >= countMax) return undefined;
      count += 1;
      const iterator = items[Symbol.asyncIterator]();
      const end = () => {
        count -= 1;
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
      const pieces = piecesOf(resumed(first, iterator));
      const stream = Readable.from(pieces, { objectMode: false, highWaterMark: bufferedBytes });
      open.add(stream);
      // However it ends, and be it before anything was read.
      stream.once('close', () => {
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

async function* resumed<Item>(first: IteratorResult<Item, unknown>, rest: AsyncIterator<Item>): AsyncGenerator<Item> {
  for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
}
