import type { FindCursor } from 'mongodb';
import { createDocumentReader } from './document-reader.ts';

/**
 * How many documents the server sends at once, and how many of them are read before they are worked on: few enough to be gone
 * before the garbage collector copies them. Where 1,000 were read at once, it had a fifth of the work.
 */
export const batchSize = 500;
const readAtOnce = 50;

/** The server fetches the next batch while this one is worked on. */
export async function* batchesOf<Document extends object, T>(
  cursor: FindCursor<Document>,
  itemOf: (document: Document) => T,
): AsyncGenerator<readonly T[], void, undefined> {
  const read = createDocumentReader();
  try {
    let next = cursor.hasNext();
    while (await next) {
      // The cursor is of raw documents, which its type does not say.
      const documents = cursor.readBufferedDocuments() as unknown as readonly Buffer[];
      next = cursor.hasNext();
      // Whoever stops early never waits for it.
      next.catch(() => undefined);
      for (let start = 0; start < documents.length; start += readAtOnce) {
        yield documents.slice(start, start + readAtOnce).map((document) => itemOf(read(document) as Document));
      }
    }
  } finally {
    await cursor.close();
  }
}
