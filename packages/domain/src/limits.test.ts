import { aPool, aPoolId, aRole, aRoleId, someSettings } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { Pool } from './command.ts';
import { roleCountsOf } from './counts.ts';
import { poolsOf, reachedOf, rolesSharing, roomIn, rolesUnder, shortageOf } from './limits.ts';
import type { ExistingEvent, RoleState } from './state.ts';

type Filled = readonly [capacity: number | null, confirmed: number, offered?: number];

/** The roles a, b and c, filled as told. */
function eventOf(
  filled: Readonly<Record<string, Filled>>,
  pools: readonly Pool[] = [],
  capacity?: number,
): ExistingEvent {
  const roles = Object.entries(filled).map(([name, [seats, confirmed, offered = 0]]): RoleState => {
    return { role: aRole(name, { capacity: seats }), confirmed, offered, waitlist: 7 };
  });
  return {
    status: 'open',
    settings: someSettings(capacity === undefined ? {} : { capacity }),
    pools,
    roles: new Map(roles.map((roleState) => [roleState.role.roleId, roleState])),
  };
}
const available = (event: ExistingEvent) => [...roleCountsOf(event).values()].map((counts) => counts.available);
const [a, b, c] = [aRoleId('a'), aRoleId('b'), aRoleId('c')];

describe('what is available', () => {
  it('is what a role has left; offers are taken', () => {
    expect(available(eventOf({ a: [5, 1, 2], b: [5, 5], c: [0, 0] }))).toEqual([2, 0, 0]);
  });

  it('is as much as is wanted where nothing limits', () => {
    expect(available(eventOf({ a: [null, 100], b: [3, 1] }))).toEqual([null, 2]);
  });

  it('is the least that a limit leaves', () => {
    const filled = { a: [9, 1], b: [null, 2], c: [1, 0] } as const;
    expect(available(eventOf(filled, [aPool('p', 5, 'a', 'b')]))).toEqual([2, 2, 1]);
    expect(available(eventOf(filled, [aPool('p', 5, 'a', 'b'), aPool('q', 3, 'b')]))).toEqual([2, 1, 1]);
    expect(available(eventOf(filled, [], 4))).toEqual([1, 1, 1]);
    expect(available(eventOf(filled, [aPool('p', 3, 'a')], 11))).toEqual([2, 8, 1]);
  });

  it('is nothing, and not less, while a limit is over-full', () => {
    expect(available(eventOf({ a: [1, 3], b: [null, 0] }, [], 2))).toEqual([0, 0]);
  });

  it('can be asked of one role', () => {
    const event = eventOf({ a: [9, 1], b: [null, 2] }, [aPool('p', 5, 'a', 'b')], 4);
    const [first, second] = event.roles.values();
    expect([first && roomIn(event, first), second && roomIn({ ...event, settings: someSettings() }, second)]).toEqual([
      1, 2,
    ]);
  });

  it('comes with the other counts', () => {
    expect(roleCountsOf(eventOf({ a: [5, 1, 2] }))).toEqual(
      new Map([[a, { capacity: 5, confirmed: 1, waitlist: 7, offered: 2, available: 2 }]]),
    );
  });
});

