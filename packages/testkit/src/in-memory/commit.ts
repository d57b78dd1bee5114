import type { CommandId, CommitId, ExistingEvent, JournalEntry } from '@rollcall/domain';
import type { CommitBatch, Head } from '@rollcall/engine';
import { afterErasure } from './erasure.ts';
import { withoutCounts } from './queries.ts';
import { afterWrites, type StoredRegistrations } from './registrations.ts';

export interface EventDocuments extends StoredRegistrations {
  readonly head: Head;
  readonly current: ExistingEvent;
  readonly journal: readonly { readonly entry: JournalEntry; readonly commitId: CommitId }[];
}

/**
 * An event's documents after the batch, or why it is refused. The compare-and-set speaks first, then the unique keys:
 * journal (version), journal (commandId), registration id, and one active registration per role and user.
 *
 * @throws Error for a batch that no correct engine makes.
 */
export function afterCommit(
  before: EventDocuments | undefined,
  batch: CommitBatch,
): EventDocuments | 'stale' | 'duplicate' {
  checkBatch(batch);
  const { expected, next, changedEvent, entries, writes } = batch;
  if (before?.head.version !== expected?.version || before?.head.commitId !== expected?.commitId) return 'stale';
  const current = changedEvent === undefined ? before?.current : withoutCounts(changedEvent);
  if (current === undefined) throw new Error('the first commit must bring the event');

  const past = before === undefined || batch.erasure === undefined ? before : afterErasure(before, batch.erasure);
  const journal = [...(past?.journal ?? []), ...entries.map((entry) => ({ entry, commitId: next.commitId }))];
  if (!allDifferent(journal.map(({ entry }): CommandId => entry.commandId))) return 'duplicate';
  if (!allDifferent(journal.map(({ entry }) => entry.version))) return 'duplicate';

  const stored = afterWrites(past, writes);
  return stored === 'duplicate' ? stored : { head: next, current, journal, ...stored };
}

function allDifferent(keys: readonly (string | number)[]): boolean {
  return new Set(keys).size === keys.length;
}

function checkBatch({ eventId, expected, next, entries }: CommitBatch): void {
  const first = (expected?.version ?? 0) + 1;
  const gap = entries.find((entry, index) => entry.version !== first + index || entry.eventId !== eventId);
  if (gap !== undefined) throw new Error(`entry ${gap.version} does not follow on version ${first - 1} of ${eventId}`);
  if (entries.length === 0 || next.version !== entries.at(-1)?.version)
    throw new Error('a batch ends at its last entry');
}
