import type { JournalEntry } from '@rollcall/domain';
import { decideBatch, type DecidableEntry } from './decide-batch.ts';
import type { DrainPorts } from './drain-ports.ts';
import { memoryAfter, sameHead, stateOf, type EventMemory } from './memory.ts';
import type { CommitBatch, CommitOutcome } from './ports.ts';
import { loadWorkingSet } from './working-set.ts';

export interface Attempt {
  readonly outcome: CommitOutcome;
  readonly entries: readonly JournalEntry[];
  /** What is known of the event if it was committed. */
  readonly after: EventMemory;
}

/** Loads what the commands can touch, decides them, and tries to write it all. */
export async function decideAndCommit(
  ports: DrainPorts,
  memory: EventMemory,
  entries: readonly DecidableEntry[],
): Promise<Attempt> {
  const { eventId } = memory;
  const state = stateOf(memory);
  const commands = entries.flatMap((entry) => (entry.kind === 'command' ? [entry.command] : []));
  await loadWorkingSet(ports.store, state, commands);
  const commitId = ports.newCommitId();
  let batch: CommitBatch;
  try {
    batch = decideBatch(state, entries, {
      expected: memory.head,
      commitId,
      decidedAt: ports.now(),
      onFault: (error, commandId) => ports.observer.warned(`command ${commandId} could not be decided`, eventId, error),
    });
  } catch (error) {
    // Registrations that are newer than the counts contradict them; then somebody has committed since.
    if (!sameHead(await ports.store.loadEvent(eventId), memory.head))
      return { outcome: 'stale', entries: [], after: memory };
    ports.observer.warned('a batch could not be folded', eventId, error);
    return { outcome: 'refused', entries: [], after: memory };
  }
  const startedAt = ports.elapsed();
  const outcome = await ports.store.commit(batch);
  if (outcome === 'committed') {
    const commitMs = ports.elapsed() - startedAt;
    ports.observer.batchCommitted({ size: entries.length, commitMs, entries: batch.entries });
  }
  return { outcome, entries: batch.entries, after: memoryAfter(state, commitId) };
}
