import type { EventId } from '@rollcall/domain';
import type { EventQueries, Head, JournalStep } from '@rollcall/engine';

/** Further behind than this, reading anew costs less than following the journal. */
const versionsBehindMax = 2000;

/** What was decided after `from`, up to `to`; undefined when the one can't be reached from the other, or not cheaply. */
export async function followJournal(
  queries: Pick<EventQueries, 'readSteps'>,
  eventId: EventId,
  from: Head,
  to: Head,
): Promise<readonly JournalStep[] | undefined> {
  const behind = to.version - from.version;
  if (behind === 0) return from.commitId === to.commitId ? [] : undefined;
  if (behind < 0 || behind > versionsBehindMax) return undefined;
  const steps = await queries.readSteps(eventId, from.version, to.version);
  if (steps.length !== behind + 1 || !isStep(steps[0], from) || !isStep(steps.at(-1), to)) return undefined;
  return steps.slice(1);
}

/** By its commit too: a database that was restored may come to the same version another way. */
function isStep(step: JournalStep | undefined, { version, commitId }: Head): boolean {
  return step !== undefined && step.version === version && step.commitId === commitId;
}
