import type { RegistrationId } from '@rollcall/domain';
import type { CommitBatch, CommitOutcome } from '@rollcall/engine';
import { BSON, MongoError, MongoServerError, type ClientSession } from 'mongodb';
import type { Collections } from './connect.ts';
import { writeErasure } from './erasure.ts';
import { eventContent, missingOf } from './event-document.ts';
import { journalDocument } from './journal-document.ts';
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
 * Writes a batch in one transaction: all of it, or nothing. The transaction is driven by hand, because the driver's
 * `withTransaction` runs its callback again for up to 120 s, and each of these outcomes wants another look at the event
 * before anything is tried again.
 */
export async function commitBatch(
  collections: Collections,
  batch: CommitBatch,
  session: ClientSession,
  onWritten: () => void = () => undefined,
): Promise<CommitOutcome> {
  session.startTransaction({
    readConcern: { level: 'snapshot' },
    writeConcern: { w: 'majority', journal: true },
    maxCommitTimeMS: commitMsMax,
  });
  try {
    await writeBatch(collections, batch, session);
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

async function writeBatch(collections: Collections, batch: CommitBatch, session: ClientSession): Promise<void> {
  const { journal, registrations } = collections;
  // The compare-and-set comes first: it takes the event's document, and whoever else holds it makes this one stale.
  await writeEvent(collections, batch, session);
  await journal.insertMany(
    batch.entries.map((entry) => journalDocument(entry, batch.next.commitId)),
    { session, ordered: true },
  );
  const { erasure } = batch;
  if (erasure !== undefined) await writeErasure(collections, { ...batch, erasure }, session);
  // Before the updates: one that gets its seat in this batch is found here as long as it waits.
  const handedOn = handedOnTexts(batch);
  if (handedOn.length > 0) await registrations.bulkWrite(handedOn, { session, ordered: false });
  const updates = updatesOf(batch);
  // Before the inserts: those take places in roles and give up none.
  if (updates.length > 0) {
    const { matchedCount } = await registrations.bulkWrite(updates, { session, ordered: true });
    // It was read from a primary that did not know yet what its predecessor had committed.
    if (matchedCount !== updates.length) throw new StaleError();
  }
  const made = newRegistrationsOf(batch);
  if (made.size === 0) return;
  const stored = await readTexts(collections, { ...batch, sources: storedSourcesOf(made) }, session);
  await registrations.insertMany(insertsOf(batch, made, stored), { session, ordered: true });
}

async function writeEvent({ events }: Collections, batch: CommitBatch, session: ClientSession): Promise<void> {
  const { eventId, expected, next, changedEvent } = batch;
  const content = changedEvent && eventContent(changedEvent);
  if (expected === undefined) {
    if (content === undefined) throw new Error(`event ${eventId}: a first batch that does not create it`);
    await events.insertOne({ _id: eventId, ...next, ...content }, { session }).catch((error: unknown) => {
      // Somebody else has created it.
      throw isDuplicateKey(error) ? new StaleError() : error;
    });
    return;
  }
  const { version, commitId } = expected;
  const changes =
    content === undefined ? { $set: next } : { $set: { ...next, ...content }, $unset: missingOf(content) };
  const { matchedCount } = await events.updateOne({ _id: eventId, version, commitId }, changes, { session });
  if (matchedCount !== 1) throw new StaleError();
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
