import { checkAccepted, startChecks, type Violation } from '@rollcall/checkers';
import type { EventId } from '@rollcall/domain';
import type { Book } from '../book.ts';
import { checkOrder } from './check-order.ts';
import { checkReplies } from './check-replies.ts';
import { checkStored } from './check-stored.ts';
import type { ReadEvent } from './read-event.ts';

export interface FoundViolation extends Violation {
  /** Unless it is about none of them. */
  readonly eventId?: string;
}

export interface Verdict {
  /** What was promised and is not so; the first of them. */
  readonly violations: readonly FoundViolation[];
  /** How many there are. */
  readonly violationsCount: number;
  /** What was looked at, so that nobody takes nothing for well. */
  readonly checked: Checked;
  /** What could not be seen. */
  readonly unseen: readonly string[];
}

export interface Checked {
  readonly events: number;
  readonly decisions: number;
  readonly registrations: number;
  /** Answers that were compared with the journal. */
  readonly answers: number;
  /** Commands that were acknowledged, and have to be decided. */
  readonly accepted: number;
  readonly streams: number;
}

const violationsKept = 200;

/** All that is checked of one event: by the journal, by what people were told, and by what the API shows in the end. */
export function judgeEvent(eventId: EventId, { entries, seen }: ReadEvent, book: Book): readonly FoundViolation[] {
  const violations: Violation[] = [];
  const checks = startChecks((violation) => violations.push(violation));
  for (const entry of entries) checks.entry(entry);
  violations.push(...checkOrder(entries, book.underWay));
  violations.push(...checkReplies(entries, book.told));
  violations.push(...checkAccepted(entries, book.underWay.keys()));
  if (seen !== undefined) violations.push(...checkStored(checks, seen));
  return violations.map((violation) => ({ eventId, ...violation }));
}

/** What nobody can see from outside, whatever a run looks like. */
const neverSeen =
  'The mailbox is not visible over HTTP. Order is checked by what senders saw (acknowledged before the other was sent), by the ' +
  'times at which the mailbox took commands, and by lines and sequences in the journal; two commands that were under way at once ' +
  'may have arrived in either order. `rollcall verify`, on a machine that reaches the database, compares every stored field.';

export function verdictOf(
  violations: readonly FoundViolation[],
  checked: Checked,
  restless: readonly EventId[],
): Verdict {
  // Where nothing was looked at nothing is found.
  const nothing = { check: 'nothing', message: 'no command was accepted: there was nothing to judge' };
  const all = checked.accepted === 0 ? [nothing, ...violations] : violations;
  return {
    violations: all.slice(0, violationsKept),
    violationsCount: all.length,
    checked,
    unseen: [
      neverSeen,
      ...restless.map(
        (eventId) => `${eventId} kept changing: its registrations and counts were not compared with its journal.`,
      ),
    ],
  };
}

/** Answers that nobody should get, one violation for each kind. */
export const wrongAnswers = (wrong: ReadonlyMap<string, number>): readonly FoundViolation[] =>
  [...wrong].map(([what, count]) => ({ check: 'errors', message: `${what}, ${count} times` }));
