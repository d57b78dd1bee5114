import {
  createDice,
  createLedger,
  createRules,
  holdsSeat,
  lineOf,
  naiveLimits,
  nextInLine,
  tellStory,
  theEventId,
  type NaiveEvent,
  type NaiveRow,
  type Rules,
} from '@rollcall/testkit';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from './command.ts';
import type { Decision } from './decision.ts';
import type { DomainEvent } from './domain-event.ts';
import { evolve } from './evolve.ts';
import { emptyWorkingSet, initialState, type ExistingEvent, type Registration } from './state.ts';

/** Random stories; what fast-check prints and shrinks is the seed that tells one. */
const always = (holds: (story: readonly Command[], seed: number) => void) =>
  fc.assert(
    fc.property(fc.nat(), (seed) => holds(tellStory(seed), seed)),
    { numRuns: 300 },
  );

const definitionOf = ({ status, settings, roles, pools }: ExistingEvent): NaiveEvent => ({
  status,
  settings,
  pools,
  roles: [...roles.values()].map(({ role }) => role),
});

const asRow = (registration: Registration): NaiveRow => ({
  ...registration,
  attendedAt: undefined,
  replaces: 'replaces' in registration ? registration.replaces : undefined,
  offerExpiresAt: 'offer' in registration ? registration.offer?.expiresAt : undefined,
});

const factsOf = (decision: Decision): readonly DomainEvent[] =>
  decision.outcome === 'accepted' ? decision.domainEvents : [];

/** Decides one by one; after each command, with what was decided about it and about the obligations that it left. */
function step(rules: Rules, command: Command): readonly DomainEvent[] {
  const from = rules.decided.length;
  rules.decideBatch([command]);
  return rules.decided.slice(from).flatMap(({ decision }) => factsOf(decision));
}

const countsOf = (current: ExistingEvent | undefined) =>
  [...(current?.roles.values() ?? [])].map(({ role, confirmed, waitlist, offered }) => ({
    roleId: role.roleId,
    confirmed,
    waitlist,
    offered,
  }));

function recount({ current, registrations }: Rules): ReturnType<typeof countsOf> {
  const rows = [...registrations.values()].map(asRow);
  return [...(current?.roles.values() ?? [])].map(({ role: { roleId } }) => {
    const inRole = rows.filter((row) => row.roleId === roleId);
    const confirmed = inRole.filter(({ status }) => status === 'confirmed').length;
    const waiting = inRole.filter(({ status }) => status === 'waitlist');
    const offered = waiting.filter(holdsSeat).length;
    return { roleId, confirmed, waitlist: waiting.length - offered, offered };
  });
}

function splitByChance(commands: readonly Command[], seed: number): readonly (readonly Command[])[] {
  const dice = createDice(seed);
  const batches: (readonly Command[])[] = [];
  for (let from = 0; from < commands.length; from += batches.at(-1)?.length ?? 1) {
    batches.push(commands.slice(from, from + 1 + dice.below(12)));
  }
  return batches;
}

describe('whatever people do', () => {
  it('no decision raises what is taken above a limit, except an override that says so', () => {
    always((story) => {
      const [rules, ledger] = [createRules(theEventId), createLedger()];
      for (const command of story) {
        const taken = new Map<string, number>();
        const facts = step(rules, command);
        if (rules.current === undefined) continue;
        const limits = naiveLimits(definitionOf(rules.current));
        for (const limit of limits) taken.set(JSON.stringify(limit), ledger.taken(limit.roleIds));
        for (const fact of facts) ledger.record(fact);
        if (facts.some((fact) => fact.type === 'RegistrationConfirmed' && fact.override)) continue;
        for (const limit of limits) {
          const now = ledger.taken(limit.roleIds);
          const rose = now > (taken.get(JSON.stringify(limit)) ?? 0);
          expect(rose && now > limit.capacity, `${command.commandId} over-fills ${JSON.stringify(limit)}`).toBe(false);
        }
      }
    });
  });

  it('nobody waits beside a seat that they could have', () => {
    always((story) => {
      const rules = createRules(theEventId);
      for (const command of story) {
        rules.decideBatch([command]);
        const { current } = rules;
        if (current === undefined || current.status === 'cancelled') continue;
        if (command.acceptedAt >= current.settings.endsAt) continue;
        const event = definitionOf(current);
        const world = { event, rows: [...rules.registrations.values()].map(asRow) };
        expect(nextInLine(world, event), `after ${command.commandId}`).toBeUndefined();
      }
    });
  });

  it('a line only loses members, grows at its end, or gets demoted ones back; its first gets the seat', () => {
    always((story) => {
      const [rules, ledger] = [createRules(theEventId), createLedger()];
      for (const command of story) {
        for (const fact of step(rules, command)) expect(ledger.record(fact)).toBeUndefined();
        for (const roleId of rules.current?.roles.keys() ?? []) {
          const line = lineOf(rules.registrations, roleId).map(({ registrationId }) => registrationId);
          expect(ledger.line(roleId)).toEqual(line);
        }
      }
    });
  });

  it('any split into batches gives the same decisions', () => {
    always((story, seed) => {
      const [oneByOne, batched, atOnce] = [createRules(theEventId), createRules(theEventId), createRules(theEventId)];
      const expected = story.flatMap((command) => oneByOne.decideBatch([command]));
      expect(splitByChance(story, seed).flatMap((batch) => batched.decideBatch(batch))).toEqual(expected);
      expect(atOnce.decideBatch(story)).toEqual(expected);
      expect(new Map(atOnce.registrations)).toEqual(new Map(oneByOne.registrations));
      expect(new Map(batched.registrations)).toEqual(new Map(oneByOne.registrations));
      expect(atOnce.current).toEqual(oneByOne.current);
    });
  });

  it('the domain events alone give the counts and the definition, with nothing loaded', () => {
    always((story) => {
      const rules = createRules(theEventId);
      rules.decideBatch(story);
      const state = initialState(theEventId);
      for (const { decision } of rules.decided) {
        // Each step starts with nothing loaded, as when a worker catches up over many batches.
        for (const fact of factsOf(decision)) evolve(state, fact);
        Object.assign(state, { working: emptyWorkingSet() });
      }
      expect(countsOf(state.current)).toEqual(recount(rules));
      expect(state.current).toEqual(rules.current);
    });
  });

  it('every command ends in exactly one decision, in its turn', () => {
    always((story) => {
      const rules = createRules(theEventId);
      const decisions = rules.decideBatch(story);
      const decided = rules.decided.filter(({ command }) => command !== undefined);
      expect(decided.map(({ command }) => command?.commandId)).toEqual(story.map(({ commandId }) => commandId));
      // Not what they say: who was erased since is named otherwise.
      expect(decided.map(({ decision }) => decision.outcome)).toEqual(decisions.map(({ outcome }) => outcome));
      expect(rules.decided.map(({ version }) => version)).toEqual(rules.decided.map((_, index) => index + 1));
    });
  });
});
