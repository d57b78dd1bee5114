import type { Collections, EventDocument, JournalDocument, RegistrationDocument } from '@rollcall/store-mongo';

/** Documents of Rollcall, as many as come together. */
export interface Batch {
  readonly events: readonly EventDocument[];
  readonly registrations: readonly RegistrationDocument[];
  readonly journal: readonly JournalDocument[];
}

export interface Inserting {
  readonly registrations: number;
  /** Of inserting alone: not of making or reading the documents. */
  readonly seconds: number;
}

/**
 * Side A of the backfill: `insertMany` of documents that are there already, into collections with Rollcall's validators and
 * indexes (`ensureSchema` comes before), one batch after the other. Side B is whatever makes them: it runs first, into a
 * database of its own, and `batchesOf` that database are what side A inserts again.
 */
export async function bareInsert(target: Collections, batches: AsyncIterable<Batch>): Promise<Inserting> {
  let [registrations, milliseconds] = [0, 0];
  for await (const batch of batches) {
    const startedAt = performance.now();
    if (batch.events.length > 0) await target.events.insertMany(batch.events, unordered);
    if (batch.registrations.length > 0) await target.registrations.insertMany(batch.registrations, unordered);
    if (batch.journal.length > 0) await target.journal.insertMany(batch.journal, unordered);
    milliseconds += performance.now() - startedAt;
    registrations += batch.registrations.length;
  }
  return { registrations, seconds: milliseconds / 1_000 };
}

const unordered = { ordered: false } as const;
const batchSize = 5_000;

/** What stands in a database, in the order in which it was written. */
export async function* batchesOf({ events, registrations, journal }: Collections): AsyncGenerator<Batch> {
  const none: Batch = { events: [], registrations: [], journal: [] };
  for await (const some of chunks(events.find())) yield { ...none, events: some };
  for await (const some of chunks(registrations.find())) yield { ...none, registrations: some };
  for await (const some of chunks(journal.find())) yield { ...none, journal: some };
}

async function* chunks<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item[]> {
  let chunk: Item[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length < batchSize) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
