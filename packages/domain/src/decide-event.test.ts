/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  accept,
  addRole,
  aPool,
  aRole,
  aRoleId,
  assign,
  cancel,
  changeEvent,
  changeRole,
  checkIn,
  createEvent,
  decline,
  deleteRole,
  expire,
  givenDraft,
  givenEvent,
  givenNothing,
  move,
  openEvent,
  remove,
  signUp,
  someSettings,
  undoCheckIn,
  update,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { Role } from './command.ts';

const ann = signUp('ann');

describe('an event', () => {
  const roles = [aRole('cooks'), aRole('drivers', { capacity: 0, waitlist: 'off' })];
  const pools = [aPool('all', 2, 'drivers', 'cooks')];

  it('is created as a draft with its roles and pools, all seats free', () => {
    const when = givenNothing().when(createEvent({ roles, pools }));
    when.then({ type: 'EventCreated', settings: someSettings(), roles, pools });
    expect(when.rules.current).toEqual({
      status: 'draft',
      settings: someSettings(),
      pools,
      roles: new Map(roles.map((role) => [role.roleId, { role, confirmed: 0, waitlist: 0, offered: 0 }])),
    });
  });

  it('may have no roles yet', () => {
    givenNothing()
      .when(createEvent({ roles: [] }))
      .then({ type: 'EventCreated', settings: someSettings(), roles: [], pools: [] });
  });

  it('is not created twice, whatever the second one would be', () => {
    givenDraft().when(createEvent()).thenRefused({ reason: 'event-exists' });
    givenEvent().when(createEvent()).thenRefused({ reason: 'event-exists' });
    givenEvent()
      .when(createEvent({ settings: { endsAt: 0 } }))
      .thenRefused({ reason: 'event-exists' });
  });

  it('is not created with settings that contradict each other', () => {
    const invalid = (rule: string, event: Parameters<typeof createEvent>[0]) => {
      const { decision } = givenNothing().when(createEvent(event));
      expect(decision).toEqual({ outcome: 'rejected', rejection: { reason: 'settings-invalid', rule } });
    };
    const same: Role = { ...aRole('cooks'), roleId: aRoleId('other') };
    const twin: Role = { ...aRole('drivers'), roleId: aRoleId('cooks') };
    invalid('starts-before-it-ends', { settings: { startsAt: 7, endsAt: 7 } });
    invalid('signups-open-before-they-close', { settings: { signupOpensAt: 7, signupClosesAt: 7 } });
    invalid('role-names-differ', { roles: [aRole('cooks'), same] });
    invalid('role-ids-differ', { roles: [aRole('cooks'), twin] });
    invalid('pool-ids-differ', { pools: [aPool('all', 1), aPool('all', 2)] });
    invalid('pool-roles-exist', { pools: [aPool('all', 1, 'volunteers', 'pilots')] });
  });
});

describe('before an event exists', () => {
  it.each([
    changeEvent({}),
    openEvent(),
    addRole(aRole('cooks')),
    changeRole('cooks', {}),
    deleteRole('cooks'),
    ann,
    assign('ann'),
    cancel(ann),
    remove(ann),
    move(ann, 'cooks'),
    accept(ann),
    decline(ann),
    expire(ann, 1),
    update(ann),
    checkIn(ann),
    undoCheckIn(ann),
  ])('nothing can be done with it: $type', (command) => {
    givenNothing().when(command).thenRefused({ reason: 'event-not-found' });
  });
});
