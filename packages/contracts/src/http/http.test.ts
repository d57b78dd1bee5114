import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { createEventBodySchema, limits, problemCodeOf, signUpBodySchema } from './index.ts';

describe('bodies that come in', () => {
  const signUp = Compile(signUpBodySchema);
  it.each([
    [{ roleId: 'r' }, true],
    [{ roleId: 'r', notes: '🎟'.repeat(limits.notesLengthMax) }, true],
    [{ roleId: 'r', notes: '🎟'.repeat(limits.notesLengthMax + 1) }, false],
    [{ roleId: 'r', profile: { displayName: 'Bob' } }, true],
    [{ roleId: 'r', profile: { displayName: 'Bob', admin: true } }, false],
    [{ roleId: 'r', extra: 1 }, false],
    [{ roleId: '7'.repeat(33) }, false],
    [{ roleId: 7 }, false],
    [{}, false],
  ])('%o: %s', (body, fits) => {
    expect(signUp.Check(body)).toBe(fits);
  });

  it('hold no more roles, and no larger ones, than an event may have', () => {
    const body = (roles: readonly unknown[]) => ({
      organizerId: 'o',
      title: 't',
      startsAt: '2099-01-01T10:00:00Z',
      endsAt: '2099-01-01T12:00:00+01:00',
      timeZone: 'UTC',
      roles,
    });
    const role = (capacity: number, name = 'a') => ({ name, capacity });
    const compiled = Compile(createEventBodySchema);
    const check = (value: unknown) => compiled.Check(value);
    expect(check(body([role(0), role(limits.capacityMax, 'b')]))).toBe(true);
    expect(check(body([role(limits.capacityMax + 1)]))).toBe(false);
    expect(check(body([role(-1)]))).toBe(false);
    expect(check(body(Array.from({ length: limits.rolesPerEventMax + 1 }, () => role(1))))).toBe(false);
  });
});

describe('the code of a problem', () => {
  it('is the last part of its type, when that is ours', () => {
    expect(problemCodeOf({ type: '/problems/role-full' })).toBe('role-full');
    expect(problemCodeOf({ type: 'about:blank' })).toBeUndefined();
    expect(problemCodeOf({})).toBeUndefined();
  });
});
