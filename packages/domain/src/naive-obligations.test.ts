import {
  accept,
  aPool,
  aRole,
  assign,
  cancel,
  cancelEvent,
  changeEvent,
  changeRole,
  createEvent,
  createSideBySide,
  decline,
  move,
  openEvent,
  signUp,
  type EventParts,
  type SideBySide,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { Command, SignUp } from './command.ts';

/** How many registrations one decision may change (docs/rules.md). */
const changesMax = 500;

const crowd = (size: number, role = 'volunteers', from = 0): SignUp[] =>
  Array.from({ length: size }, (_, index) => assign(`user-${from + index}`, { role }));

interface Told {
  readonly sides: SideBySide;
  /** Both sides agree on the commands, as one batch, and no decision is too big. */
  readonly expectAgreement: (...commands: readonly Command[]) => void;
}

function given(parts: EventParts, ...before: readonly Command[]): Told {
  const sides = createSideBySide();
  const expectAgreement = (...commands: readonly Command[]) => {
    const from = sides.rules.decided.length;
    expect(sides.decide(...commands)).toBeUndefined();
    for (const { decision } of sides.rules.decided.slice(from)) {
      if (decision.outcome === 'rejected') continue;
      const changed = decision.domainEvents.flatMap((fact) => ('registrationId' in fact ? [fact.registrationId] : []));
      expect(new Set(changed).size).toBeLessThanOrEqual(changesMax);
    }
    expect(sides.rules.current?.obligation).toBeUndefined();
  };
  expectAgreement(createEvent(parts), openEvent(), ...before);
  return { sides, expectAgreement };
}

/** The decisions of the obligation that the last commands left. */
const stepsOf = ({ rules }: SideBySide) => rules.decided.filter(({ command }) => command === undefined).length;

describe('more registrations than one decision may change', () => {
  it('are promoted step by step, and nobody passes them', () => {
    const waiting = crowd(1200);
    const { sides, expectAgreement } = given({ roles: [aRole('volunteers', { capacity: 0 })] }, ...waiting);
    expectAgreement(
      changeRole('volunteers', { capacity: 1100 }),
      signUp('late'),
      ...waiting.slice(0, 2).map((one) => cancel(one)),
    );
    expect(stepsOf(sides)).toBeGreaterThanOrEqual(2);
    expectAgreement(changeRole('volunteers', { capacity: null }), signUp('later'));
  });

  it('are offered their seats, which some take and some do not', () => {
    const waiting = crowd(1200);
    const role = aRole('volunteers', { capacity: 0, waitlist: 'offer' });
    const { sides, expectAgreement } = given({ roles: [role] }, ...waiting);
    expectAgreement(changeRole('volunteers', { capacity: 700 }), ...waiting.slice(0, 2).map((one) => accept(one)));
    expect(stepsOf(sides)).toBeGreaterThanOrEqual(1);
    expectAgreement(
      ...waiting.slice(2, 4).map((one) => decline(one)),
      changeRole('volunteers', { waitlist: 'off', capacity: 1300 }),
    );
  });

  it('are demoted, and get their seats back in their order', () => {
    const seated = crowd(1200);
    const { sides, expectAgreement } = given({ roles: [aRole('volunteers', { capacity: null })] }, ...seated);
    expectAgreement(changeRole('volunteers', { capacity: 0 }, { ifOver: 'demote', dryRun: true }));
    expectAgreement(changeRole('volunteers', { capacity: 0 }, { ifOver: 'demote' }), signUp('late'));
    expect(stepsOf(sides)).toBeGreaterThanOrEqual(2);
    expectAgreement(changeRole('volunteers', { capacity: 600 }), changeRole('volunteers', { capacity: 1201 }));
  });

  it('are demoted from a pool and from the event, while others gain from it', () => {
    const roles = [
      aRole('volunteers', { capacity: null }),
      aRole('cooks', { capacity: null }),
      aRole('guides', { capacity: 0 }),
    ];
    const people = [...crowd(600), ...crowd(600, 'cooks', 600), ...crowd(600, 'guides', 1200)];
    const { sides, expectAgreement } = given({ roles, settings: { capacity: 1200 } }, ...people);
    const { poolId, ...pool } = aPool('north', 10, 'volunteers', 'cooks');
    expectAgreement(changeRole('guides', { capacity: 700 }));
    expectAgreement(
      changeEvent({ pools: { [poolId]: pool }, settings: { capacity: 600 } }, { ifOver: 'demote' }),
      signUp('late'),
    );
    expect(stepsOf(sides)).toBeGreaterThanOrEqual(2);
    expectAgreement(changeEvent({ pools: { [poolId]: null }, settings: { capacity: null } }));
  });

  it('are cancelled with their event, seated or not', () => {
    const roles = [aRole('volunteers', { capacity: 300 }), aRole('cooks', { capacity: 200, waitlist: 'offer' })];
    const people = [...crowd(700), ...crowd(500, 'cooks', 700)];
    const { sides, expectAgreement } = given({ roles }, ...people);
    expectAgreement(cancelEvent({}), signUp('late'));
    expect(stepsOf(sides)).toBeGreaterThanOrEqual(2);
    expect([...sides.rules.registrations.values()].every(({ status }) => status === 'cancelled')).toBe(true);
  });

  it('are moved where they wait for it, and their old seats go on to those behind', () => {
    const roles = [aRole('volunteers', { capacity: 600 }), aRole('cooks', { capacity: 0 })];
    const movers = crowd(600);
    const moves = movers.map((one) => move(one, 'cooks', { by: 'staff', ifFull: 'waitlist' }));
    const { sides, expectAgreement } = given({ roles }, ...movers, ...moves, ...crowd(300, 'volunteers', 600));
    expectAgreement(changeRole('cooks', { capacity: 400 }, { dryRun: true }));
    expectAgreement(changeRole('cooks', { capacity: 400 }), signUp('late'), cancel(movers[599] ?? signUp('nobody')));
    expect(stepsOf(sides)).toBeGreaterThanOrEqual(2);
    expectAgreement(changeRole('cooks', { capacity: 650 }));
  });

  it('wait when their event is cancelled in between', () => {
    const { expectAgreement } = given({ roles: [aRole('volunteers', { capacity: 0 })] }, ...crowd(1200));
    expectAgreement(
      changeRole('volunteers', { capacity: 1200 }),
      cancelEvent(),
      changeRole('volunteers', { capacity: 1 }),
    );
  });
});
