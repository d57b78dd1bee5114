import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import {
  addRoleBodySchema,
  cancelBodySchema,
  changeRoleBodySchema,
  createEventBodySchema,
  limits,
  meaningOfPattern,
  patchEventBodySchema,
  problemCodeOf,
  signUpBodySchema,
  updateRegistrationBodySchema,
} from './index.ts';

describe('a signup', () => {
  const signUp = Compile(signUpBodySchema);
  it.each([
    [{ roleId: 'r' }, true],
    [{ roleId: 'r', profile: { displayName: 'Bob' } }, true],
    [{ roleId: 'r', profile: { displayName: 'Bob', admin: true } }, false],
    [{ roleId: 'r', profile: { displayName: 'B\nob' } }, false],
    [{ roleId: 'r', override: true }, true],
    [{ roleId: 'r', override: 'true' }, false],
    [{ roleId: 'r', extra: 1 }, false],
    [{ roleId: '7'.repeat(33) }, false],
    [{ roleId: 7 }, false],
    [{}, false],
  ])('%o: %s', (body, fits) => {
    expect(signUp.Check(body)).toBe(fits);
  });
});

describe('notes', () => {
  const [signUp, update] = [Compile(signUpBodySchema), Compile(updateRegistrationBodySchema)];
  const max = limits.notesLengthMax;
  it.each([
    ['x'.repeat(max), true],
    ['x'.repeat(max + 1), false],
    // Two UTF-16 units each.
    ['🎟'.repeat(max), true],
    ['🎟'.repeat(max + 1), false],
    // One picture of five code points, and letters of two.
    ['👨‍👩‍👧'.repeat(max / 5), true],
    ['👨‍👩‍👧'.repeat(max / 5 + 1), false],
    ['e\u0301'.repeat(max / 2), true],
    [`${'e\u0301'.repeat(max / 2)}e`, false],
    ['', true],
    ['two\nlines\tand a tab', true],
    ['שלום \u200Fעולם, \u202Bمرحبا\u202C', true],
    ['=HYPERLINK("https://example.org";"x")', true],
    ['a\rb', false],
    ['a\u0000b', false],
    ['a\u001Bb', false],
    ['a\u007Fb', false],
    ['a\u0085b', false],
    ['a\uD83Cb', false],
    ['\uDF9F', false],
  ])('%j: %s', (notes, fit) => {
    expect(signUp.Check({ roleId: 'r', notes })).toBe(fit);
    expect(update.Check({ notes })).toBe(fit);
  });

  it('are taken away by null, once they are there', () => {
    expect(update.Check({ notes: null, specialRequirements: null })).toBe(true);
    expect(update.Check({})).toBe(true);
    expect(signUp.Check({ roleId: 'r', notes: null })).toBe(false);
  });

  it('that do not fit are told in words', () => {
    const [error] = signUp.Errors({ roleId: 'r', notes: '\u0000' });
    if (error?.keyword !== 'pattern') throw new Error('expected a pattern');
    expect(meaningOfPattern(String(error.params.pattern))).toContain('control characters');
    expect(meaningOfPattern('^x$')).toBeUndefined();
  });
});

const event = {
  organizerId: 'o',
  title: 't',
  startsAt: '2099-01-01T10:00:00Z',
  endsAt: '2099-01-01T12:00:00+01:00',
  timeZone: 'UTC',
  roles: [{ name: 'a', capacity: 1 }],
};

