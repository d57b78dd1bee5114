import type { CommandId, CommitId, ExistingEvent, JournalEntry } from '@rollcall/domain';
import type { CommitBatch, Head } from '@rollcall/engine';
import { afterErasure } from './erasure.ts';
import { withoutCounts } from './queries.ts';
import {
  applyWrites,
  isDuplicate,
  newRegistrations,
  placesOf,
  type OwnRegistrations,
  type StoredRegistrations,
} from './registrations.ts';

interface Decided {
  readonly entry: JournalEntry;
  readonly commitId: CommitId;
}

/** What is stored of an event. */
export interface EventDocuments extends StoredRegistrations {
  readonly head: Head;
  readonly current: ExistingEvent;
  readonly journal: readonly Decided[];
  readonly decided: ReadonlyMap<CommandId, JournalEntry>;
}

/** The same, for the store, which changes it in place. */
export interface OwnDocuments extends OwnRegistrations {
  head: Head;
  current: ExistingEvent;
  readonly journal: Decided[];
  readonly decided: Map<CommandId, JournalEntry>;
}

/**
 * Applies a batch to an event's documents, all of it or nothing. The compare-and-set speaks first, then the unique keys:
 * journal (commandId), registration id, and one active registration per role and user.
 *
 * @returns the documents, or why it is refused
 * @throws Error for a batch that no correct engine makes.
 */
export function applyBatch(before: OwnDocuments | undefined, batch: CommitBatch): OwnDocuments | 'stale' | 'duplicate' {
  checkBatch(batch);
  const { expected, next, changedEvent, entries, writes, erasure } = batch;
  if (before?.head.version !== expected?.version || before?.head.commitId !== expected?.commitId) return 'stale';
  const current = changedEvent === undefined ? before?.current : withoutCounts(changedEvent);
  if (current === undefined) throw new Error('the first commit must bring the event');
  const commandIds = new Set(entries.map(({ commandId }) => commandId));
  if (commandIds.size < entries.length || entries.some(({ commandId }) => before?.decided.has(commandId) === true)) {
    return 'duplicate';
  }
  if (isDuplicate(before, writes)) return 'duplicate';

  const documents =
    erasure === undefined || before === undefined
      ? (before ?? newDocuments(next, current))
      : indexed(afterErasure(before, erasure));
  applyWrites(documents, writes);
  for (const entry of entries) {
    documents.journal.push({ entry, commitId: next.commitId });
    documents.decided.set(entry.commandId, entry);
  }
  documents.head = next;
  documents.current = current;
  return documents;
}

const newDocuments = (head: Head, current: ExistingEvent): OwnDocuments => ({
  ...newRegistrations(),
  head,
  current,
  journal: [],
  decided: new Map(),
});

/** Documents of their own, which nobody else changes. */
export const indexed = ({
  head,
  current,
  journal,
  registrations,
  details,
}: Omit<EventDocuments, 'decided'>): OwnDocuments => ({
  head,
  current,
  journal: [...journal],
  registrations: new Map(registrations),
  details: new Map(details),
  decided: new Map(journal.map(({ entry }) => [entry.commandId, entry])),
  places: placesOf(registrations.values()),
});

function checkBatch({ eventId, expected, next, entries }: CommitBatch): void {
  const first = (expected?.version ?? 0) + 1;
  const gap = entries.find((entry, index) => entry.version !== first + index || entry.eventId !== eventId);
  if (gap !== undefined) throw new Error(`entry ${gap.version} does not follow on version ${first - 1} of ${eventId}`);
  if (entries.length === 0 || next.version !== entries.at(-1)?.version)
    throw new Error('a batch ends at its last entry');
}
