import { answerOf, type Answer, type CommitId, type EventId, type Instant, type JournalEntry } from '@rollcall/domain';
import { commandIdOf, decideBatch, type DecidableEntry } from './decide-batch.ts';
import { catchUp, countsOf, memoryAfter, stateOf, type EventMemory } from './memory.ts';
import type {
  CommitBatch,
  CommitOutcome,
  CountCache,
  EngineObserver,
  EventStore,
  Mailbox,
  MailboxEntry,
} from './ports.ts';
import { loadWorkingSet } from './working-set.ts';

export interface DrainPorts {
  readonly store: EventStore;
  readonly mailbox: Mailbox;
  readonly counts: CountCache;
  readonly observer: EngineObserver;
  readonly now: () => Instant;
  /** Monotonic milliseconds. */
  readonly elapsed: () => number;
  readonly newCommitId: () => CommitId;
  /** Waits a little, longer and spread wider with each failure in a row, so that workers in each other's way part. */
  readonly backOff: (failures: number) => Promise<void>;
}

export interface DrainLimits {
  /** Commands per transaction, 1 to 500: a decision and its consequences stay well below MongoDB's limits. */
  readonly batchSizeMax: number;
  /** How long one event may keep a worker before others get their turn, in ms. */
  readonly drainMsMax: number;
  /** Commits in a row that did not land before the drain gives up and leaves the mailbox to the next wake-up. */
  readonly attemptsMax: number;
}

/** Where a worker keeps what it knows of events. */
export interface MemoryOfEvents {
  get(eventId: EventId): EventMemory | undefined;
  set(eventId: EventId, memory: EventMemory): unknown;
  delete(eventId: EventId): unknown;
}

/** @throws Error when commits keep failing, or a server can't be reached. Nothing is lost: the mailbox keeps its commands. */
export async function drain(
  ports: DrainPorts,
  limits: DrainLimits,
  memories: MemoryOfEvents,
  eventId: EventId,
): Promise<'empty' | 'more'> {
  const startedAt = ports.elapsed();
  const known = memories.get(eventId);
  let memory = await catchUp(ports.store, eventId, known);
  // Whoever decided in between may have left decided commands at the head of the mailbox.
  let lookUp = memory !== known;
  let failures = 0;

  for (;;) {
    const entries = await ports.mailbox.readHead(eventId, limits.batchSizeMax);
    const { known: decided, fresh } = await setKnownAside(ports, eventId, entries, lookUp);
    const decidable = memory.current === undefined ? await creationFirst(ports, eventId, fresh) : fresh;
    let answers = decided.map(answerOf);

    if (decidable.length > 0) {
      const { outcome, batch, after } = await decideAndCommit(ports, memory, decidable);
      if (outcome !== 'committed') {
        ports.observer.commitRefused(outcome, eventId);
        failures += 1;
        if (failures >= limits.attemptsMax) {
          memories.delete(eventId);
          throw new Error(`${failures} commits in a row did not land, the last one was ${outcome}`);
        }
        // Only counts that a commit has proven may be folded forward; others are thrown away.
        const proven = memory.proven ? memory : undefined;
        memories.delete(eventId);
        await ports.backOff(failures);
        memory = await catchUp(ports.store, eventId, proven);
        lookUp = true;
        continue;
      }
      failures = 0;
      memory = after;
      memories.set(eventId, memory);
      answers = [...answers, ...batch.entries.map(answerOf)];
    }
    lookUp = false;

    const left = await publishAndTrim(ports, memory, entries, answers);
    if (left === 0) return 'empty';
    if (ports.elapsed() - startedAt >= limits.drainMsMax) return 'more';
  }
}

/** The ledger: commands that were decided before take their decision from the journal, and none is decided twice in a batch. */
async function setKnownAside(
  ports: DrainPorts,
  eventId: EventId,
  entries: readonly MailboxEntry[],
  lookUp: boolean,
): Promise<{ known: readonly JournalEntry[]; fresh: readonly DecidableEntry[] }> {
  const fresh = new Map<string, DecidableEntry>();
  for (const entry of entries) {
    if (entry.kind === 'dead') await ports.mailbox.bury(eventId, entry.entryId);
    else if (!fresh.has(commandIdOf(entry))) fresh.set(commandIdOf(entry), entry);
  }
  if (!lookUp || fresh.size === 0) return { known: [], fresh: [...fresh.values()] };
  const known = await ports.store.findDecisions(eventId, [...fresh.values()].map(commandIdOf));
  for (const { commandId } of known) fresh.delete(commandId);
  return { known, fresh: [...fresh.values()] };
}

/**
 * Until an event exists it has no version to write a decision with. What stands before its creation, or without one (the
 * database was restored to before it), is put aside for people to look at.
 */
async function creationFirst(
  ports: DrainPorts,
  eventId: EventId,
  fresh: readonly DecidableEntry[],
): Promise<readonly DecidableEntry[]> {
  const creation = fresh.findIndex((entry) => entry.kind === 'command' && entry.command.type === 'CreateEvent');
  const before = creation < 0 ? fresh : fresh.slice(0, creation);
  for (const entry of before) await ports.mailbox.bury(eventId, entry.entryId);
  return creation < 0 ? [] : fresh.slice(creation);
}

async function decideAndCommit(
  ports: DrainPorts,
  memory: EventMemory,
  entries: readonly DecidableEntry[],
): Promise<{ outcome: CommitOutcome; batch: CommitBatch; after: EventMemory }> {
  const { eventId } = memory;
  const state = stateOf(memory);
  const commands = entries.flatMap((entry) => (entry.kind === 'command' ? [entry.command] : []));
  await loadWorkingSet(ports.store, state, commands);
  const commitId = ports.newCommitId();
  const batch = decideBatch(state, entries, {
    expected: memory.head,
    commitId,
    decidedAt: ports.now(),
    onFault: (error, commandId) => ports.observer.warned(`command ${commandId} could not be decided`, eventId, error),
  });
  const startedAt = ports.elapsed();
  const outcome = await ports.store.commit(batch);
  if (outcome === 'committed') {
    const commitMs = ports.elapsed() - startedAt;
    ports.observer.batchCommitted({ size: entries.length, commitMs, entries: batch.entries });
  }
  return { outcome, batch, after: memoryAfter(state, commitId) };
}

async function publishAndTrim(
  ports: DrainPorts,
  memory: EventMemory,
  entries: readonly MailboxEntry[],
  answers: readonly Answer[],
): Promise<number> {
  const { eventId } = memory;
  const counts = memory.proven ? countsOf(memory) : undefined;
  const publication = answers.length === 0 ? undefined : { answers, counts };
  // Sent first, so that who was answered finds the cache refreshed when both live on one Redis. A cache that can't be
  // written is not worth a signup.
  const cached =
    counts === undefined || publication === undefined
      ? undefined
      : ports.counts
          .setIfNewer(counts)
          .catch((error: unknown) => ports.observer.warned('count cache not refreshed', eventId, error));
  const left = await ports.mailbox.done(
    eventId,
    entries.map(({ entryId }) => entryId),
    publication,
  );
  await cached;
  return left;
}
