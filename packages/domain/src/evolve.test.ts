import {
  aPool,
  aRole,
  aRoleId,
  cancelled,
  confirmed,
  demoted,
  moved,
  offered,
  promoted,
  signUp,
  signupTime,
  someSettings,
  theEventId,
  updated,
  waitlisted,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { DomainEvent } from './domain-event.ts';
import { evolve } from './evolve.ts';
import { initialState } from './state.ts';
import type { Obligation } from './domain-event.ts';

const [ann, bob] = [signUp('ann'), signUp('bob')];
const roles = [aRole('volunteers', { waitlistMax: 9 }), aRole('cooks')];
const pools = [aPool('all', 5, 'volunteers', 'cooks'), aPool('kitchen', 2, 'cooks')];
const created: DomainEvent = { type: 'EventCreated', settings: someSettings(), roles, pools };
const [volunteers, cooks] = [aRoleId('volunteers'), aRoleId('cooks')];

const fold = (...domainEvents: readonly DomainEvent[]) => domainEvents.reduce(evolve, initialState(theEventId));
const after = (...domainEvents: readonly DomainEvent[]) => fold(created, ...domainEvents).current;
const roleAfter = (...domainEvents: readonly DomainEvent[]) => after(...domainEvents)?.roles.get(volunteers)?.role;
const counts = (...domainEvents: readonly DomainEvent[]) =>
  [...(after(...domainEvents)?.roles.values() ?? [])].map((role) => [role.confirmed, role.waitlist, role.offered]);

describe('evolve', () => {
  it('makes an event as it was created', () => {
    expect(after()).toEqual({
      status: 'draft',
      settings: someSettings(),
      pools,
      roles: new Map(roles.map((role) => [role.roleId, { role, confirmed: 0, waitlist: 0, offered: 0 }])),
    });
  });

  it('changes the state that it is given, and leaves the version to whoever folds', () => {
    const state = initialState(theEventId);
    expect(evolve(state, created)).toBe(state);
    expect(evolve(state, { type: 'EventOpened' })).toBe(state);
    expect(evolve(state, { type: 'RoleDeleted', role: aRole('cooks') })).toBe(state);
    expect(evolve(state, { type: 'ObligationDischarged', obligation })).toBe(state);
    expect(evolve(state, { type: 'ChangePreviewed', effects: [], complete: true })).toBe(state);
    expect(evolve(state, confirmed(ann, 2))).toBe(state);
    expect(state).toMatchObject({ eventId: theEventId, version: 0 });
  });

  it('follows the status', () => {
    expect(after({ type: 'EventOpened' })?.status).toBe('open');
    expect(after({ type: 'EventOpened' }, { type: 'EventClosed' })?.status).toBe('closed');
    expect(after({ type: 'EventCancelled' })?.status).toBe('cancelled');
  });

  it('sets settings that changed, and removes those that are gone', () => {
    const set = {
      type: 'EventSettingsChanged',
      before: { title: 'Summer fair' },
      after: { title: 'Fair', capacity: 4 },
    } as const;
    expect(after(set)?.settings).toEqual(someSettings({ title: 'Fair', capacity: 4 }));
    expect(after(set, { type: 'EventSettingsChanged', before: { capacity: 4 }, after: {} })?.settings).toEqual(
      someSettings({ title: 'Fair' }),
    );
  });

  it('replaces the pools', () => {
    expect(after({ type: 'PoolsChanged', before: pools, after: [] })?.pools).toEqual([]);
  });

  it('adds roles at the end, without anybody in them, and deletes them from the pools, too', () => {
    const role = aRole('drivers');
    expect([...(after({ type: 'RoleAdded', role })?.roles.keys() ?? [])]).toEqual(['volunteers', 'cooks', 'drivers']);
    expect(counts({ type: 'RoleAdded', role })[2]).toEqual([0, 0, 0]);
    const deleted = after({ type: 'RoleDeleted', role: aRole('cooks') });
    expect([...(deleted?.roles.keys() ?? [])]).toEqual(['volunteers']);
    expect(deleted?.pools).toEqual([aPool('all', 5, 'volunteers'), aPool('kitchen', 2)]);
    const other = after({ type: 'RoleDeleted', role: aRole('volunteers') });
    // What is not touched is not copied: whoever writes it sees by identity what has changed.
    expect(other?.pools[1]).toBe(pools[1]);
  });

  it('changes roles in part, and keeps their counts', () => {
    const before = { waitlist: 'auto', waitlistMax: 9, offerMs: 3_600_000 } as const;
    const roleId = volunteers;
    expect(roleAfter({ type: 'RoleRenamed', roleId, before: 'volunteers', after: 'helpers' })).toEqual({
      ...aRole('volunteers', { waitlistMax: 9 }),
      name: 'helpers',
    });
    expect(roleAfter({ type: 'RoleCapacityChanged', roleId, before: 2, after: null })?.capacity).toBeNull();
    const rules = (waitlistRules: { waitlist: 'offer'; offerMs: number; waitlistMax?: number }) =>
      roleAfter({ type: 'RoleWaitlistChanged', roleId, before, after: waitlistRules });
    expect(rules({ waitlist: 'offer', offerMs: 7 })).toEqual(aRole('volunteers', { waitlist: 'offer', offerMs: 7 }));
    expect(rules({ waitlist: 'offer', offerMs: 7, waitlistMax: 3 })?.waitlistMax).toBe(3);
    const renamed: DomainEvent = { type: 'RoleRenamed', roleId, before: 'volunteers', after: 'helpers' };
    expect(counts(confirmed(ann, 2), renamed)[0]).toEqual([1, 0, 0]);
  });

  it('keeps an obligation until it is discharged', () => {
    expect(after({ type: 'ObligationIncurred', obligation })?.obligation).toEqual(obligation);
    const discharged = after({ type: 'ObligationIncurred', obligation }, { type: 'ObligationDischarged', obligation });
    expect(discharged).not.toHaveProperty('obligation');
    expect(discharged).toMatchObject({ status: 'draft', pools });
  });

  it('lets a preview change nothing', () => {
    expect(after({ type: 'ChangePreviewed', effects: [], complete: true })).toEqual(after());
  });
});

const obligation: Obligation = { kind: 'promote', causationId: ann.commandId, acceptedAt: signupTime };

describe('counts follow from the facts alone', () => {
  const waits = [confirmed(ann, 2), waitlisted(bob, 3, 1)];

  it.each([
    ['a seat', [confirmed(ann, 2)], [1, 0, 0]],
    ['a place in line', waits, [1, 1, 0]],
    ['an offer', [...waits, offered(bob, 3, 9)], [1, 0, 1]],
    ['a promotion', [...waits, promoted(bob, 3)], [2, 0, 0]],
    ['an accepted offer', [...waits, offered(bob, 3, 9), promoted(bob, 3, 'offered')], [2, 0, 0]],
    ['a demotion', [...waits, demoted(ann, 2)], [0, 2, 0]],
    ['an offer taken back', [...waits, offered(bob, 3, 9), demoted(bob, 3, 'offered')], [1, 1, 0]],
    ['a cancelled seat', [...waits, cancelled(ann, 2, 'confirmed')], [0, 1, 0]],
    ['a place that was left', [...waits, cancelled(bob, 3, 'waitlist')], [1, 0, 0]],
    ['an offer that was declined', [...waits, offered(bob, 3, 9), cancelled(bob, 3, 'offered')], [1, 0, 0]],
    ['an update', [...waits, updated(ann, 2, 'notes')], [1, 1, 0]],
  ] as const)('%s', (_what, facts, expected) => {
    expect(counts(...facts)).toEqual([expected, [0, 0, 0]]);
  });

  it.each([
    ['confirmed', [], [0, 1, 0]],
    ['waitlist', [], [1, 0, 0]],
    ['offered', [offered(bob, 3, 9)], [1, 0, 0]],
  ] as const)('a move out of %s', (standing, before, left) => {
    const who = standing === 'confirmed' ? ann : bob;
    const move = moved(who, { role: 'cooks', sequence: 5, from: who === ann ? 2 : 3, standing });
    expect(counts(...waits, ...before, move)).toEqual([left, [1, 0, 0]]);
  });

  it('and nothing else is counted', () => {
    expect(after(...waits)?.roles.get(volunteers)).toEqual({ role: roles[0], confirmed: 1, waitlist: 1, offered: 0 });
    const left = after(confirmed(ann, 2), cancelled(ann, 2, 'confirmed'));
    expect(left?.roles.get(volunteers)).toEqual({ role: roles[0], confirmed: 0, waitlist: 0, offered: 0 });
  });

  it('of the role that a fact is about', () => {
    expect(counts(confirmed({ ...ann, roleId: cooks }, 2))).toEqual([
      [0, 0, 0],
      [1, 0, 0],
    ]);
  });
});

describe('a fact that can not follow is thrown', () => {
  it('before the event was created', () => {
    expect(() => fold({ type: 'EventOpened' })).toThrow(/before its creation/);
    expect(() => fold(confirmed(ann, 1))).toThrow(/before its creation/);
  });

  it('about a role that is not there', () => {
    const pilot = signUp('eve', { role: 'pilots' });
    expect(() => fold(created, confirmed(pilot, 2))).toThrow(/unknown role pilots/);
    expect(() =>
      fold(created, confirmed(ann, 2), { type: 'RoleDeleted', role: aRole() }, cancelled(ann, 2, 'confirmed')),
    ).toThrow(/unknown role volunteers/);
    const renamed: DomainEvent = { type: 'RoleRenamed', roleId: pilot.roleId, before: 'a', after: 'b' };
    expect(() => fold(created, renamed)).toThrow(/unknown role pilots/);
  });

  it('or one that nobody can have left', () => {
    expect(() => fold(created, cancelled(ann, 2, 'confirmed'))).toThrow(/volunteers counts below zero/);
    expect(() => fold(created, promoted(ann, 2))).toThrow(/below zero/);
    expect(() => fold(created, confirmed(ann, 2), cancelled(ann, 2, 'offered'))).toThrow(/below zero/);
    expect(() => fold(created, moved(ann, { role: 'cooks', sequence: 3, from: 2 }))).toThrow(/volunteers counts below/);
  });
});
