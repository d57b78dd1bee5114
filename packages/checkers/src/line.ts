import type { DomainEvent, JournalEntry } from '@rollcall/domain';
import { emptyFold, foldFact, lineOf, type Folded } from './fold.ts';
import { factsOf, type RecordedHistory, type Violation } from './history.ts';

type FactCheck = (before: Folded, fact: DomainEvent, entry: JournalEntry) => string | undefined;

/** Looks at each fact with the event as it was just before it. */
function checkFacts(check: string, { entries }: RecordedHistory, complaint: FactCheck): readonly Violation[] {
  const folded = emptyFold();
  const violations: Violation[] = [];
  for (const entry of entries) {
    for (const fact of factsOf(entry)) {
      const message = complaint(folded, fact, entry);
      if (message !== undefined) violations.push({ check, version: entry.version, message });
      foldFact(folded, fact);
    }
  }
  return violations;
}

/** Whoever is promoted is the first in line, and waits. */
export function checkPromotions(history: RecordedHistory): readonly Violation[] {
  return checkFacts('promotions', history, (before, fact) => {
    if (fact.type !== 'RegistrationPromoted') return undefined;
    const [first] = lineOf(before, fact.roleId);
    if (first === fact.registrationId) return undefined;
    return `${fact.registrationId} was promoted, and the first in line was ${first ?? 'nobody'}`;
  });
}

/** Nobody is confirmed past people who wait for the same role. */
export function checkNobodyPassed(history: RecordedHistory): readonly Violation[] {
  return checkFacts('nobody-passed', history, (before, fact) => {
    if (fact.type !== 'RegistrationConfirmed') return undefined;
    const waiting = lineOf(before, fact.roleId).size;
    return waiting === 0 ? undefined : `${fact.registrationId} was confirmed past ${waiting} who wait`;
  });
}

/** Who joins a role's line, seated or not, gets the version of that decision as sequence, and is told the true place. */
export function checkLineOrder(history: RecordedHistory): readonly Violation[] {
  return checkFacts('line-order', history, (before, fact, { version }) => {
    if (fact.type !== 'RegistrationConfirmed' && fact.type !== 'RegistrationWaitlisted') return undefined;
    if (fact.sequence !== version) return `${fact.registrationId} has sequence ${fact.sequence}`;
    if (fact.type === 'RegistrationConfirmed') return undefined;
    const place = lineOf(before, fact.roleId).size + 1;
    return fact.waitlistPosition === place
      ? undefined
      : `${fact.registrationId} was told place ${fact.waitlistPosition} and has ${place}`;
  });
}
