import {
  aRole,
  cancel,
  closeEvent,
  createEvent,
  createNaiveModel,
  createRules,
  lineOf,
  openEvent,
  signUp,
  theEventId,
  verdictOf,
  type Rules,
} from '@rollcall/testkit';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command, Role, SignUp } from './command.ts';
import { evolve } from './evolve.ts';
import { emptyWorkingSet, initialState, type ExistingEvent } from './state.ts';

interface Story {
  readonly roles: readonly Role[];
  readonly registrationsPerUserMax: number;
  readonly commands: readonly Command[];
  /** Where a batch ends, as lengths. */
  readonly batchSizes: readonly number[];
}

const roleNames = ['volunteers', 'cooks', 'drivers'];
const users = ['ann', 'bob', 'cem', 'dan', 'eve', 'fay'];

const aMove = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ user: fc.constantFrom(...users), role: fc.constantFrom(...roleNames, 'pilots') }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      cancels: fc.nat(30),
      by: fc.constantFrom<'owner' | 'staff' | 'mallory'>('owner', 'owner', 'staff', 'mallory'),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom<'open' | 'close'>('open', 'open', 'close') },
);

/** Few users, roles and seats, so that lines form, move and are joined again. */
const aStory: fc.Arbitrary<Story> = fc
  .record({
    roles: fc.tuple(
      ...roleNames.map((name) =>
        fc
          .record({ capacity: fc.nat(3), waitlist: fc.constantFrom<Role['waitlist']>('auto', 'auto', 'off') })
          .map((parts) => aRole(name, parts)),
      ),
    ),
    registrationsPerUserMax: fc.integer({ min: 1, max: 3 }),
    moves: fc.array(aMove, { maxLength: 60, size: 'max' }),
    batchSizes: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 20 }),
  })
  .map(({ moves, ...parts }) => ({ ...parts, commands: commandsOf(moves) }));

function commandsOf(
  moves: readonly (typeof aMove extends fc.Arbitrary<infer Move> ? Move : never)[],
): readonly Command[] {
  const signUps: SignUp[] = [];
  const stranger = signUp('stranger');
  const commands = moves.map((move): Command => {
    if (move === 'open') return openEvent();
    if (move === 'close') return closeEvent();
    if ('user' in move) {
      const signedUp = signUp(move.user, { role: move.role });
      signUps.push(signedUp);
      return signedUp;
    }
    const signedUp = signUps[signUps.length - 1 - (move.cancels % Math.max(signUps.length, 1))] ?? stranger;
    return move.by === 'owner' ? cancel(signedUp) : cancel(signedUp, { by: move.by });
  });
  return [openEvent(), ...commands];
}

function created({ roles, registrationsPerUserMax }: Story): Rules {
  const rules = createRules(theEventId);
  rules.decideBatch([createEvent({ roles, settings: { registrationsPerUserMax } })]);
  return rules;
}