describe('a new event', () => {
  const createEvent = Compile(createEventBodySchema);
  const check = (change: Readonly<Record<string, unknown>>) => createEvent.Check({ ...event, ...change });

  it('holds no more roles, and no larger ones, than an event may have', () => {
    const role = (capacity: unknown, name = 'a') => ({ name, capacity });
    expect(check({ roles: [role(0), role(limits.capacityMax, 'b'), role(null, 'c')] })).toBe(true);
    for (const capacity of [limits.capacityMax + 1, -1, 1.5, 2 ** 53, '10', true, undefined])
      expect(check({ roles: [role(capacity)] }), String(capacity)).toBe(false);
    expect(check({ roles: Array.from({ length: limits.rolesPerEventMax + 1 }, () => role(1)) })).toBe(false);
    expect(check({ roles: [] })).toBe(false);
  });

  it('may say how its waitlists are', () => {
    const role = (rules: object) => check({ roles: [{ name: 'a', capacity: 1, ...rules }] });
    expect(role({ roleId: 'a_1', waitlist: 'offer', waitlistMax: 10, offerSeconds: 60 })).toBe(true);
    expect(role({ waitlist: 'first-come' })).toBe(false);
    expect(role({ waitlistMax: 0 })).toBe(false);
    expect(role({ offerSeconds: 0 })).toBe(false);
    expect(role({ offerSeconds: limits.offerSecondsMax + 1 })).toBe(false);
    expect(role({ roleId: 'a b' })).toBe(false);
  });

  it('may have pools', () => {
    const pool = (value: unknown, poolId = 'p') => check({ pools: { [poolId]: value } });
    expect(check({ pools: {} })).toBe(true);
    expect(pool({ capacity: 1, roleIds: ['a', 'b'] })).toBe(true);
    expect(pool({ capacity: 1, roleIds: ['a', 'a'] })).toBe(false);
    expect(pool({ capacity: 1 })).toBe(false);
    expect(pool({ capacity: null, roleIds: [] })).toBe(false);
    expect(pool(null)).toBe(false);
    expect(pool({ capacity: 1, roleIds: [] }, 'a b')).toBe(false);
    const many = Array.from({ length: limits.poolsPerEventMax + 1 }, (_, n) => [`p${n}`, { capacity: 1, roleIds: [] }]);
    expect(check({ pools: Object.fromEntries(many) })).toBe(false);
  });
});

describe('a change', () => {
  const patchEvent = Compile(patchEventBodySchema);
  it.each([
    [{}, true],
    [{ location: null, signupOpensAt: null, signupClosesAt: null, cancelClosesAt: null, capacity: null }, true],
    [{ capacity: 10, usersMayMove: true, registrationsPerUserMax: 2 }, true],
    [{ status: 'cancelled', ifOver: 'demote', dryRun: true }, true],
    [{ pools: { a: null, b: { capacity: 1 }, c: { roleIds: ['r'] }, d: { capacity: 1, roleIds: [] } } }, true],
    [{ title: null }, false],
    [{ pools: null }, false],
    [{ pools: { a: { capacity: null } } }, false],
    [{ status: 'draft' }, false],
    [{ organizerId: 'o' }, false],
    [{ roles: [] }, false],
    [{ dryRun: 'yes' }, false],
    [{ capacity: '10' }, false],
    [[], false],
  ])('of an event, %o: %s', (body, fits) => {
    expect(patchEvent.Check(body)).toBe(fits);
  });

  const changeRole = Compile(changeRoleBodySchema);
  it.each([
    [{}, true],
    [{ name: 'n', capacity: null, waitlist: 'off', waitlistMax: null, offerSeconds: 1, ifOver: 'keep' }, true],
    [{ capacity: -1 }, false],
    [{ name: null }, false],
    [{ roleId: 'other' }, false],
  ])('of a role, %o: %s', (body, fits) => {
    expect(changeRole.Check(body)).toBe(fits);
  });

  it('that adds a role has to say how many seats there are', () => {
    const addRole = Compile(addRoleBodySchema);
    expect(addRole.Check({ name: 'n', capacity: null })).toBe(true);
    expect(addRole.Check({ name: 'n' })).toBe(false);
  });

  const cancel = Compile(cancelBodySchema);
  it.each([
    [null, true],
    [{}, true],
    [{ reason: 'ill\nvery', reasonCode: 'no-show' }, true],
    [{ reasonCode: 'whim' }, false],
    [{ why: 'ill' }, false],
    ['ill', false],
  ])('that cancels, %o: %s', (body, fits) => {
    expect(cancel.Check(body)).toBe(fits);
  });
});

describe('the code of a problem', () => {
  it('is the last part of its type, when that is ours', () => {
    expect(problemCodeOf({ type: '/problems/role-full' })).toBe('role-full');
    expect(problemCodeOf({ type: 'about:blank' })).toBeUndefined();
    expect(problemCodeOf({})).toBeUndefined();
  });
});
