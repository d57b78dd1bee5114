import { aRole, cancelled, confirmed, promoted, signUp, someSettings, theEventId, waitlisted } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { DomainEvent } from './domain-event.ts';
import { evolve } from './evolve.ts';
import { initialState } from './state.ts';

const [ann, bob] = [signUp('ann'), signUp('bob')];
const created: DomainEvent = { type: 'EventCreated', settings: someSettings(), roles: [aRole()] };

const fold = (...domainEvents: readonly DomainEvent[]) => domainEvents.reduce(evolve, initialState(theEventId));
const counts = (...domainEvents: readonly DomainEvent[]) => {
  const [role] = fold(created, ...domainEvents).current?.roles.values() ?? [];
  return [role?.confirmed, role?.waitlist];
};

describe('evolve', () => {
  it('follows the status', () => {
    expect(fold(created).current?.status).toBe('draft');
    expect(fold(created, { type: 'EventOpened' }).current?.status).toBe('open');
    expect(fold(created, { type: 'EventOpened' }, { type: 'EventClosed' }).current?.status).toBe('closed');
  });

  it('counts from the facts alone', () => {
    expect(counts(confirmed(ann, 2))).toEqual([1, 0]);
    expect(counts(confirmed(ann, 2), waitlisted(bob, 3, 1))).toEqual([1, 1]);
    expect(counts(confirmed(ann, 2), waitlisted(bob, 3, 1), cancelled(bob, 3, 'waitlist'))).toEqual([1, 0]);
    expect(counts(confirmed(ann, 2), waitlisted(bob, 3, 1), cancelled(ann, 2, 'confirmed'), promoted(bob, 3))).toEqual([
      1, 0,
    ]);
  });

  it('throws at a fact that can not follow', () => {
    expect(() => fold({ type: 'EventOpened' })).toThrow(/before its creation/);
    expect(() => fold(confirmed(ann, 1))).toThrow(/before its creation/);
    expect(() => fold(created, confirmed(signUp('eve', { role: 'pilots' }), 2))).toThrow(/unknown role pilots/);
    expect(() => fold(created, cancelled(ann, 2, 'confirmed'))).toThrow(/below zero/);
    expect(() => fold(created, promoted(ann, 2))).toThrow(/below zero/);
  });
});
