import type { Command, DomainEvent, SignUp } from '@rollcall/domain';
import { createEvent, openEvent, signUp, theEventId, type EventParts } from './commands.ts';
import { createRules, type Rules } from './rules.ts';

/** So many people who ask for the role. */
export const people = (count: number, role = 'volunteers'): readonly SignUp[] =>
  Array.from({ length: count }, (_, n) => signUp(`${role}-${n}`, { role }));

/** An open event to which these commands have come. */
export function eventWith(parts: EventParts, ...commands: readonly Command[]): Rules {
  const rules = createRules(theEventId);
  rules.decideBatch([createEvent(parts), openEvent()]);
  rules.decideBatch(commands);
  return rules;
}

/** What the commands led to, decision by decision, with the steps of obligations. */
export function after(rules: Rules, ...commands: readonly Command[]): readonly (readonly DomainEvent[])[] {
  const before = rules.decided.length;
  rules.decideBatch(commands);
  return rules.decided
    .slice(before)
    .map(({ decision }) => (decision.outcome === 'accepted' ? decision.domainEvents : []));
}

/** How many of each kind, decision by decision. */
export function kinds(decisions: readonly (readonly DomainEvent[])[]): readonly Readonly<Record<string, number>>[] {
  return decisions.map((facts) => {
    const counts: Record<string, number> = {};
    for (const { type } of facts) counts[type] = (counts[type] ?? 0) + 1;
    return counts;
  });
}

/** Per role: confirmed, waiting, offered. */
export const standingsOf = ({ current }: Rules): readonly (readonly number[])[] =>
  [...(current?.roles.values() ?? [])].map(({ confirmed, waitlist, offered }) => [confirmed, waitlist, offered]);
