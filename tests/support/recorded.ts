import type { RecordedHistory } from '@rollcall/checkers';
import type { CommandId, EventId, JournalEntry, Registration } from '@rollcall/domain';
import { journalEntry, registrationOf } from '@rollcall/store-mongo';
import { setTimeout as delay } from 'node:timers/promises';
import type { Rollcall } from './rollcall.ts';

/** Reads what an event left behind: journal, registrations, and the order in which the mailbox took the commands. */
export async function recordedHistory(rollcall: Rollcall, eventId: EventId): Promise<RecordedHistory> {
  const { events, journal, registrations } = rollcall.collections;
  const event = await events.findOne({ _id: eventId });
  if (event === null) throw new Error(`there is no event ${eventId}`);
  const entries: JournalEntry[] = (await journal.find({ eventId }).sort({ version: 1 }).toArray()).map(journalEntry);
  const found: Registration[] = (await registrations.find({ eventId }).toArray()).map(registrationOf);
  const commandIds = entries.map(({ commandId }) => commandId);
  return { entries, roles: event.roles, registrations: found, arrivals: await arrivals(rollcall, eventId, commandIds) };
}

/** Receipts hold each command's number in the mailbox's order, whatever became of the entry. */
async function arrivals(rollcall: Rollcall, eventId: EventId, commandIds: readonly CommandId[]): Promise<CommandId[]> {
  const { redis, keyspace } = rollcall;
  const receipts = await Promise.all(commandIds.map((commandId) => redis.get(keyspace.receipt(eventId, commandId))));
  return commandIds
    .map((commandId, index) => ({ commandId, number: Number(receipts[index]?.split(' ')[0]) }))
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
