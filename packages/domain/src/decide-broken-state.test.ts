import {
  aRole,
  aRoleId,
  cancel,
  confirmed,
  createRules,
  createEvent,
  openEvent,
  signUp,
  theEventId,
  waitlisted,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { registrationIdFor } from './ids.ts';
import { addToWorkingSet, emptyWorkingSet, type EventState } from './state.ts';

const volunteers = aRoleId('volunteers');

/** An open event with these counts and nothing loaded. */
function stateWith(
  counts: { confirmed: number; waitlist: number },
  role = aRole('volunteers', { capacity: 2 }),
): EventState {
  const rules = createRules(theEventId);
  rules.decideBatch([createEvent({ roles: [role] }), openEvent()]);
  const { current } = rules;
  if (current === undefined) throw new Error('it was created');
  const roles = new Map([[volunteers, { role, ...counts }]]);
  return { eventId: theEventId, version: 10, current: { ...current, roles }, working: emptyWorkingSet() };
}

describe('states that no sequence of commands of today leads to', () => {
  it('a new signup goes behind those who wait, although a seat is free', () => {
    const ann = signUp('ann');
    const decision = decide(stateWith({ confirmed: 1, waitlist: 3 }), ann);
    expect(decision).toEqual({ outcome: 'accepted', domainEvents: [waitlisted(ann, 11, 4)] });
  });

  it('and is refused where no line may be joined any more', () => {
    const noLine = aRole('volunteers', { waitlist: 'off' });
    expect(decide(stateWith({ confirmed: 1, waitlist: 3 }, noLine), signUp('ann'))).toEqual({
      outcome: 'rejected',
      rejection: { reason: 'role-full', roleId: volunteers, capacity: 2, taken: 1 },
    });
  });

  it('a cancel in an over-full role promotes nobody', () => {
    const ann = signUp('ann');
    const { type: _type, ...registration } = confirmed(ann, 3);
    const state = stateWith({ confirmed: 3, waitlist: 1 });
    addToWorkingSet(state.working, { ...registration, status: 'confirmed' });
    const decision = decide(state, cancel(ann));
    expect(decision.outcome === 'accepted' && decision.domainEvents.map(({ type }) => type)).toEqual([
      'RegistrationCancelled',
    ]);
  });
});

describe('a working set that lacks what the rules need', () => {
  it('is a fault of the loader, and thrown', () => {
    const ann = signUp('ann');
    const { type: _type, ...registration } = confirmed(ann, 3);
    const state = stateWith({ confirmed: 2, waitlist: 1 });
    addToWorkingSet(state.working, { ...registration, status: 'confirmed' });
    expect(() => decide(state, cancel(ann))).toThrow(/head of its waitlist of 1 was not loaded/);
  });

  it('leaves out the place of one who waits when that was not loaded', () => {
    const ann = signUp('ann');
    const { type: _type, waitlistPosition: _place, ...registration } = waitlisted(ann, 3, 1);
    const state = stateWith({ confirmed: 2, waitlist: 1 });
    addToWorkingSet(state.working, { ...registration, status: 'waitlist' });
    expect(decide(state, signUp('ann'))).toEqual({
      outcome: 'rejected',
      rejection: { reason: 'already-registered', registrationId: registrationIdFor(ann.commandId), status: 'waitlist' },
    });
  });
});
