import type { RoleId, UserId } from '@rollcall/domain';
import type { LegacyId } from '../legacy.ts';
import { findingKinds, type FindingKind, type Rules } from '../rules.ts';

/** What a finding is about, in ids, names of fields and numbers: no texts of users. */
export interface FindingFacts {
  readonly legacyId?: LegacyId;
  readonly userId?: UserId | LegacyId;
  readonly roleId?: RoleId | string;
  readonly field?: string;
  /** A number, a word for a status, or the type of what stands there. */
  readonly value?: string | number;
  readonly expected?: string | number;
}

/** All that is of one kind and was settled by one rule, counted. */
export interface Finding {
  readonly kind: FindingKind;
  readonly rule: string;
  readonly count: number;
  /** The first of them. */
  readonly examples: readonly FindingFacts[];
}

/** An event with 80,000 of a kind is reported with as many examples as another. */
const examplesMax = 5;
/** Words for a status are short; what is longer is no such word. */
const valueLengthMax = 40;

interface Counted {
  count: number;
  rule: string;
  readonly examples: FindingFacts[];
}

/** What was found while an event is settled. */
export class Findings {
  readonly #rules: Rules;
  readonly #counted = new Map<FindingKind, Counted>();

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  /** Notes it, and answers the rule by which it is to be settled. */
  found<K extends FindingKind>(kind: K, facts: FindingFacts, count = 1): Rules[K] {
    this.#note(kind, this.#rules[kind], facts, count);
    return this.#rules[kind];
  }

  /** Notes what no other rule can settle. */
  stopped(kind: FindingKind, facts: FindingFacts): void {
    this.#note(kind, 'stop', facts, 1);
  }

  #note(kind: FindingKind, rule: string, facts: FindingFacts, count: number): void {
    const counted = this.#counted.get(kind);
    if (counted === undefined) {
      this.#counted.set(kind, { count, rule, examples: [facts] });
      return;
    }
    counted.count += count;
    if (rule === 'stop') counted.rule = rule;
    if (counted.examples.length < examplesMax) counted.examples.push(facts);
  }

  /** In the order in which the kinds are documented. */
  list(): Finding[] {
    return findingKinds.flatMap((kind) => {
      const counted = this.#counted.get(kind);
      return counted === undefined ? [] : [{ kind, ...counted }];
    });
  }
}

/** A word for a status as it may stand in a report. */
export const shortWord = (word: string): string => word.slice(0, valueLengthMax);
