import type { CommandId, DomainEvent, JournalEntry } from '@rollcall/domain';
import { canonical } from './canonical.ts';
import { factsOf, type Violation } from './history.ts';

/** What somebody was told of a decision. A field that is absent was not told, and is not compared. */
export interface ToldAnswer {
  readonly commandId: CommandId;
  readonly version: number;
  /** The reason of a refusal; undefined when it was done. */
  readonly refusal: string | undefined;
  readonly registrationId?: string;
  readonly status?: 'confirmed' | 'waitlist';
  readonly waitlistPosition?: number;
}

/** What people heard of their commands while an event ran. */
export interface Heard {
  /** Commands that somebody was told are taken, and that are not known to be lost with what held them. */
  readonly accepted: Iterable<CommandId>;
  readonly told: Iterable<ToldAnswer>;
}

/** Every answer is what the journal says, and everything that was accepted stands there. */
export function checkHeard(entries: readonly JournalEntry[], { accepted, told }: Heard): readonly Violation[] {
  const decided = new Map(entries.map((entry) => [entry.commandId, entry]));
  const violations: Violation[] = [];
  for (const answer of told) {
    const due = dueFor(decided.get(answer.commandId));
    const isTrue = due !== undefined && canonical({ ...due, ...answer }) === canonical(due);
    if (isTrue) continue;
    const message = `${canonical(answer)} was the answer, and the journal has ${canonical(due)}`;
    violations.push({ check: 'answers', version: answer.version, message });
  }
  for (const commandId of accepted) {
    if (!decided.has(commandId))
      violations.push({ check: 'accepted', message: `${commandId} was accepted and is not decided` });
  }
  return violations;
}

function dueFor(entry: JournalEntry | undefined): ToldAnswer | undefined {
  if (entry === undefined) return undefined;
  const { commandId, version, decision } = entry;
  const refusal = decision.outcome === 'rejected' ? decision.rejection.reason : undefined;
  return { commandId, version, refusal, ...placeIn(factsOf(entry)[0]) };
}

/** What was asked for is a decision's first fact. */
function placeIn(fact: DomainEvent | undefined): Partial<ToldAnswer> {
  if (fact === undefined) return {};
  if (fact.type === 'RegistrationWaitlisted') {
    const { registrationId, waitlistPosition } = fact;
    return { registrationId, status: 'waitlist', waitlistPosition };
  }
  const isSeat =
    fact.type === 'RegistrationConfirmed' || fact.type === 'RegistrationPromoted' || fact.type === 'RegistrationMoved';
  if (isSeat) return { registrationId: fact.registrationId, status: 'confirmed' };
  return fact.type === 'RegistrationCancelled' ? { registrationId: fact.registrationId } : {};
}
