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

/** Every answer is what the journal says. */
export function checkAnswers(entries: readonly JournalEntry[], told: Iterable<ToldAnswer>): readonly Violation[] {
  const decided = new Map(entries.map((entry) => [entry.commandId, entry]));
  const violations: Violation[] = [];
  for (const answer of told) {
    const due = dueFor(decided.get(answer.commandId));
    const isTrue = due !== undefined && canonical({ ...due, ...answer }) === canonical(due);
    if (isTrue) continue;
    const message = `${canonical(answer)} was the answer, and the journal has ${canonical(due)}`;
    violations.push({ check: 'answers', version: answer.version, message });
  }
  return violations;
}

/** @param accepted commands that somebody was told are taken, and that are not known to be lost with what held them */
export function checkAccepted(entries: readonly JournalEntry[], accepted: Iterable<CommandId>): readonly Violation[] {
  const decided = new Set(entries.map(({ commandId }) => commandId));
  return [...accepted]
    .filter((commandId) => !decided.has(commandId))
    .map((commandId) => ({ check: 'accepted', message: `${commandId} was accepted and is not decided` }));
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