describe('a limit', () => {
  const event = eventOf({ a: [5, 1, 2], b: [null, 4], c: [3, 0] }, [aPool('p', 9, 'a', 'b'), aPool('q', 1)], 20);

  it('tells what it allows and what is taken of it', () => {
    expect(reachedOf(event, { limit: 'role', roleId: a })).toEqual({ capacity: 5, taken: 3 });
    expect(reachedOf(event, { limit: 'pool', poolId: aPoolId('p') })).toEqual({ capacity: 9, taken: 7 });
    expect(reachedOf(event, { limit: 'pool', poolId: aPoolId('q') })).toEqual({ capacity: 1, taken: 0 });
    expect(reachedOf(event, { limit: 'event' })).toEqual({ capacity: 20, taken: 7 });
  });

  it('is none where it is not there, or allows any number', () => {
    expect(reachedOf(event, { limit: 'role', roleId: b })).toBeUndefined();
    expect(reachedOf(event, { limit: 'role', roleId: aRoleId('z') })).toBeUndefined();
    expect(reachedOf(event, { limit: 'pool', poolId: aPoolId('z') })).toBeUndefined();
    expect(reachedOf(eventOf({ a: [5, 1] }), { limit: 'event' })).toBeUndefined();
  });

  it('counts the seats of its roles', () => {
    expect(rolesUnder(event, { limit: 'role', roleId: b })).toEqual([b]);
    expect(rolesUnder(event, { limit: 'pool', poolId: aPoolId('p') })).toEqual([a, b]);
    expect(rolesUnder(event, { limit: 'pool', poolId: aPoolId('z') })).toEqual([]);
    expect(rolesUnder(event, { limit: 'event' })).toEqual([a, b, c]);
  });

  it('passes over roles of a pool that the event does not have', () => {
    const odd = eventOf({ a: [null, 2] }, [aPool('p', 3, 'a', 'gone')]);
    expect(reachedOf(odd, { limit: 'pool', poolId: aPoolId('p') })).toEqual({ capacity: 3, taken: 2 });
  });
});

describe('the pools of a role', () => {
  const pools = [aPool('p', 1, 'a', 'b'), aPool('q', 1), aPool('r', 1, 'b')];

  it('are those that hold it, in their order', () => {
    expect(poolsOf(pools, b)).toEqual([pools[0], pools[2]]);
    expect(poolsOf(pools, a)).toEqual([pools[0]]);
    expect(poolsOf(pools, c)).toEqual([]);
    expect(poolsOf([], a)).toEqual([]);
  });

  it('are those of the list that is given, also after others were asked for', () => {
    const changed = [aPool('p', 1, 'c')];
    expect(poolsOf(changed, a)).toEqual([]);
    expect(poolsOf(changed, c)).toEqual(changed);
    expect(poolsOf(pools, a)).toEqual([pools[0]]);
  });
});

describe('a freed seat', () => {
  const roles = { a: [1, 0], b: [1, 0], c: [1, 0] } as const;
  const sharing = (event: ExistingEvent, roleId = a) => [...rolesSharing(event, roleId)].toSorted();

  it('is of use to its own role, and to those that share a limit with it', () => {
    expect(sharing(eventOf(roles))).toEqual([a]);
    expect(sharing(eventOf(roles, [aPool('p', 1, 'a', 'c'), aPool('q', 1, 'b', 'c')]))).toEqual([a, c]);
    expect(sharing(eventOf(roles, [aPool('p', 1, 'a', 'c'), aPool('q', 1, 'b', 'c')]), c)).toEqual([a, b, c]);
    expect(sharing(eventOf(roles, [], 9))).toEqual([a, b, c]);
  });
});

describe('the shortage of one who gives up a seat', () => {
  const shortage = (event: ExistingEvent, vacated?: typeof a) => {
    const roleState = event.roles.get(a);
    return roleState && shortageOf(event, roleState, vacated)?.reason;
  };
  const filled = { a: [9, 1], b: [9, 1], c: [9, 0] } as const;

  it('does not count that seat where the limit holds both', () => {
    const pool = eventOf(filled, [aPool('p', 2, 'a', 'b')]);
    expect([shortage(pool), shortage(pool, b), shortage(pool, c)]).toEqual(['pool-full', undefined, 'pool-full']);
    const all = eventOf(filled, [], 2);
    expect([shortage(all), shortage(all, b)]).toEqual(['event-full', undefined]);
    const over = eventOf(filled, [aPool('p', 1, 'a', 'b')], 1);
    expect([shortage(over), shortage(over, b)]).toEqual(['pool-full', 'pool-full']);
    expect(shortage(eventOf(filled, [], 1), b)).toBe('event-full');
  });

  it('counts one seat less and not more', () => {
    const roleState = eventOf(filled).roles.get(a);
    expect(roleState && shortageOf(eventOf(filled, [aPool('p', 1, 'a', 'b')]), roleState, b)).toMatchObject({
      capacity: 1,
      taken: 2,
    });
  });
});
