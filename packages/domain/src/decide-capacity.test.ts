/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  aPool,
  aPoolId,
  aRole,
  aRoleId,
  assign,
  cancel,
  cancelled,
  changeEvent,
  changeRole,
  eventFull,
  givenEvent,
  poolFull,
  promoted,
  roleFull,
  signUp,
  waitlisted,
} from '@rollcall/testkit';
import { describe, it } from 'vitest';

const [volunteers, cooks, hall] = [aRoleId('volunteers'), aRoleId('cooks'), aPoolId('hall')];
const roles = [aRole('volunteers', { capacity: 3 }), aRole('cooks', { capacity: 3 })];
const [ann, bob, cem, dan] = [signUp('ann'), signUp('bob'), signUp('cem'), signUp('dan')];
const cookE = signUp('eve', { role: 'cooks' });
const capacity = (before: number | null, after: number | null) =>
  ({ type: 'RoleCapacityChanged', roleId: volunteers, before, after }) as const;
const three = (parts: Parameters<typeof givenEvent>[0] = {}) => givenEvent({ roles, ...parts }).and(ann, bob, cem);
const keep = { ifOver: 'keep' } as const;

describe('a limit is lowered', () => {
  it('down to what is taken', () => {
    three()
      .and(cancel(cem))
      .when(changeRole('volunteers', { capacity: 2 }))
      .then(capacity(3, 2));
  });

  it('and refused below that, unless something else is said: how many are over is told', () => {
    const below = { reason: 'capacity-below-taken', taken: 3 } as const;
    three()
      .when(changeRole('volunteers', { capacity: 2 }))
      .thenRefused({ ...below, limit: 'role', roleId: volunteers, capacity: 2, over: 1 });
    three()
      .when(changeRole('volunteers', { capacity: 0 }))
      .thenRefused({ ...below, limit: 'role', roleId: volunteers, capacity: 0, over: 3 });
    three()
      .when(changeEvent({ settings: { capacity: 1 } }))
      .thenRefused({ ...below, limit: 'event', capacity: 1, over: 2 });
    three({ pools: [aPool('hall', 6, 'volunteers')] })
      .when(changeEvent({ pools: { hall: { capacity: 2 } } }))
      .thenRefused({ ...below, limit: 'pool', poolId: hall, capacity: 2, over: 1 });
  });

  it('of which none was before', () => {
    three()
      .when(changeEvent({ settings: { capacity: 3 } }))
      .then({ type: 'EventSettingsChanged', before: {}, after: { capacity: 3 } });
    givenEvent({ roles: [aRole('volunteers', { capacity: null })] })
      .and(ann, bob)
      .when(changeRole('volunteers', { capacity: 1 }))
      .thenRefused({
        reason: 'capacity-below-taken',
        limit: 'role',
        roleId: volunteers,
        capacity: 1,
        taken: 2,
        over: 1,
      });
  });

  it('also by putting more roles into a pool', () => {
    three({ pools: [aPool('hall', 3, 'volunteers')] })
      .and(cookE)
      .when(changeEvent({ pools: { hall: { roleIds: [volunteers, cooks] } } }))
      .thenRefused({ reason: 'capacity-below-taken', limit: 'pool', poolId: hall, capacity: 3, taken: 4, over: 1 });
  });

  it('with offers counted as taken', () => {
    givenEvent({ roles: [aRole('volunteers', { capacity: 1, waitlist: 'offer' })] })
      .and(ann, bob, cancel(ann))
      .when(changeRole('volunteers', { capacity: 0 }))
      .thenRefused({
        reason: 'capacity-below-taken',
        limit: 'role',
        roleId: volunteers,
        capacity: 0,
        taken: 1,
        over: 1,
      });
  });

  it('and of several the first is told, in the order in which shortages are: the pools in theirs, then the event', () => {
    const pools = [aPool('yard', 6, 'volunteers'), aPool('hall', 6, 'volunteers', 'cooks')];
    const below = { reason: 'capacity-below-taken', taken: 3 } as const;
    const one = { capacity: 1 };
    three({ pools })
      .when(changeEvent({ settings: one, pools: { hall: one, yard: one } }))
      .thenRefused({ ...below, limit: 'pool', poolId: aPoolId('yard'), capacity: 1, over: 2 });
    three({ pools })
      .when(changeEvent({ settings: one, pools: { hall: one } }))
      .thenRefused({ ...below, limit: 'pool', poolId: hall, capacity: 1, over: 2 });
    three({ pools })
      .when(changeEvent({ settings: one, pools: { hall: { capacity: 3 } } }))
      .thenRefused({ ...below, limit: 'event', capacity: 1, over: 2 });
  });

  it('all or nothing: the settings beside it stay as they were when it is refused', () => {
    three()
      .and(changeRole('volunteers', { name: 'helpers' }))
      .when(changeRole('volunteers', { name: 'aides', capacity: 1 }))
      .thenRefused({
        reason: 'capacity-below-taken',
        limit: 'role',
        roleId: volunteers,
        capacity: 1,
        taken: 3,
        over: 2,
      });
  });
});

