import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Collection, Db, Document, FindCursor } from 'mongodb';

/** As the server sends them, batch by batch. The next one is fetched while this one is worked on. */
export async function* rawBatches(cursor: FindCursor<Document>): AsyncGenerator<readonly Buffer[], void, undefined> {
  try {
    let next = cursor.hasNext();
    while (await next) {
      // The cursor is of raw documents, which its type does not say.
      const documents = cursor.readBufferedDocuments() as unknown as readonly Buffer[];
      next = cursor.hasNext();
      // Whoever stops early never waits for it.
      next.catch(() => undefined);
      yield documents;
    }
  } finally {
    await cursor.close();
  }
}

/** Documents that go into one message, in the driver itself: bytes as they are. */
interface Sequence {
  push(document: object, bytes: Uint8Array): number;
}
const { DocumentSequence } = createRequire(import.meta.url)('mongodb/lib/cmap/commands.js') as {
  readonly DocumentSequence: new (field: string) => Sequence;
};

/**
 * Inserts documents byte for byte. Read and written again by the driver they would not be the same: text that is none,
 * types that are not used any more, one name twice. The driver has no public way for it; it is of one exact version, and
 * tests here would see it gone.
 */
export async function insertRaw(db: Db, collection: string, documents: readonly Uint8Array[]): Promise<void> {
  const sequence = new DocumentSequence('documents');
  for (const bytes of documents) sequence.push({}, bytes);
  const answer = await db.command({
    insert: collection,
    documents: sequence,
    ordered: true,
    bypassDocumentValidation: true,
    writeConcern: { w: 'majority' },
  });
  const [failed] = (answer['writeErrors'] ?? []) as readonly { readonly errmsg?: string }[];
  if (failed !== undefined) throw new Error(`${collection}: ${failed.errmsg}`);
  if (answer['n'] !== documents.length) {
    throw new Error(`${collection}: ${answer['n']} of ${documents.length} documents were inserted`);
  }
}

/** Tells whether two collections hold the same documents, in whatever order: the sum of their hashes, and how many. */
export function createSum() {
  const words = new Uint32Array(8);
  let documents = 0;
  return {
    add(bytes: Uint8Array): void {
      const digest = createHash('sha256').update(bytes).digest();
      for (let n = 0; n < words.length; n += 1) words[n] = (words[n] ?? 0) + digest.readUInt32LE(n * 4);
      documents += 1;
    },
    get documents() {
      return documents;
    },
    text: () => `${documents}:${Buffer.from(words.buffer).toString('hex')}`,
  };
}

export async function sumOf(collection: Collection): Promise<string> {
  const sum = createSum();
  for await (const batch of rawBatches(collection.find({}, { raw: true }))) for (const bytes of batch) sum.add(bytes);
  return sum.text();
}
