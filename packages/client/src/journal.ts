import type { HistoryLine, JournalPage } from '@rollcall/contracts/http';
import { documentsOf } from './lines.ts';
import { eventPath, queryOf } from './paths.ts';
import type { ReadResult } from './results.ts';
import type { ReadOptions, Transport } from './transport.ts';

export interface JournalOptions extends ReadOptions {
  /** `nextAfter` of the page before; 0, the beginning, unless given. */
  readonly after?: number;
  /** 1 to 500; 100 unless given. */
  readonly limit?: number;
}

export interface HistoryOptions extends ReadOptions {
  /** RFC 3339: as of this time; as of now without it. */
  readonly at?: string;
  /** Of this user alone, with every decision that led there. */
  readonly userId?: string;
}

/** What was decided, for staff of the organizer. */
export interface JournalOperations {
  /**
   * Decisions after a version, in order and without gaps. Whoever follows them keeps `nextAfter`, and asks again after a
   * while when a page is empty: only that says that nothing is new.
   */
  readJournal(eventId: string, options?: JournalOptions): Promise<ReadResult<JournalPage>>;
  /**
   * Who held which seat: the event, each place, and of one user each decision that led there, as they come. Reading fails when
   * it is cut short; leave the loop to have no more of it.
   */
  readHistory(eventId: string, options?: HistoryOptions): Promise<ReadResult<AsyncIterable<HistoryLine>>>;
}

export function journalOperations({ read, stream }: Transport): JournalOperations {
  return {
    readJournal: (eventId, { after, limit, ...options } = {}) =>
      read(`${eventPath(eventId)}/journal${queryOf({ after, limit })}`, options),
    async readHistory(eventId, { at, userId, ...options } = {}) {
      const path = `${eventPath(eventId)}/history${queryOf({ at, userId })}`;
      const found = await stream(path, 'application/x-ndjson', options);
      return found.kind === 'found' ? { kind: 'found', value: documentsOf<HistoryLine>(found.value) } : found;
    },
  };
}