function splitInto(commands: readonly Command[], sizes: readonly number[]): readonly (readonly Command[])[] {
  const batches: (readonly Command[])[] = [];
  let rest = commands;
  for (const size of sizes) {
    batches.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return [...batches, rest].filter(({ length }) => length > 0);
}

const countsOf = (current: ExistingEvent | undefined) =>
  [...(current?.roles.values() ?? [])].map(({ role, confirmed, waitlist }) => [role.roleId, confirmed, waitlist]);

function recount({ current, registrations }: Rules) {
  const all = [...registrations.values()];
  return [...(current?.roles.values() ?? [])].map(({ role: { roleId } }) => {
    const inRole = (status: string) => all.filter((row) => row.roleId === roleId && row.status === status).length;
    return [roleId, inRole('confirmed'), inRole('waitlist')];
  });
}

const always = (holds: (story: Story) => void) => fc.assert(fc.property(aStory, holds), { numRuns: 400 });

describe('whatever people do', () => {
  it('no seat is given twice, and nobody waits beside a free one', () => {
    always((story) => {
      const rules = created(story);
      for (const command of story.commands) {
        rules.decideBatch([command]);
        for (const [roleId, seated, waiting] of recount(rules)) {
          const role = story.roles.find((candidate) => candidate.roleId === roleId);
          if (role === undefined || Number(seated) > role.capacity)
            throw new Error(`${roleId}: ${seated} seats are given`);
          if (Number(waiting) > 0 && Number(seated) < role.capacity)
            throw new Error(`${roleId}: ${waiting} wait beside a free seat`);
        }
        expect(countsOf(rules.current)).toEqual(recount(rules));
      }
    });
  });

  it('a line only loses its members and grows at its end, and its first gets the seat', () => {
    always((story) => {
      const rules = created(story);
      for (const command of story.commands) {
        const before = story.roles.map(({ roleId }) => lineOf(rules.registrations, roleId));
        const [decision] = rules.decideBatch([command]);
        const facts = decision?.outcome === 'accepted' ? decision.domainEvents : [];
        for (const [index, { roleId }] of story.roles.entries()) {
          const after = lineOf(rules.registrations, roleId).map(({ registrationId }) => registrationId);
          const stayed = (before[index] ?? [])
            .map(({ registrationId }) => registrationId)
            .filter((id) => after.includes(id));
          expect(after.slice(0, stayed.length)).toEqual(stayed);
          const promoted = facts.find((fact) => fact.type === 'RegistrationPromoted' && fact.roleId === roleId);
          expect([undefined, before[index]?.[0]?.registrationId]).toContain(
            promoted?.type === 'RegistrationPromoted' ? promoted.registrationId : undefined,
          );
        }
      }
    });
  });

  it('any split into batches gives the same decisions', () => {
    always((story) => {
      const [oneByOne, batched, atOnce] = [created(story), created(story), created(story)];
      const expected = story.commands.flatMap((command) => oneByOne.decideBatch([command]));
      expect(splitInto(story.commands, story.batchSizes).flatMap((batch) => batched.decideBatch(batch))).toEqual(
        expected,
      );
      expect(atOnce.decideBatch(story.commands)).toEqual(expected);
      expect(new Map(atOnce.registrations)).toEqual(new Map(oneByOne.registrations));
    });
  });

  it('the facts alone give the counts, with nothing loaded', () => {
    always((story) => {
      const rules = created(story);
      rules.decideBatch(story.commands);
      const state = { ...initialState(theEventId) };
      for (const { decision } of rules.decided) {
        // Each step starts with nothing loaded, as when a worker catches up over many batches.
        if (decision.outcome !== 'accepted') continue;
        for (const fact of decision.domainEvents) evolve(state, fact);
        Object.assign(state, { working: emptyWorkingSet() });
      }
      expect(countsOf(state.current)).toEqual(recount(rules));
      expect(state.current?.status).toBe(rules.current?.status);
    });
  });

  it('a naive model agrees', () => {
    always((story) => {
      const rules = created(story);
      const model = createNaiveModel(story.roles, story.registrationsPerUserMax);
      expect(rules.decideBatch(story.commands).map(verdictOf)).toEqual(story.commands.map(model));
    });
  });

  it('the stories are worth telling: every kind of decision is among them', () => {
    const seen = new Set<string>();
    for (const story of fc.sample(aStory, { numRuns: 200, seed: 1 })) {
      for (const decision of created(story).decideBatch(story.commands)) {
        if (decision.outcome === 'rejected') seen.add(decision.rejection.reason);
        else for (const { type } of decision.domainEvents) seen.add(type);
      }
    }
    const expected = [
      'RegistrationConfirmed',
      'RegistrationWaitlisted',
      'RegistrationPromoted',
      'RegistrationCancelled',
      'EventClosed',
      'already-registered',
      'already-cancelled',
      'event-not-open',
      'limit-reached',
      'registration-not-found',
      'role-full',
      'role-not-found',
    ];
    expect([...seen]).toEqual(expect.arrayContaining(expected));
  });
});
