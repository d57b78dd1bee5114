import { aPool, aRole, changeEvent, createEvent, createRules, openEvent, signUp, theEventId } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { Command } from './command.ts';

const people = (count: number, role: string) =>
  Array.from({ length: count }, (_, n) => signUp(`${role}-${n}`, { role }));

/** Few changes per decision, so that a handful of people is too many for one. */
const rulesWith = (created: Command, ...commands: readonly Command[]) => {
  const rules = createRules(theEventId, 50, 3);
  rules.decideBatch([created, openEvent(), ...commands]);
  return rules;
};

const roles = [aRole('guests', { capacity: null }), aRole('cooks', { capacity: null })];

describe('an obligation to demote', () => {
  it('gives the seats that the same command freed elsewhere to those who wait', () => {
    const pools = [aPool('hall', 7, 'guests'), aPool('yard', 0, 'cooks')];
    const rules = rulesWith(createEvent({ roles, pools }), ...people(7, 'guests'), ...people(5, 'cooks'));
    const change = { pools: { hall: { capacity: 1 }, yard: { capacity: 5 } } };
    rules.decideBatch([changeEvent(change, { ifOver: 'demote' })]);
    const counts = [...(rules.current?.roles.values() ?? [])].map(({ confirmed, waitlist }) => [confirmed, waitlist]);
    expect(counts).toEqual([
      [1, 6],
      [5, 0],
    ]);
    expect(rules.current?.obligation).toBeUndefined();
  });

  it('takes no seat that is kept in the end: who fits is seen before the first one goes', () => {
    const pools = [aPool('hall', 9, 'guests')];
    const cook = signUp('the-last-one', { role: 'cooks' });
    const rules = rulesWith(createEvent({ roles, pools, settings: { capacity: 10 } }), ...people(9, 'guests'), cook);
    const change = { settings: { capacity: 9 }, pools: { hall: { capacity: 3 } } };
    rules.decideBatch([changeEvent(change, { ifOver: 'demote' })]);
    const facts = rules.decided.flatMap(({ decision }) =>
      decision.outcome === 'accepted' ? decision.domainEvents : [],
    );
    const demoted = facts.flatMap((fact) => (fact.type === 'RegistrationDemoted' ? [fact.userId] : []));
    expect(demoted).toEqual(['guests-8', 'guests-7', 'guests-6', 'guests-5', 'guests-4', 'guests-3']);
  });
});
