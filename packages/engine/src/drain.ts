import { answerOf, type Answer, type EventId } from '@rollcall/domain';
import { decideAndCommit } from './attempt.ts';
import type { DrainLimits, DrainPorts, MemoryOfEvents } from './drain-ports.ts';
import { setKnownAside, splitAtCreation } from './ledger.ts';
import { catchUp, countsOf, type EventMemory } from './memory.ts';
import type { MailboxEntry } from './ports.ts';

/** Attempts in a row after which a drain looks for abandoned commits, and then again. */
const contendedBeforeLook = 4;

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
    const { early, decidable } =
      memory.current === undefined ? splitAtCreation(fresh) : { early: [], decidable: fresh };
    if (early.length > 0) {
      // Somebody may have created it, and trimmed its creation, since it was looked for.
      memory = await catchUp(ports.store, eventId, undefined);
      lookUp = true;
      if (memory.current !== undefined) continue;
      for (const entry of early) await ports.mailbox.bury(eventId, entry.entryId);
    }
    let answers = decided.map(answerOf);

    if (decidable.length > 0) {
      const { outcome, entries: journalled, after } = await decideAndCommit(ports, memory, decidable);
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
        // Whoever is in the way for longer than a commit takes may have died over it.
        if (outcome === 'contended' && failures % contendedBeforeLook === 0) {
          const ended = await ports.store.endAbandonedCommits(limits.abandonedCommitMs);
          if (ended > 0) ports.observer.abandonedCommitsEnded(ended, eventId);
        }
        memory = await catchUp(ports.store, eventId, proven);
        lookUp = true;
        continue;
      }
      failures = 0;
      memory = after;
      memories.set(eventId, memory);
      answers = [...answers, ...journalled.map(answerOf)];
    }
    // Where some were known, more may be: Redis may have lost what was trimmed. Each of them is progress.
    lookUp = decided.length > 0;
    if (lookUp) failures = 0;

    const left = await publishAndTrim(ports, memory, entries, answers);
    if (left === 0) return 'empty';
    if (ports.elapsed() - startedAt >= limits.drainMsMax) return 'more';
  }
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