describe('with `keep`', () => {
  it('the limit stays over-full', () => {
    three()
      .when(changeRole('volunteers', { capacity: 1 }, keep))
      .then(capacity(3, 1));
    three()
      .when(changeEvent({ settings: { capacity: 2 } }, keep))
      .then({ type: 'EventSettingsChanged', before: {}, after: { capacity: 2 } });
  });

  it('nobody gets a seat until it has drained', () => {
    const kept = three().and(changeRole('volunteers', { capacity: 2 }, keep));
    kept.when(dan).then(waitlisted(dan, 7, 1, roleFull('volunteers', 2, 3)));
    kept
      .and(dan)
      .when(cancel(ann))
      .then(cancelled(ann, 3, 'confirmed'));
    kept
      .and(dan, cancel(ann))
      .when(cancel(bob))
      .then(cancelled(bob, 4, 'confirmed'), promoted(dan, 7));
  });

  it('nor in a role that shares the limit', () => {
    three({ settings: { capacity: 3 } })
      .and(changeEvent({ settings: { capacity: 2 } }, keep))
      .when(cookE)
      .then(waitlisted(cookE, 7, 1, eventFull('cooks', 2, 3)));
    three({ pools: [aPool('hall', 3, 'volunteers', 'cooks')] })
      .and(changeEvent({ pools: { hall: { capacity: 2 } } }, keep))
      .when(cookE)
      .then(waitlisted(cookE, 7, 1, poolFull('cooks', 'hall', 2, 3)));
  });

  it('a limit that is kept anyway is none to speak of', () => {
    three()
      .and(cancel(ann))
      .when(changeRole('volunteers', { capacity: 2 }, keep))
      .then(capacity(3, 2));
  });
});

describe('a limit that is over-full already', () => {
  const over = () => three().and(assign('fay', { override: true }), changeRole('volunteers', { capacity: 2 }, keep));

  it('may be raised, as far as one likes, and anything else be changed', () => {
    over()
      .when(changeRole('volunteers', { capacity: 3 }))
      .then(capacity(2, 3));
    over()
      .when(changeRole('volunteers', { name: 'helpers' }))
      .then({ type: 'RoleRenamed', roleId: volunteers, before: 'volunteers', after: 'helpers' });
    three({ settings: { capacity: 3 } })
      .and(changeEvent({ settings: { capacity: 1 } }, keep))
      .when(changeEvent({ settings: { capacity: 2 }, pools: { hall: { capacity: 3, roleIds: [volunteers] } } }))
      .then(
        { type: 'EventSettingsChanged', before: { capacity: 1 }, after: { capacity: 2 } },
        { type: 'PoolsChanged', before: [], after: [aPool('hall', 3, 'volunteers')] },
      );
  });

  it('is not lowered further without a word', () => {
    over()
      .when(changeRole('volunteers', { capacity: 1 }))
      .thenRefused({
        reason: 'capacity-below-taken',
        limit: 'role',
        roleId: volunteers,
        capacity: 1,
        taken: 4,
        over: 3,
      });
  });

  it('is not enforced by a change of something else that says `demote`', () => {
    over()
      .when(changeRole('volunteers', { name: 'helpers' }, { ifOver: 'demote' }))
      .then({ type: 'RoleRenamed', roleId: volunteers, before: 'volunteers', after: 'helpers' });
  });
});
