import type { RecordedHistory } from '@rollcall/checkers';
import type { CommandId, EventId, JournalEntry } from '@rollcall/domain';
import { inSnapshot, journalEntry, registrationOf, storedEvent } from '@rollcall/store-mongo';
import { setTimeout as delay } from 'node:timers/promises';
import type { Rollcall } from './rollcall.ts';

/**
 * Reads what an event left behind: journal, document, registrations, all as of one moment, and the order in which the
 * mailbox took the commands.
 */
export async function recordedHistory(rollcall: Rollcall, eventId: EventId): Promise<RecordedHistory> {
  const { client, events, journal, registrations } = rollcall.collections;
  // Offers run out at any time, and what is read one after the other would be of several versions.
  return inSnapshot(client, async (snapshot) => {
    const event = await events.findOne({ _id: eventId }, snapshot);
    if (event === null) throw new Error(`there is no event ${eventId}`);
    const documents = await journal.find({ eventId }, snapshot).sort({ version: 1 }).toArray();
    const entries = documents.map(journalEntry);
    const found = (await registrations.find({ eventId }, snapshot).toArray()).map(registrationOf);
    return {
      entries,
      event: storedEvent(event),
      registrations: found,
      arrivals: await arrivals(rollcall, eventId, entries),
    };
  });
}

/** Receipts hold each command's number in the mailbox's order, whatever became of the entry. Steps were in no mailbox. */
async function arrivals(
  { redis, keyspace }: Rollcall,
  eventId: EventId,
  entries: readonly JournalEntry[],
): Promise<CommandId[]> {
  const commandIds = entries
    .filter(({ commandType }) => commandType !== 'ObligationStep')
    .map(({ commandId }) => commandId);
  const receipts = await Promise.all(commandIds.map((commandId) => redis.get(keyspace.receipt(eventId, commandId))));
  return commandIds
    .flatMap((commandId, index) => {
      const receipt = receipts[index];
      return receipt === null || receipt === undefined ? [] : [{ commandId, number: Number(receipt.split(' ')[0]) }];
    })
    .toSorted((a, b) => a.number - b.number)
    .map(({ commandId }) => commandId);
}

/** Waits until every one of the commands stands in the journal. */
export async function untilDecided(
  rollcall: Rollcall,
  eventId: EventId,
  commandIds: ReadonlySet<CommandId>,
  withinMs = 60_000,
): Promise<void> {
  const { journal } = rollcall.collections;
  let decided = 0;
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await delay(50)) {
    decided = await journal.countDocuments({ eventId, commandId: { $in: [...commandIds] } });
    if (decided === commandIds.size) return;
  }
  throw new Error(
    `${commandIds.size - decided} of ${commandIds.size} accepted commands are undecided after ${withinMs} ms`,
  );
}

/** Waits until nobody has an offer any more, so that what comes afterwards changes nothing. */
export async function untilNoOffers(rollcall: Rollcall, eventId: EventId, withinMs = 30_000): Promise<void> {
  const { registrations } = rollcall.collections;
  const isOffered = { eventId, 'offer.expiresAt': { $exists: true } };
  let open = 0;
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await delay(50)) {
    open = await registrations.countDocuments(isOffered, { limit: 10 });
    if (open === 0) return;
  }
  throw new Error(`${open} offers or more are open after ${withinMs} ms`);
}
