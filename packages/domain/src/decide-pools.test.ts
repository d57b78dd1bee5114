/* oxlint-disable vitest/expect-expect, promise/valid-params -- then(), thenRefused() and thenQuiet() assert */
import {
  aPool,
  aPoolId,
  aRole,
  aRoleId,
  changeEvent,
  givenEvent,
  promoted,
  signUp,
  waitlisted,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { EventSettings } from './command.ts';
import { poolsMax } from './limits.ts';

const [volunteers, cooks] = [aRoleId('volunteers'), aRoleId('cooks')];
const twoRoles = [aRole(), aRole('cooks')];
const [ann, bob, cem] = [signUp('ann'), signUp('bob'), signUp('cem')];
const changed = (before: Partial<EventSettings>, after: Partial<EventSettings>) =>
  ({ type: 'EventSettingsChanged', before, after }) as const;

describe('a change of pools', () => {
  const pools = [aPool('kitchen', 3, 'volunteers', 'cooks'), aPool('hall', 2, 'cooks')];
  const event = () => givenEvent({ roles: twoRoles, pools });
  const poolsChanged = (...after: typeof pools) => ({ type: 'PoolsChanged', before: pools, after }) as const;
  const [kitchen, hall] = pools as [(typeof pools)[0], (typeof pools)[0]];

  it('adds one that has capacity and roles', () => {
    event()
      .when(changeEvent({ pools: { yard: { capacity: 5, roleIds: [volunteers] } } }))
      .then(poolsChanged(kitchen, hall, aPool('yard', 5, 'volunteers')));
  });

  it('changes what is named of one, and nothing else', () => {
    event()
      .when(changeEvent({ pools: { kitchen: { capacity: 4 } } }))
      .then(poolsChanged({ ...kitchen, capacity: 4 }, hall));
    event()
      .when(changeEvent({ pools: { hall: { roleIds: [volunteers] } } }))
      .then(poolsChanged(kitchen, { ...hall, roleIds: [volunteers] }));
  });

  it('takes a role that is named twice once', () => {
    event()
      .when(changeEvent({ pools: { hall: { roleIds: [cooks, volunteers, cooks] } } }))
      .then(poolsChanged(kitchen, { ...hall, roleIds: [cooks, volunteers] }));
  });

  it('removes one with null', () => {
    const when = event().when(changeEvent({ pools: { kitchen: null } }));
    when.then(poolsChanged(hall));
    expect(when.rules.current?.pools).toEqual([hall]);
  });

  it('stays quiet when they are so already, or what is removed is not there', () => {
    event()
      .when(changeEvent({ pools: { hall: { capacity: 2, roleIds: [cooks] }, yard: null } }))
      .thenQuiet();
  });

  it('is refused of a new one that lacks its capacity or its roles', () => {
    const invalid = { reason: 'settings-invalid', rule: 'pool-has-capacity-and-roles' } as const;
    event()
      .when(changeEvent({ pools: { yard: { capacity: 1 } } }))
      .thenRefused(invalid);
    event()
      .when(changeEvent({ pools: { kitchen: { capacity: 1 }, yard: { roleIds: [cooks] } } }))
      .thenRefused(invalid);
  });

  it('is refused when it names a role that is not there', () => {
    event()
      .when(changeEvent({ pools: { hall: { roleIds: [cooks, aRoleId('pilots')] } } }))
      .thenRefused({ reason: 'settings-invalid', rule: 'pool-roles-exist' });
  });

  it('is refused beyond as many as an event may have', () => {
    const some = (count: number) => Array.from({ length: count }, (_, n) => aPool(`pool-${n}`, 1, 'cooks'));
    expect(poolsMax).toBe(50);
    const yard = { yard: { capacity: 1, roleIds: [cooks] } };
    givenEvent({ roles: twoRoles, pools: some(49) })
      .when(changeEvent({ pools: yard }))
      .then({ type: 'PoolsChanged', before: some(49), after: [...some(49), aPool('yard', 1, 'cooks')] });
    givenEvent({ roles: twoRoles, pools: some(50) })
      .when(changeEvent({ pools: yard }))
      .thenRefused({ reason: 'too-many-pools', poolsMax: 50 });
    const { decision } = givenEvent({ roles: twoRoles, pools: some(50) }).when(
      changeEvent({ pools: { ...yard, [aPoolId('pool-0')]: null } }),
    );
    expect(decision.outcome).toBe('accepted');
    givenEvent({ roles: twoRoles, pools: some(50) })
      .when(changeEvent({ pools: { yard: { capacity: 1, roleIds: [aRoleId('pilots')] } } }))
      .thenRefused({ reason: 'settings-invalid', rule: 'pool-roles-exist' });
  });

  it('holds for the next decision', () => {
    givenEvent({ roles: twoRoles })
      .and(ann, changeEvent({ pools: { all: { capacity: 1, roleIds: [volunteers, cooks] } } }))
      .when(bob)
      .then(
        waitlisted(bob, 5, 1, {
          reason: 'pool-full',
          roleId: volunteers,
          poolId: aPoolId('all'),
          capacity: 1,
          taken: 1,
        }),
      );
  });
});

describe('a limit that is raised or taken away', () => {
  it('gives seats to those who wait, the earliest of all roles first', () => {
    const roles = [aRole('volunteers', { capacity: null }), aRole('cooks', { capacity: null })];
    const cookB = signUp('bob', { role: 'cooks' });
    const event = (parts: Parameters<typeof givenEvent>[0]) => givenEvent({ roles, ...parts }).and(ann, cookB, cem);
    const limited = event({ settings: { capacity: 1 } });
    limited
      .when(changeEvent({ settings: { capacity: 2 } }))
      .then(changed({ capacity: 1 }, { capacity: 2 }), promoted(cookB, 4));
    limited
      .when(changeEvent({ settings: { capacity: null } }))
      .then(changed({ capacity: 1 }, {}), promoted(cookB, 4), promoted(cem, 5));
    const pools = [aPool('all', 1, 'volunteers', 'cooks')];
    event({ pools })
      .when(changeEvent({ pools: { all: { capacity: 2 } } }))
      .then(
        { type: 'PoolsChanged', before: pools, after: [aPool('all', 2, 'volunteers', 'cooks')] },
        promoted(cookB, 4),
      );
    event({ pools })
      .when(changeEvent({ pools: { all: { roleIds: [volunteers] } } }))
      .then({ type: 'PoolsChanged', before: pools, after: [aPool('all', 1, 'volunteers')] }, promoted(cookB, 4));
    event({ pools })
      .when(changeEvent({ pools: { all: null } }))
      .then({ type: 'PoolsChanged', before: pools, after: [] }, promoted(cookB, 4), promoted(cem, 5));
  });
});
