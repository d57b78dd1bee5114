import {
  aRole,
  cancelled,
  checkedIn,
  checkInUndone,
  confirmed,
  demoted,
  imported,
  importRegistration,
  moved,
  offered,
  promoted,
  signUp,
  someSettings,
  updated,
  waitlisted,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { DomainEvent } from './domain-event.ts';
import { lineChangesOf } from './line-changes.ts';
import type { Obligation } from './domain-event.ts';

const ann = signUp('ann');
const roleId = ann.roleId;
const role = aRole();
const obligation: Obligation = { kind: 'cancel', causationId: ann.commandId, acceptedAt: 1 };
const toCooks = (standing: 'confirmed' | 'waitlist' | 'offered') =>
  moved(ann, { role: 'cooks', sequence: 9, from: 4, standing });

describe('a role’s line', () => {
  it.each([waitlisted(ann, 4, 1), demoted(ann, 4), demoted(ann, 4, 'offered')])('is joined: $type', (fact) => {
    expect(lineChangesOf(fact)).toEqual([{ roleId, sequence: 4, change: 'joined' }]);
  });

  it.each([offered(ann, 4, 99), promoted(ann, 4), cancelled(ann, 4, 'waitlist'), toCooks('waitlist')])(
    'is left: $type',
    (fact) => {
      expect(lineChangesOf(fact)).toEqual([{ roleId, sequence: 4, change: 'left' }]);
    },
  );

  it('is left and joined by imports', () => {
    const [joins, seat] = [importRegistration('ann', { status: 'waitlist' }), importRegistration('ann')];
    const place = (standing: 'confirmed' | 'waitlist' | 'offered') => ({ previous: { roleId, sequence: 4, standing } });
    const [left, joined] = [
      { roleId, sequence: 4, change: 'left' },
      { roleId, sequence: 9, change: 'joined' },
    ];
    expect(lineChangesOf(imported(joins, 9))).toEqual([joined]);
    expect(lineChangesOf(imported(joins, 9, place('waitlist')))).toEqual([left, joined]);
    expect(lineChangesOf(imported(joins, 9, place('offered')))).toEqual([joined]);
    expect(lineChangesOf(imported(seat, 9, place('waitlist')))).toEqual([left]);
    expect(lineChangesOf(imported(seat, 9, place('confirmed')))).toEqual([]);
  });

  it.each<DomainEvent>([
    promoted(ann, 4, 'offered'),
    cancelled(ann, 4, 'offered'),
    cancelled(ann, 4, 'confirmed'),
    toCooks('confirmed'),
    toCooks('offered'),
    confirmed(ann, 4),
    updated(ann, 4, 'notes'),
    checkedIn(ann, 4, 5),
    checkInUndone(ann, 4, 5),
    { type: 'EventCreated', settings: someSettings(), roles: [role], pools: [] },
    { type: 'EventSettingsChanged', before: {}, after: {} },
    { type: 'PoolsChanged', before: [], after: [] },
    { type: 'EventOpened' },
    { type: 'EventClosed' },
    { type: 'EventCancelled' },
    { type: 'RoleAdded', role },
    { type: 'RoleRenamed', roleId, before: 'a', after: 'b' },
    { type: 'RoleCapacityChanged', roleId, before: 1, after: 2 },
    { type: 'RoleWaitlistChanged', roleId, before: role, after: role },
    { type: 'RoleDeleted', role },
    { type: 'ObligationIncurred', obligation },
    { type: 'ObligationDischarged', obligation },
    { type: 'ChangePreviewed', effects: [], complete: true },
    { type: 'EventImported', legacyId: '1', settings: someSettings(), roles: [role], pools: [] },
    { type: 'ImportFinished', status: 'open' },
    { type: 'ImportResumed' },
  ])('stays as it is: $type', (fact) => {
    expect(lineChangesOf(fact)).toEqual([]);
  });
});
