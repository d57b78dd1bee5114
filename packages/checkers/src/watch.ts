import type { DomainEvent, JournalEntry } from '@rollcall/domain';
import { foldFact } from './fold.ts';
import { emptyFold, type Folded } from './folded.ts';
import { factsOf, type Violation } from './history.ts';

/** A check that looks on while the journal is folded, and complains. */
export interface Watch {
  readonly check: string;
  /** Asked before a fact is folded in. */
  readonly fact?: (before: Folded, fact: DomainEvent, entry: JournalEntry) => string | undefined;
  /** Asked when all facts of a decision are folded in; of a refusal, too, which has none. */
  readonly decision?: (after: Folded, entry: JournalEntry) => string | undefined;
}

/** Called for each history, so that a watch may remember what it has seen. */
export type StartWatch = () => Watch;

/** Folds the journal once, for all watches together. */
export function watchAll(
  entries: readonly JournalEntry[],
  starts: readonly StartWatch[],
): { readonly folded: Folded; readonly violations: readonly Violation[] } {
  const folded = emptyFold();
  const violations: Violation[] = [];
  const watches = starts.map((start) => start());
  const complain = (check: string, version: number, message: string | undefined): void => {
    if (message !== undefined) violations.push({ check, version, message });
  };
  for (const entry of entries) {
    for (const fact of factsOf(entry)) {
      for (const { check, fact: look } of watches) complain(check, entry.version, look?.(folded, fact, entry));
      foldFact(folded, fact);
    }
    for (const { check, decision: look } of watches) complain(check, entry.version, look?.(folded, entry));
  }
  return { folded, violations };
}
