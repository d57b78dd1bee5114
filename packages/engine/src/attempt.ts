import { NotLoadedError, type EventState, type JournalEntry } from '@rollcall/domain';
import { decideBatch, decideObligationStep, type BatchContext, type DecidableEntry } from './decide-batch.ts';
import type { DrainPorts } from './drain-ports.ts';
import { memoryAfter, sameHead, stateOf, type EventMemory } from './memory.ts';
import type { CommitBatch, CommitOutcome, EventStore, RegistrationWrite } from './ports.ts';
import { isDecidedAlone, loadForObligation, loadWorkingSet } from './working-set.ts';

/** What an attempt needs of a drain, or of whoever else decides. */
export interface AttemptPorts extends Pick<DrainPorts, 'observer' | 'now' | 'elapsed' | 'newCommitId'> {
  readonly store: Pick<EventStore, 'loadEvent' | 'commit' | Reads>;
}
type Reads = 'findRegistrations' | 'findStanding' | 'findPlaces' | 'findTraces';

export interface Attempt {
  readonly outcome: CommitOutcome;
  /** What was decided: perhaps not all that was asked for. */
  readonly entries: readonly JournalEntry[];
  /** Registrations as they are if it was committed. */
  readonly writes: readonly RegistrationWrite[];
  /** What is known of the event if it was committed. */
  readonly after: EventMemory;
}

/** What a batch is decided on, and how; `decide` does no I/O. */
interface Loaded {
  readonly state: EventState;
  readonly decide: (context: BatchContext) => CommitBatch;
}

/**
 * Loads what the commands can touch, decides as many of them as fit into one batch, and tries to write it all.
 *
 * @throws Error when the store can't be read; then nothing is known of the commands.
 */
export async function decideAndCommit(
  ports: AttemptPorts,
  memory: EventMemory,
  entries: readonly DecidableEntry[],
): Promise<Attempt> {
  const some = untilDecidedAlone(entries);
  const attempt = await decideAndWrite(ports, memory, await loadedFor(ports, memory, some, false));
  if (attempt !== undefined) return attempt;
  // The first of them needs more than its share: it is decided alone, with all that it can need.
  const alone = await loadedFor(ports, memory, some.slice(0, 1), true);
  return (
    (await decideAndWrite(ports, memory, alone)) ?? refused(ports, memory, new Error('there is less than it needs'))
  );
}

/** The same for a step of the event's obligation. */
export async function dischargeAndCommit(ports: AttemptPorts, memory: EventMemory): Promise<Attempt> {
  const state = stateOf(memory);
  if (state.current?.obligation !== undefined) await loadForObligation(ports.store, state, state.current.obligation);
  const loaded: Loaded = { state, decide: (context) => decideObligationStep(state, context) };
  return (
    (await decideAndWrite(ports, memory, loaded)) ?? refused(ports, memory, new Error('there is less than it needs'))
  );
}

/** Such a command is a batch of its own. */
function untilDecidedAlone(entries: readonly DecidableEntry[]): readonly DecidableEntry[] {
  const first = entries.findIndex((entry) => entry.kind === 'command' && isDecidedAlone(entry.command));
  return first < 0 ? entries : entries.slice(0, Math.max(first, 1));
}

async function loadedFor(
  { store }: AttemptPorts,
  memory: EventMemory,
  entries: readonly DecidableEntry[],
  deep: boolean,
): Promise<Loaded> {
  const state = stateOf(memory);
  const commands = entries.flatMap((entry) => (entry.kind === 'command' ? [entry.command] : []));
  await loadWorkingSet(store, state, commands, deep);
  return { state, decide: (context) => decideBatch(state, entries, context) };
}

/** Undefined when more has to be loaded. */
async function decideAndWrite(
  ports: AttemptPorts,
  memory: EventMemory,
  { state, decide }: Loaded,
): Promise<Attempt | undefined> {
  const { eventId, head: expected } = memory;
  const commitId = ports.newCommitId();
  let batch: CommitBatch;
  try {
    batch = decide({
      expected,
      commitId,
      decidedAt: ports.now(),
      onFault: (error, commandId) => ports.observer.warned(`command ${commandId} could not be decided`, eventId, error),
    });
  } catch (error) {
    return error instanceof NotLoadedError ? undefined : refused(ports, memory, error);
  }
  const startedAt = ports.elapsed();
  const outcome = await ports.store.commit(batch);
  if (outcome === 'committed') {
    const commitMs = ports.elapsed() - startedAt;
    ports.observer.batchCommitted({ size: batch.entries.length, commitMs, entries: batch.entries });
  }
  return { outcome, entries: batch.entries, writes: batch.writes, after: memoryAfter(state, commitId) };
}

/** Registrations that are newer than the counts contradict them; then somebody has committed since. Else it can't be done. */
async function refused(ports: AttemptPorts, memory: EventMemory, error: unknown): Promise<Attempt> {
  const { eventId, head } = memory;
  const isStale = !sameHead(await ports.store.loadEvent(eventId), head);
  if (!isStale) ports.observer.warned('a batch could not be folded', eventId, error);
  return { outcome: isStale ? 'stale' : 'refused', entries: [], writes: [], after: memory };
}
