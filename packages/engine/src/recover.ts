import type { EventId } from '@rollcall/domain';
import type { DrainLimits, DrainPorts } from './drain-ports.ts';
import type { CommitOutcome, EventStore } from './ports.ts';

/** Attempts in a row after which somebody looks for abandoned commits, and then again; the last attempt always does. */
const contendedBeforeLook = 4;

interface RecoverPorts extends Pick<DrainPorts, 'observer' | 'backOff'> {
  readonly store: Pick<EventStore, 'endAbandonedCommits'>;
}

type RecoverLimits = Pick<DrainLimits, 'attemptsMax' | 'abandonedCommitMs'>;

interface Failure {
  readonly eventId: EventId;
  readonly outcome: Exclude<CommitOutcome, 'committed'>;
  /** In a row, this one included. */
  readonly failures: number;
}

/** Makes room for another attempt. @throws Error when there were too many. */
export async function recover(
  ports: RecoverPorts,
  limits: RecoverLimits,
  { eventId, outcome, failures }: Failure,
): Promise<void> {
  ports.observer.commitRefused(outcome, eventId);
  const isLast = failures >= limits.attemptsMax;
  if (!isLast) await ports.backOff(failures);
  // Whoever is in the way for longer than a commit takes may have died over it.
  if (outcome === 'contended' && (isLast || failures % contendedBeforeLook === 0)) {
    const ended = await ports.store.endAbandonedCommits(limits.abandonedCommitMs);
    if (ended > 0) ports.observer.abandonedCommitsEnded(ended, eventId);
  }
  if (isLast) throw new Error(`${failures} commits in a row did not land, the last one was ${outcome}`);
}
