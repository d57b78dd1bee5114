import { NotLoadedError, type EventState, type JournalEntry } from '@rollcall/domain';
import { decideBatch, decideObligationStep, type BatchContext, type DecidableEntry } from './decide-batch.ts';
import type { DrainPorts } from './drain-ports.ts';
import { memoryAfter, sameHead, stateOf, type EventMemory } from './memory.ts';
import type { CommitBatch, CommitOutcome } from './ports.ts';
import { isFarReaching, loadForObligation, loadWorkingSet } from './working-set.ts';

export interface Attempt {
  readonly outcome: CommitOutcome;
  /** What was decided: perhaps not all that was asked for. */
  readonly entries: readonly JournalEntry[];
  /** What is known of the event if it was committed. */
  readonly after: EventMemory;
}

/** What a batch is decided on. */
interface Decided {
  readonly state: EventState;
  readonly batch: CommitBatch;
}

/** Loads what the commands can touch, decides as many of them as fit into one batch, and tries to write it all. */
export function decideAndCommit(
  ports: DrainPorts,
  memory: EventMemory,
  entries: readonly DecidableEntry[],
): Promise<Attempt> {
  return attempt(ports, memory, (context) => decideLoaded(ports, memory, untilFarReaching(entries), context));
}

/** The same for a step of the event's obligation. */
export function dischargeAndCommit(ports: DrainPorts, memory: EventMemory): Promise<Attempt> {
  return attempt(ports, memory, async (context) => {
    const state = stateOf(memory);
    if (state.current?.obligation !== undefined) {
      await loadForObligation(ports.store, state, state.current.obligation);
    }
    return { state, batch: decideObligationStep(state, context) };
  });
}

async function attempt(
  ports: DrainPorts,
  memory: EventMemory,
  decideOn: (context: BatchContext) => Promise<Decided>,
): Promise<Attempt> {
  const { eventId, head: expected } = memory;
  const commitId = ports.newCommitId();
  let decided: Decided;
  try {
    decided = await decideOn({
      expected,
      commitId,
      decidedAt: ports.now(),
      onFault: (error, commandId) => ports.observer.warned(`command ${commandId} could not be decided`, eventId, error),
    });
  } catch (error) {
    // Registrations that are newer than the counts contradict them; then somebody has committed since.
    if (!sameHead(await ports.store.loadEvent(eventId), expected)) {
      return { outcome: 'stale', entries: [], after: memory };
    }
    ports.observer.warned('a batch could not be folded', eventId, error);
    return { outcome: 'refused', entries: [], after: memory };
  }
  const { state, batch } = decided;
  const startedAt = ports.elapsed();
  const outcome = await ports.store.commit(batch);
  if (outcome === 'committed') {
    const commitMs = ports.elapsed() - startedAt;
    ports.observer.batchCommitted({ size: batch.entries.length, commitMs, entries: batch.entries });
  }
  return { outcome, entries: batch.entries, after: memoryAfter(state, commitId) };
}

/** Commands that need much are loaded for alone. */
function untilFarReaching(entries: readonly DecidableEntry[]): readonly DecidableEntry[] {
  const first = entries.findIndex((entry) => entry.kind === 'command' && isFarReaching(entry.command));
  return first < 0 ? entries : entries.slice(0, Math.max(first, 1));
}

async function decideLoaded(
  { store }: DrainPorts,
  memory: EventMemory,
  entries: readonly DecidableEntry[],
  context: BatchContext,
): Promise<Decided> {
  const loadAndDecide = async (some: readonly DecidableEntry[], deep: boolean): Promise<Decided> => {
    const state = stateOf(memory);
    const commands = some.flatMap((entry) => (entry.kind === 'command' ? [entry.command] : []));
    await loadWorkingSet(store, state, commands, deep);
    return { state, batch: decideBatch(state, some, context) };
  };
  try {
    return await loadAndDecide(entries, false);
  } catch (error) {
    if (!(error instanceof NotLoadedError)) throw error;
    return loadAndDecide(entries.slice(0, 1), true);
  }
}
