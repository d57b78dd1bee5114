import { answerOf, type Answer, type CommandId, type EventCounts, type EventId } from '@rollcall/domain';
import { decideAndCommit, dischargeAndCommit, type Attempt } from './attempt.ts';
import { commandIdOf } from './decide-batch.ts';
import type { DrainLimits, DrainPorts, MemoryOfEvents } from './drain-ports.ts';
import { createIsolation } from './isolation.ts';
import { setKnownAside, splitAtCreation } from './ledger.ts';
import { catchUp, countsOf, type EventMemory } from './memory.ts';
import { offersMade } from './offers.ts';
import type { MailboxEntry } from './ports.ts';
import { recover } from './recover.ts';

/** @throws Error when commits keep failing, or a server can't be reached. Nothing is lost: the mailbox keeps its commands. */
export async function drain(
  ports: DrainPorts,
  limits: DrainLimits,
  memories: MemoryOfEvents,
  eventId: EventId,
): Promise<'empty' | 'more'> {
  const startedAt = ports.elapsed();
  const isOver = () => ports.elapsed() - startedAt >= limits.drainMsMax;
  const isolation = createIsolation(limits.batchSizeMax);
  const known = memories.get(eventId);
  let memory = await catchUp(ports.store, eventId, known);
  // Whoever decided in between may have left decided commands at the head of the mailbox.
  let lookUp = memory !== known;
  let failures = 0;
  let ahead: readonly MailboxEntry[] = [];

  /** Whether it was written; then it is remembered, else there is another look at the event. */
  async function landed(attempt: Attempt): Promise<boolean> {
    if (attempt.outcome === 'committed') {
      failures = 0;
      memory = attempt.after;
      memories.set(eventId, memory);
      scheduleOffers(ports, eventId, attempt);
      return true;
    }
    failures += 1;
    memories.delete(eventId);
    await recover(ports, limits, { eventId, outcome: attempt.outcome, failures });
    // Only counts that a commit has proven may be folded forward; others are thrown away.
    memory = await catchUp(ports.store, eventId, memory.proven ? memory : undefined);
    lookUp = true;
    return false;
  }

  for (;;) {
    if (memory.current?.obligation !== undefined) {
      // The command that it follows from is still in the mailbox, so that the event is not forgotten; it is known by now.
      lookUp = true;
      if (!(await landed(await dischargeAndCommit(ports, memory)))) continue;
      refreshCounts(ports, memory);
      if (isOver()) return 'more';
      continue;
    }
    // What was read and did not fit into the batch is the head now, and need not be read again.
    const entries = ahead.length > 0 ? ahead : await ports.mailbox.readHead(eventId, isolation.batchSize);
    ahead = [];
    const { known: decided, fresh } = await setKnownAside(ports, eventId, entries, lookUp);
    const readable = isolation.apply(fresh);
    const { early, decidable } =
      memory.current === undefined ? splitAtCreation(eventId, readable) : { early: [], decidable: readable };
    if (early.length > 0) {
      // Somebody may have created it, and trimmed its creation, since it was looked for.
      memory = await catchUp(ports.store, eventId, undefined);
      lookUp = true;
      if (memory.current !== undefined) continue;
      for (const entry of early) await ports.mailbox.bury(eventId, entry.entryId);
    }
    let answers = decided.map(answerOf);
    const kept = new Set<CommandId>();

    if (decidable.length > 0) {
      const attempt = await decideAndCommit(ports, memory, decidable);
      const { outcome } = attempt;
      // The ledger was asked after the event's version and knew none of them: then a duplicate is not of a decision.
      if (outcome === 'refused' || (outcome === 'duplicate' && lookUp)) isolation.suspect(decidable);
      if (!(await landed(attempt))) continue;
      isolation.landed(attempt.entries.map(({ commandId }) => commandId));
      answers = [...answers, ...attempt.entries.map(answerOf)];
      const reached = new Set(attempt.entries.map(({ commandId }) => commandId));
      for (const entry of decidable) if (!reached.has(commandIdOf(entry))) kept.add(commandIdOf(entry));
      const last = attempt.entries.at(-1);
      if (memory.current?.obligation !== undefined && last !== undefined) kept.add(last.commandId);
    }
    // Where some were known, more may be: Redis may have lost what was trimmed. Each of them is progress.
    lookUp = decided.length > 0;
    if (lookUp) failures = 0;

    const [trimmed, rest] = partition(entries, kept);
    const left = await publishAndTrim(ports, memory, trimmed, answers);
    if (memory.current?.obligation !== undefined) continue;
    ahead = rest;
    if (left > 0 && isOver()) return 'more';
    if (left > 0) continue;
    // While an event is busy the next commands are a moment away, and a wake-up with all that it takes is many. One command
    // by itself makes no event busy.
    if (entries.length < 2 || isOver() || limits.lingerMs === 0) return 'empty';
    await ports.pause(limits.lingerMs);
  }
}

/** Those that are done with, and those that are kept. */
function partition(
  entries: readonly MailboxEntry[],
  kept: ReadonlySet<CommandId>,
): readonly [readonly MailboxEntry[], readonly MailboxEntry[]] {
  if (kept.size === 0) return [entries, []];
  const isKept = (entry: MailboxEntry) => entry.kind !== 'dead' && kept.has(commandIdOf(entry));
  return [entries.filter((entry) => !isKept(entry)), entries.filter(isKept)];
}

/** Not waited for: who misses a timer is found by the sweeper. */
function scheduleOffers(ports: DrainPorts, eventId: EventId, { entries }: Attempt): void {
  const offers = offersMade(entries);
  if (offers.length === 0) return;
  ports.offerTimers
    .schedule(offers)
    .catch((error: unknown) => ports.observer.warned('offers have no timers', eventId, error));
}

/** Not waited for: a cache that hangs is not worth a signup. */
function refreshCounts(ports: DrainPorts, memory: EventMemory): EventCounts | undefined {
  const counts = memory.proven ? countsOf(memory) : undefined;
  if (counts === undefined) return undefined;
  ports.counts
    .setIfNewer(counts)
    .catch((error: unknown) => ports.observer.warned('count cache not refreshed', memory.eventId, error));
  return counts;
}

async function publishAndTrim(
  ports: DrainPorts,
  memory: EventMemory,
  entries: readonly MailboxEntry[],
  answers: readonly Answer[],
): Promise<number> {
  const { eventId } = memory;
  // Sent first, so that who was answered finds the cache refreshed when both live on one Redis.
  const publication = answers.length === 0 ? undefined : { answers, counts: refreshCounts(ports, memory) };
  return ports.mailbox.done(
    eventId,
    entries.map(({ entryId }) => entryId),
    publication,
  );
}
