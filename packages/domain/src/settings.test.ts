import { aPool, aRole, aRoleId, someSettings } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { EventSettings, PoolsPatch, SettingsPatch } from './command.ts';
import { brokenRule, patchedPools, patchedSettings, type EventDefinition } from './settings.ts';

const roles = [aRole('volunteers'), aRole('cooks')];
const broken = (parts: Partial<Omit<EventDefinition, 'settings'>> & { settings?: Partial<EventSettings> }) =>
  brokenRule({ roles, pools: [], ...parts, settings: someSettings(parts.settings) });

describe('an event’s definition', () => {
  it('breaks no rule when it is as it should be', () => {
    expect(broken({})).toBeUndefined();
    expect(broken({ roles: [], pools: [] })).toBeUndefined();
    expect(broken({ pools: [aPool('a', 0), aPool('b', 1, 'volunteers', 'cooks')] })).toBeUndefined();
  });

  it('starts before it ends', () => {
    expect(broken({ settings: { startsAt: 6, endsAt: 7 } })).toBeUndefined();
    expect(broken({ settings: { startsAt: 7, endsAt: 7 } })).toBe('starts-before-it-ends');
    expect(broken({ settings: { startsAt: 8, endsAt: 7 } })).toBe('starts-before-it-ends');
  });

  it('opens for signups before it closes for them, where both are said', () => {
    expect(broken({ settings: { signupOpensAt: 6, signupClosesAt: 7 } })).toBeUndefined();
    expect(broken({ settings: { signupOpensAt: 7, signupClosesAt: 7 } })).toBe('signups-open-before-they-close');
    expect(broken({ settings: { signupOpensAt: 8, signupClosesAt: 7 } })).toBe('signups-open-before-they-close');
    expect(broken({ settings: { signupOpensAt: 7 } })).toBeUndefined();
    expect(broken({ settings: { signupClosesAt: 7 } })).toBeUndefined();
  });

  it('has roles of different names and ids', () => {
    const same = (parts: Partial<ReturnType<typeof aRole>>) =>
      broken({ roles: [...roles, { ...aRole('other'), ...parts }] });
    expect(same({})).toBeUndefined();
    expect(same({ name: 'cooks' })).toBe('role-names-differ');
    expect(same({ roleId: aRoleId('cooks') })).toBe('role-ids-differ');
  });

  it('has pools of different ids, of roles that are there', () => {
    expect(broken({ pools: [aPool('a', 1), aPool('b', 1), aPool('a', 2)] })).toBe('pool-ids-differ');
    expect(broken({ pools: [aPool('a', 1, 'cooks'), aPool('b', 1, 'cooks', 'pilots')] })).toBe('pool-roles-exist');
  });

  it('tells the first rule of several', () => {
    const pools = [aPool('a', 1, 'pilots'), aPool('a', 1)];
    const twins = [aRole('cooks'), aRole('cooks')];
    const wrongWindow = { signupOpensAt: 8, signupClosesAt: 7 };
    const wrongTimes = { startsAt: 8, endsAt: 7, ...wrongWindow };
    expect(broken({ settings: wrongTimes, roles: twins, pools })).toBe('starts-before-it-ends');
    expect(broken({ settings: wrongWindow, roles: twins, pools })).toBe('signups-open-before-they-close');
    expect(broken({ roles: twins, pools })).toBe('role-names-differ');
    expect(broken({ pools })).toBe('pool-ids-differ');
  });
});

describe('a merge-patch of settings', () => {
  const settings = someSettings({ location: 'Town hall', capacity: 5 });

  it('sets, removes with null, and leaves the rest', () => {
    expect(patchedSettings(settings, {})).toEqual(settings);
    expect(patchedSettings(settings, { title: 'Fair', capacity: 6 })).toEqual({
      ...settings,
      title: 'Fair',
      capacity: 6,
    });
    expect(patchedSettings(settings, { location: null, capacity: null, signupOpensAt: null })).toEqual(someSettings());
  });

  it('takes values that are as good as nothing for what they are', () => {
    const patched = patchedSettings(settings, { capacity: 0, signupOpensAt: 0, usersMayMove: false, location: '' });
    expect(patched).toEqual({ ...settings, capacity: 0, signupOpensAt: 0, usersMayMove: false, location: '' });
  });

  it('leaves out what is undefined, and the settings that it patches alone', () => {
    const patch = { title: undefined, location: undefined } as unknown as SettingsPatch;
    expect(patchedSettings(settings, patch)).toEqual(settings);
    expect(Object.keys(patchedSettings(someSettings(), patch))).not.toContain('location');
    const before = structuredClone(settings);
    patchedSettings(settings, { location: null, title: 'Fair' });
    expect(settings).toEqual(before);
  });
});

describe('a merge-patch of pools', () => {
  const pools = [aPool('a', 1, 'volunteers'), aPool('b', 2, 'cooks')];
  const patched = (patch: PoolsPatch) => patchedPools(pools, patch);

  it('sets, adds at the end, and removes with null', () => {
    expect(patched({})).toEqual(pools);
    expect(patched({ a: { capacity: 7 } })).toEqual([aPool('a', 7, 'volunteers'), pools[1]]);
    expect(patched({ b: { roleIds: [] } })).toEqual([pools[0], aPool('b', 2)]);
    expect(patched({ c: { capacity: 0, roleIds: [] }, a: null })).toEqual([pools[1], aPool('c', 0)]);
    expect(patched({ z: null })).toEqual(pools);
  });

  it('names each role once', () => {
    const [cooks, volunteers] = [aRoleId('cooks'), aRoleId('volunteers')];
    expect(patched({ a: { roleIds: [cooks, volunteers, cooks] } })?.[0]).toEqual(aPool('a', 1, 'cooks', 'volunteers'));
  });

  it('comes to nothing when a new one lacks its capacity or its roles', () => {
    expect(patched({ c: {} })).toBeUndefined();
    expect(patched({ c: { capacity: 1 } })).toBeUndefined();
    expect(patched({ c: { roleIds: [] } })).toBeUndefined();
    expect(patched({ a: null, c: { capacity: 1 } })).toBeUndefined();
  });
});
