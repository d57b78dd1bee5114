import { valueOf, type RollcallClient } from '@rollcall/client';
import type { Availability } from '@rollcall/contracts/http';
import type { EventId } from '@rollcall/domain';
import type { Listening } from '../listening.ts';
import type { Stage } from '../playing.ts';
import { readEvent, type ReadEvent } from './read-event.ts';
import { judgeEvent, verdictOf, wrongAnswers, type FoundViolation, type Verdict } from './verdict.ts';

export interface JudgeOptions {
  readonly staff: RollcallClient;
  readonly stages: readonly Stage[];
  readonly listening: Listening;
  readonly wrong: ReadonlyMap<string, number>;
  /** How long anybody waits for what is not decided. */
  readonly patienceMs: number;
}

export interface Judged {
  readonly read: readonly ReadEvent[];
  readonly verdict: Verdict;
}

/** Reads what has become of each event, once all is decided, and checks it. @throws Error when it can't be read */
export async function judge({ staff, stages, listening, wrong, patienceMs }: JudgeOptions): Promise<Judged> {
  const violations: FoundViolation[] = [...wrongAnswers(wrong)];
  const read: ReadEvent[] = [];
  const finals = new Map<EventId, Availability>();
  const restless: EventId[] = [];
  let [decisions, registrations, answers, accepted] = [0, 0, 0, 0];
  for (const { event, book } of stages) {
    const { eventId } = event;
    const found = await readEvent(staff, eventId, new Set(book.underWay.keys()), patienceMs);
    violations.push(...judgeEvent(eventId, found, book));
    read.push(found);
    finals.set(eventId, found.seen?.availability ?? valueOf(await staff.getAvailability(eventId)));
    if (found.seen === undefined) restless.push(eventId);
    decisions += found.entries.length;
    registrations += found.seen?.registrations.length ?? 0;
    answers += book.told.length;
    accepted += book.underWay.size;
  }
  violations.push(...(await listening.check(finals)));
  const { streams } = listening;
  const checked = { events: stages.length, decisions, registrations, answers, accepted, streams };
  return { read, verdict: verdictOf(violations, checked, restless) };
}
