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

export type Complain = (violation: Violation) => void;

export interface WatchedFold {
  readonly folded: Folded;
  /** Folds the next decision in, with all watches looking on. */
  entry(entry: JournalEntry): void;
}

/** Folds a journal once, decision by decision, for all watches together. */
export function startWatching(starts: readonly StartWatch[], complain: Complain): WatchedFold {
  const folded = emptyFold();
  const watches = starts.map((start) => start());
  const say = (check: string, version: number, message: string | undefined): void => {
    if (message !== undefined) complain({ check, version, message });
  };
  return {
    folded,
    entry(entry) {
      const { version, commandId } = entry;
      for (const fact of factsOf(entry)) {
        for (const { check, fact: look } of watches) say(check, version, look?.(folded, fact, entry));
        foldFact(folded, fact, version);
      }
      for (const { check, decision: look } of watches) say(check, version, look?.(folded, entry));
      folded.decided.add(commandId, version);
    },
  };
}
