import type { EventId, JournalEntry } from '@rollcall/domain';
import type { Records } from '@rollcall/store-mongo';

/** The decisions about an event that have been made by now, one by one. */
export async function* entriesOf(records: Records, eventId: EventId): AsyncGenerator<JournalEntry, void, undefined> {
  const head = await records.head(eventId);
  for await (const batch of records.journal(eventId, { after: 0, upTo: head?.version ?? 0 })) {
    for (const { entry } of batch) yield entry;
  }
}
