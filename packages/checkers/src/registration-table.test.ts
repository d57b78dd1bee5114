import type { Registration } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { RegistrationTable } from './registration-table.ts';
import { cooks, drivers, registrationId, userId, volunteers } from './testing.ts';

const about = (n: number, user: string) => ({
  registrationId: registrationId(n),
  userId: userId(user),
  roleId: volunteers,
  sequence: n,
});

describe('the table of registrations', () => {
  it('gives back what was put in last', () => {
    const table = new RegistrationTable();
    const states: readonly Registration[] = [
      { ...about(1, 'ann'), status: 'waitlist', replaces: registrationId(9) },
      { ...about(1, 'ann'), status: 'waitlist', offer: { expiresAt: 0 } },
      { ...about(1, 'ann'), status: 'confirmed', attendedAt: 0 },
      { ...about(1, 'ann'), status: 'confirmed' },
      { ...about(1, 'ann'), roleId: drivers, sequence: 2 ** 40, status: 'confirmed' },
      { ...about(1, 'ann'), status: 'cancelled' },
    ];
    const other: Registration = { ...about(2, 'bob'), status: 'confirmed' };
    table.set(other, 1);
    for (const [index, state] of states.entries()) {
      const slot = table.set(state, index + 2);
      // Looking at another one in between: nothing is answered from memory.
      expect(table.get(other.registrationId)).toEqual(other);
      expect(table.at(slot)).toEqual(state);
      expect(Object.keys(table.at(slot)).toSorted()).toEqual(Object.keys(state).toSorted());
      expect(table.changedAt(slot)).toBe(index + 2);
    }
    expect(table.size).toBe(2);
    expect(table.get(registrationId(3))).toBeUndefined();
  });

  it('knows the active ones of each user', () => {
    const table = new RegistrationTable();
    const of = (user: string) => table.activeOf(userId(user)).map(({ registrationId: id }) => id);
    const [first, second, third] = [1, 2, 3].map((n): Registration => ({ ...about(n, 'ann'), status: 'confirmed' }));
    if (first === undefined || second === undefined || third === undefined) throw new Error('three were made');
    for (const registration of [first, second, third]) table.set(registration, 1);
    expect(of('ann')).toEqual([3, 2, 1].map(registrationId));
    table.set({ ...second, status: 'cancelled' }, 2);
    expect(of('ann')).toEqual([3, 1].map(registrationId));
    table.set({ ...first, roleId: cooks }, 3);
    expect(of('ann')).toEqual([1, 3].map(registrationId));
    table.set({ ...third, status: 'cancelled' }, 4);
    table.set({ ...first, status: 'cancelled' }, 4);
    expect(of('ann')).toEqual([]);
    expect(of('bob')).toEqual([]);
  });
});
