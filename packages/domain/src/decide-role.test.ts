/* oxlint-disable vitest/expect-expect, promise/valid-params -- then(), thenRefused() and thenQuiet() assert */
import {
  addRole,
  aPool,
  aRole,
  aRoleId,
  cancel,
  cancelEvent,
  changeRole,
  closeEvent,
  confirmed,
  decline,
  deleteRole,
  givenDraft,
  givenEvent,
  signUp,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { rolesMax } from './limits.ts';

const [volunteers, cooks] = [aRoleId('volunteers'), aRoleId('cooks')];
const twoRoles = [aRole(), aRole('cooks')];
const [ann, bob] = [signUp('ann'), signUp('bob')];

describe('a role is added', () => {
  it('in every status but cancelled', () => {
    const role = aRole('cooks', { capacity: null, waitlist: 'offer', waitlistMax: 3 });
    givenDraft().when(addRole(role)).then({ type: 'RoleAdded', role });
    givenEvent().when(addRole(role)).then({ type: 'RoleAdded', role });
    givenEvent().and(closeEvent()).when(addRole(role)).then({ type: 'RoleAdded', role });
    givenEvent().and(cancelEvent()).when(addRole(role)).thenRefused({ reason: 'event-cancelled' });
  });

  it('and can be signed up for; nobody has a seat yet', () => {
    const cook = signUp('ann', { role: 'cooks' });
    const { rules } = givenEvent()
      .and(bob)
      .when(addRole(aRole('cooks')));
    expect(rules.current?.roles.get(cooks)).toEqual({ role: aRole('cooks'), confirmed: 0, waitlist: 0, offered: 0 });
    expect(rules.current?.roles.get(volunteers)).toMatchObject({ confirmed: 1 });
    givenEvent()
      .and(addRole(aRole('cooks')))
      .when(cook)
      .then(confirmed(cook, 4));
  });

  it('under a name that no other role has', () => {
    givenEvent()
      .when(addRole({ ...aRole('cooks'), name: 'volunteers' }))
      .thenRefused({ reason: 'role-name-taken', roleId: volunteers, name: 'volunteers' });
    const shouted = { ...aRole('cooks'), name: 'Volunteers' };
    givenEvent().when(addRole(shouted)).then({ type: 'RoleAdded', role: shouted });
  });

  it('under an id that no other role has', () => {
    givenEvent()
      .when(addRole({ ...aRole('volunteers'), name: 'helpers' }))
      .thenRefused({ reason: 'settings-invalid', rule: 'role-ids-differ' });
    givenEvent()
      .when(addRole(aRole('volunteers')))
      .thenRefused({ reason: 'role-name-taken', roleId: volunteers, name: 'volunteers' });
  });

  it('up to as many as an event may have', () => {
    const some = (count: number) => Array.from({ length: count }, (_, n) => aRole(`role-${n}`));
    const role = aRole('cooks');
    expect(rolesMax).toBe(100);
    givenEvent({ roles: some(99) })
      .when(addRole(role))
      .then({ type: 'RoleAdded', role });
    givenEvent({ roles: some(100) })
      .when(addRole(role))
      .thenRefused({ reason: 'too-many-roles', rolesMax: 100 });
    givenEvent({ roles: some(100) })
      .when(addRole({ ...aRole('role-7'), name: 'helpers' }))
      .thenRefused({ reason: 'settings-invalid', rule: 'role-ids-differ' });
    givenEvent({ roles: some(100) })
      .when(addRole({ ...role, name: 'role-7' }))
      .thenRefused({ reason: 'role-name-taken', roleId: aRoleId('role-7'), name: 'role-7' });
  });
});

describe('a role is changed', () => {
  it('in its name', () => {
    givenEvent()
      .when(changeRole('volunteers', { name: 'helpers' }))
      .then({ type: 'RoleRenamed', roleId: volunteers, before: 'volunteers', after: 'helpers' });
  });

  it('in its waitlist: the mode, how many may wait, how long offers hold', () => {
    const before = { waitlist: 'auto', offerMs: 3_600_000 } as const;
    const changed = { type: 'RoleWaitlistChanged', roleId: volunteers } as const;
    givenEvent()
      .when(changeRole('volunteers', { waitlist: 'off' }))
      .then({ ...changed, before, after: { waitlist: 'off', offerMs: 3_600_000 } });
    givenEvent()
      .when(changeRole('volunteers', { offerMs: 60_000 }))
      .then({ ...changed, before, after: { waitlist: 'auto', offerMs: 60_000 } });
    givenEvent()
      .when(changeRole('volunteers', { waitlistMax: 5 }))
      .then({ ...changed, before, after: { waitlist: 'auto', waitlistMax: 5, offerMs: 3_600_000 } });
  });

  it('a limit of its waitlist is taken away by null, and kept when it is not named', () => {
    const limited = givenEvent({ roles: [aRole('volunteers', { waitlistMax: 5 })] });
    const { rules } = limited.when(changeRole('volunteers', { waitlistMax: null }));
    expect(rules.current?.roles.get(volunteers)?.role).toEqual(aRole());
    limited
      .when(changeRole('volunteers', { name: 'helpers' }))
      .then({ type: 'RoleRenamed', roleId: volunteers, before: 'volunteers', after: 'helpers' });
    expect(limited.when(changeRole('volunteers', { offerMs: 1 })).rules.current?.roles.get(volunteers)?.role).toEqual(
      aRole('volunteers', { waitlistMax: 5, offerMs: 1 }),
    );
  });

  it('in all of it at once, and all of it happens', () => {
    const changes = { name: 'helpers', capacity: null, waitlist: 'offer', waitlistMax: 1, offerMs: 7 } as const;
    const when = givenEvent().when(changeRole('volunteers', changes));
    when.then(
      { type: 'RoleRenamed', roleId: volunteers, before: 'volunteers', after: 'helpers' },
      { type: 'RoleCapacityChanged', roleId: volunteers, before: 2, after: null },
      {
        type: 'RoleWaitlistChanged',
        roleId: volunteers,
        before: { waitlist: 'auto', offerMs: 3_600_000 },
        after: { waitlist: 'offer', waitlistMax: 1, offerMs: 7 },
      },
    );
    expect(when.rules.current?.roles.get(volunteers)?.role).toEqual({ roleId: volunteers, ...changes });
  });

  it('stays quiet when it is so already', () => {
    const role = aRole('volunteers', { waitlistMax: 4 });
    const { roleId: _roleId, ...same } = role;
    givenEvent({ roles: [role] })
      .when(changeRole('volunteers', same))
      .thenQuiet();
    givenEvent().when(changeRole('volunteers', {})).thenQuiet();
    givenEvent()
      .when(changeRole('volunteers', { waitlistMax: null }))
      .thenQuiet();
  });

  it('not to the name of another role, but to its own', () => {
    const event = givenEvent({ roles: twoRoles });
    event
      .when(changeRole('volunteers', { name: 'cooks' }))
      .thenRefused({ reason: 'role-name-taken', roleId: cooks, name: 'cooks' });
    event.when(changeRole('volunteers', { name: 'volunteers' })).thenQuiet();
  });

  it('not when it is not there, nor when the event is cancelled', () => {
    givenEvent({ roles: twoRoles })
      .when(changeRole('pilots', { name: 'cooks' }))
      .thenRefused({ reason: 'role-not-found', roleId: aRoleId('pilots') });
    givenEvent().and(cancelEvent()).when(changeRole('pilots', {})).thenRefused({ reason: 'event-cancelled' });
    givenEvent().and(cancelEvent()).when(changeRole('volunteers', {})).thenRefused({ reason: 'event-cancelled' });
  });
});

describe('a role is deleted', () => {
  it('and its name is free, also while it was used before', () => {
    givenEvent({ roles: twoRoles })
      .and(ann, cancel(ann))
      .when(deleteRole('volunteers'))
      .then({ type: 'RoleDeleted', role: aRole() });
    const again = { ...aRole('helpers'), name: 'volunteers' };
    givenEvent({ roles: twoRoles })
      .and(deleteRole('volunteers'))
      .when(addRole(again))
      .then({ type: 'RoleAdded', role: again });
  });

  it('which takes it out of its pools', () => {
    const pools = [aPool('both', 3, 'volunteers', 'cooks'), aPool('one', 2, 'cooks'), aPool('alone', 1, 'volunteers')];
    const { rules } = givenEvent({ roles: twoRoles, pools }).when(deleteRole('volunteers'));
    expect([...(rules.current?.roles.keys() ?? [])]).toEqual(['cooks']);
    expect(rules.current?.pools).toEqual([aPool('both', 3, 'cooks'), aPool('one', 2, 'cooks'), aPool('alone', 1)]);
  });

  it('not while somebody has a seat in it, waits for one, or has an offer', () => {
    const roles = [aRole('volunteers', { capacity: 1, waitlist: 'offer' })];
    const refused = { reason: 'role-in-use', roleId: volunteers, confirmed: 0, waitlist: 0, offered: 0 } as const;
    const event = givenEvent({ roles }).and(ann);
    event.when(deleteRole('volunteers')).thenRefused({ ...refused, confirmed: 1 });
    event
      .and(bob)
      .when(deleteRole('volunteers'))
      .thenRefused({ ...refused, confirmed: 1, waitlist: 1 });
    event
      .and(bob, cancel(ann))
      .when(deleteRole('volunteers'))
      .thenRefused({ ...refused, offered: 1 });
    event
      .and(bob, cancel(ann), decline(bob))
      .when(deleteRole('volunteers'))
      .then({ type: 'RoleDeleted', role: roles[0] ?? aRole() });
    givenEvent({ roles: [aRole('volunteers', { capacity: 0 })] })
      .and(ann)
      .when(deleteRole('volunteers'))
      .thenRefused({ ...refused, waitlist: 1 });
  });

  it('not when it is not there, nor when the event is cancelled', () => {
    givenEvent()
      .when(deleteRole('pilots'))
      .thenRefused({ reason: 'role-not-found', roleId: aRoleId('pilots') });
    givenEvent().and(cancelEvent()).when(deleteRole('pilots')).thenRefused({ reason: 'event-cancelled' });
  });
});
