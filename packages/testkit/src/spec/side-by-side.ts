import { isDeepStrictEqual } from 'node:util';
import type { Command } from '@rollcall/domain';
import { theEventId } from './commands.ts';
import { createNaiveModel, type NaiveModel } from './naive-model.ts';
import type { NaiveChange } from './naive-rows.ts';
import { answersOf, changesOf, definitionOf, firstDifference, inOrder, outcomeOf } from './naive-words.ts';
import { createRules, decidedAfterMs, type Rules } from './rules.ts';
import { storyMaxima } from './stories.ts';

/** Where the model and the rules part. */
export interface Difference {
  /** Of the command, in its story. */
  readonly index: number;
  readonly command: Command;
  readonly about: 'outcome' | 'answer' | 'changes' | 'registrations' | 'event';
  readonly model: unknown;
  readonly rules: unknown;
}

export interface SideBySide {
  readonly rules: Rules;
  readonly model: NaiveModel;
  /**
   * Decides the commands on both sides, which is one batch to the rules; undefined if they agree on each of them, and on
   * everything afterwards.
   */
  decide(...commands: readonly Command[]): Difference | undefined;
}

/** The rules and the naive model, given the same commands. `changesMax`: see createRules. */
export function createSideBySide(changesMax?: number): SideBySide {
  const rules = createRules(theEventId, decidedAfterMs, changesMax);
  const model = createNaiveModel(storyMaxima);
  let index = -1;

  function decide(...commands: readonly Command[]): Difference | undefined {
    const from = rules.decided.length;
    rules.decideBatch(commands);
    const decided = rules.decided.slice(from);
    let last: Command | undefined;
    const differs = (about: Difference['about'], ofModel: unknown, ofRules: unknown) =>
      last === undefined || isDeepStrictEqual(ofModel, ofRules)
        ? undefined
        : { index, command: last, about, model: ofModel, rules: ofRules };

    const changed: NaiveChange[] = [];
    for (const { command, version, decision } of decided) {
      if (command === undefined) continue;
      index += 1;
      last = command;
      const verdict = model.apply(command, { version, decidedAt: command.acceptedAt + decidedAfterMs });
      if ('accepted' in verdict) changed.push(...verdict.changes);
      const answers = answersOf(verdict, decision, command);
      const difference =
        differs('outcome', 'refused' in verdict ? verdict.facts : 'accepted', outcomeOf(decision)) ??
        differs('answer', answers.model, answers.rules);
      if (difference !== undefined) return difference;
    }
    return (
      differs('changes', inOrder(changed), inOrder(decided.flatMap(changesOf))) ??
      differs('registrations', ...firstDifference(model.rows, rules)) ??
      differs('event', model.event, definitionOf(rules))
    );
  }
  return { rules, model, decide };
}

/** Tells the whole story on both sides, up to the first difference. */
export function firstDifferenceIn(story: readonly Command[], changesMax?: number): Difference | undefined {
  const sides = createSideBySide(changesMax);
  for (const command of story) {
    const difference = sides.decide(command);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
