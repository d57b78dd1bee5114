import type { JournalEntry } from '@rollcall/domain';
import type { EventQueries } from '@rollcall/engine';
import type { Collections } from './connect.ts';
import { journalEntry } from './journal-document.ts';

type JournalReads = Pick<EventQueries, 'listJournal' | 'streamJournal'>;

/** How many domain events one page has: 5,000 are about a megabyte. */
const pageFactsMax = 5_000;

/** How many decisions at once. One may have 500 domain events, so that these are 10 MB at most, and 50 KB mostly. */
const batchSize = 100;

const inOrder = { sort: { version: 1 }, projection: { _id: 0 }, batchSize } as const;

/** Decisions have no gaps and stay as they are, but for the ids of users who are erased, so neither a page nor a stream needs a snapshot: what is there is the whole beginning. */
export function createJournalReads({ journal }: Collections, bounded: { readonly maxTimeMS: number }): JournalReads {
  return {
    async listJournal(eventId, after, limit) {
      const documents = journal.find({ eventId, version: { $gt: after } }, { ...bounded, ...inOrder, limit });
      const entries: JournalEntry[] = [];
      let facts = 0;
      for await (const document of documents) {
        facts += document.domainEvents?.length ?? 0;
        if (facts > pageFactsMax && entries.length > 0) break;
        entries.push(journalEntry(document));
      }
      return entries;
    },
    async *streamJournal(eventId, upTo) {
      // Without `maxTimeMS`, as other streams: each batch is small, and asked for only when its reader is ready.
      const documents = journal.find({ eventId, version: { $lte: upTo } }, inOrder);
      for await (const document of documents) yield journalEntry(document);
    },
  };
}
