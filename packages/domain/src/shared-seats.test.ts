import { aPool, aRole, aRoleId, someSettings } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { createSeatTally } from './shared-seats.ts';
import type { ExistingEvent, RoleState } from './state.ts';

const [a, b] = [aRoleId('a'), aRoleId('b')];
const [both, one] = [aPool('both', 9, 'a', 'b'), aPool('one', 9, 'a')];

function eventWith(confirmed: number, offered: number) {
  const roles = new Map<typeof a, RoleState>();
  for (const name of ['a', 'b']) {
    const role = aRole(name);
    roles.set(role.roleId, { role, confirmed, offered, waitlist: 3 });
  }
  const current: ExistingEvent = { status: 'open', settings: someSettings(), pools: [both, one], roles };
  return { current, roles };
}

describe('a tally of shared seats', () => {
  it('counts confirmed registrations and open offers', () => {
    const seats = createSeatTally(eventWith(2, 1).current);
    expect([seats.inPool(both), seats.inPool(one), seats.inEvent()]).toEqual([6, 3, 6]);
  });

  it('is kept up to date by those who take and free seats, without counting again', () => {
    const { current, roles } = eventWith(2, 1);
    const tally = createSeatTally(current);
    const counts = () => [tally.inPool(both), tally.inPool(one), tally.inEvent()];
    expect(counts()).toEqual([6, 3, 6]);
    tally.shift(a, 1);
    expect(counts()).toEqual([7, 4, 7]);
    tally.shift(b, -1);
    expect(counts()).toEqual([6, 4, 6]);
    tally.shift(b, -1);
    expect(counts()).toEqual([5, 4, 5]);
    roles.clear();
    expect(counts()).toEqual([5, 4, 5]);
  });

  it('counts what was not asked for yet as it is when it is asked for', () => {
    const { current, roles } = eventWith(2, 1);
    const tally = createSeatTally(current);
    expect(tally.inPool(one)).toBe(3);
    const roleState = roles.get(a);
    if (roleState !== undefined) roleState.confirmed += 1;
    tally.shift(a, 1);
    expect([tally.inPool(both), tally.inPool(one), tally.inEvent()]).toEqual([7, 4, 7]);
  });
});
