import type { RegistrationId } from '@rollcall/domain';
import type { CommitBatch, CommitOutcome } from '@rollcall/engine';
import { BSON, MongoError, MongoServerError, type AnyBulkWriteOperation, type ClientSession } from 'mongodb';
import type { Collections } from './connect.ts';
import { writeErasure } from './erasure.ts';
import { eventContent, missingOf, type EventDocument } from './event-document.ts';
import { journalDocument } from './journal-document.ts';
import type { RegistrationDocument } from './registration-document.ts';
import { handedOnTexts, insertsOf, updatesOf } from './registration-writes.ts';
import { newRegistrationsOf, storedSourcesOf, type Texts } from './texts.ts';

/** How long the server may take to make a commit durable on a majority, in ms. */
const commitMsMax = 4_000;

const duplicateKey = 11_000;
const isDuplicateKey = (error: unknown) => error instanceof MongoServerError && error.code === duplicateKey;

/** A document that a validator refuses, that is too large, or that can't be written down at all. */
const hopelessCodes = new Set<unknown>([121, 10_334, 17_419, 17_420]);
const isHopeless = (error: unknown) =>
  error instanceof BSON.BSONError || (error instanceof MongoServerError && hopelessCodes.has(error.code));

class StaleError extends Error {}

/**
 * Writes batches of different events in one transaction: all of them, or nothing. The transaction is driven by hand, because the driver's
 * `withTransaction` runs its callback again for up to 120 s, and each of these outcomes wants another look at the event
 * before anything is tried again.
 */
export async function commitBatches(
  collections: Collections,
  batches: readonly CommitBatch[],
  session: ClientSession,
  onWritten: () => void = () => undefined,
): Promise<CommitOutcome> {
  session.startTransaction({
    readConcern: { level: 'snapshot' },
    writeConcern: { w: 'majority', journal: true },
    maxCommitTimeMS: commitMsMax,
  });
  try {
    await writeBatches(collections, batches, session);
    onWritten();
  } catch (error) {
    await abort(session);
    if (error instanceof StaleError) return 'stale';
    if (isDuplicateKey(error)) return 'duplicate';
    if (isHopeless(error)) return 'refused';
    // A write conflict, or a primary that went away before the commit was sent: nothing was written.
    if (error instanceof MongoError && error.hasErrorLabel('TransientTransactionError')) return 'contended';
    throw error;
  }
  return commitTransaction(session);
}

async function writeBatches(
  collections: Collections,
  batches: readonly CommitBatch[],
  session: ClientSession,
): Promise<void> {
  const { journal, registrations } = collections;
  // The compare-and-set comes first: it takes the events' documents, and whoever else holds one makes this one stale.
  await writeEvents(collections, batches, session);
  await journal.insertMany(
    batches.flatMap(({ entries, next }) => entries.map((entry) => journalDocument(entry, next.commitId))),
    { session, ordered: true },
  );
  for (const { erasure, ...batch } of batches) {
    if (erasure !== undefined) await writeErasure(collections, { ...batch, erasure }, session);
  }
  // Before the updates: one that gets its seat in this batch is found here as long as it waits.
  const handedOn = batches.flatMap(handedOnTexts);
  if (handedOn.length > 0) await registrations.bulkWrite(handedOn, { session, ordered: false });
  const updates = batches.flatMap(updatesOf);
  // Before the inserts: those take places in roles and give up none.
  if (updates.length > 0) {
    const { matchedCount } = await registrations.bulkWrite(updates, { session, ordered: true });
    // It was read from a primary that did not know yet what its predecessor had committed.
    if (matchedCount !== updates.length) throw new StaleError();
  }
  const inserts: RegistrationDocument[] = [];
  for (const batch of batches) {
    const made = newRegistrationsOf(batch);
    const stored = await readTexts(collections, { ...batch, sources: storedSourcesOf(made) }, session);
    inserts.push(...insertsOf(batch, made, stored));
  }
  if (inserts.length > 0) await registrations.insertMany(inserts, { session, ordered: true });
}

/** What a batch does to its event's document: makes it, or takes it from the version that it expects. */
function eventWriteOf({ eventId, expected, next, changedEvent }: CommitBatch): AnyBulkWriteOperation<EventDocument> {
  const content = changedEvent && eventContent(changedEvent);
  if (expected === undefined) {
    if (content === undefined) throw new Error(`event ${eventId}: a first batch that does not create it`);
    return { insertOne: { document: { _id: eventId, ...next, ...content } } };
  }
  const { version, commitId } = expected;
  const update = content === undefined ? { $set: next } : { $set: { ...next, ...content }, $unset: missingOf(content) };
  return { updateOne: { filter: { _id: eventId, version, commitId }, update } };
}

async function writeEvents(
  { events }: Collections,
  batches: readonly CommitBatch[],
  session: ClientSession,
): Promise<void> {
  const written = await events
    .bulkWrite(batches.map(eventWriteOf), { session, ordered: true })
    .catch((error: unknown) => {
      // Somebody else has created it.
      throw isDuplicateKey(error) ? new StaleError() : error;
    });
  if (written.matchedCount + written.insertedCount !== batches.length) throw new StaleError();
}

interface TextsQuery extends Pick<CommitBatch, 'eventId'> {
  readonly sources: readonly RegistrationId[];
}

/** As they are after the batch's updates. Costs a round trip only when somebody queues for a move. */
async function readTexts(
  { registrations }: Collections,
  { eventId, sources }: TextsQuery,
  session: ClientSession,
): Promise<ReadonlyMap<RegistrationId, Texts>> {
  if (sources.length === 0) return new Map();
  const found = await registrations
    .find({ _id: { $in: [...sources] }, eventId }, { session })
    .project<Texts & { readonly _id: RegistrationId }>({ notes: 1, specialRequirements: 1, profile: 1 })
    .toArray();
  // As above.
  if (found.length !== sources.length) throw new StaleError();
  return new Map(found.map(({ _id, ...texts }) => [_id, texts]));
}

async function commitTransaction(session: ClientSession): Promise<CommitOutcome> {
  try {
    await session.commitTransaction();
    return 'committed';
  } catch (error) {
    if (!(error instanceof MongoError)) throw error;
    // The server says that it was rolled back; every other failure of a commit leaves open what became of it.
    return error.hasErrorLabel('TransientTransactionError') ? 'stale' : 'unknown';
  }
}

async function abort(session: ClientSession): Promise<void> {
  try {
    await session.abortTransaction();
  } catch {
    // The server ends it by itself; what failed before is what the caller hears of.
  }
}
