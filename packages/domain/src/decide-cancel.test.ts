/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  aRole,
  cancel,
  cancelById,
  cancelled,
  closeEvent,
  confirmed,
  givenEvent,
  promoted,
  roleFull,
  signUp,
  signupTime,
  waitlisted,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { Command } from './command.ts';
import { registrationIdFor } from './ids.ts';

const oneSeat = [aRole('volunteers', { capacity: 1 })];
const oneFull = roleFull('volunteers', 1);
const [ann, bob, cem, dan] = [signUp('ann'), signUp('bob'), signUp('cem'), signUp('dan')];
const annsId = registrationIdFor(ann.commandId);
const full = () => givenEvent({ roles: oneSeat }).and(ann, bob, cem);

describe('a cancel', () => {
  it('frees a seat that nobody waits for', () => {
    givenEvent()
      .and(ann)
      .when(cancel(ann))
      .then(cancelled(ann, 3, 'confirmed'));
  });

  it('promotes the earliest in line in the same decision', () => {
    full()
      .when(cancel(ann))
      .then(cancelled(ann, 3, 'confirmed'), promoted(bob, 4));
    full()
      .and(cancel(ann))
      .when(cancel(bob))
      .then(cancelled(bob, 4, 'confirmed'), promoted(cem, 5));
  });

  it('of one who waits frees no seat, and the line closes up', () => {
    full()
      .when(cancel(bob))
      .then(cancelled(bob, 4, 'waitlist'));
    full()
      .and(cancel(bob))
      .when(cancel(ann))
      .then(cancelled(ann, 3, 'confirmed'), promoted(cem, 5));
    full()
      .and(cancel(bob))
      .when(dan)
      .then(waitlisted(dan, 7, 2, oneFull));
  });

  it('of the last in line leaves the one before', () => {
    full()
      .and(cancel(cem))
      .when(cancel(ann))
      .then(cancelled(ann, 3, 'confirmed'), promoted(bob, 4));
  });

  it('promotes into its own role only', () => {
    const roles = [...oneSeat, aRole('cooks', { capacity: 1 })];
    const [cook, second] = [signUp('eve', { role: 'cooks' }), signUp('fay', { role: 'cooks' })];
    givenEvent({ roles })
      .and(ann, bob, cook, second)
      .when(cancel(cook))
      .then(cancelled(cook, 5, 'confirmed'), promoted(second, 6));
  });

  it('keeps the id for good: a second one is refused, and the id never comes back', () => {
    givenEvent()
      .and(ann, cancel(ann))
      .when(cancel(ann))
      .thenRefused({ reason: 'already-cancelled', registrationId: annsId });
    const again = signUp('ann');
    const { rules } = givenEvent().and(ann, cancel(ann)).when(again);
    expect(rules.registrations.get(annsId)?.status).toBe('cancelled');
    expect(registrationIdFor(again.commandId)).not.toBe(annsId);
  });

  it('is the owner’s or the staff’s; for everybody else there is no such registration', () => {
    const event = () => givenEvent().and(ann);
    event()
      .when(cancel(ann, { by: 'staff' }))
      .then(cancelled(ann, 3, 'confirmed', 'staff'));
    event()
      .when(cancel(ann, { by: 'mallory' }))
      .thenRefused({ reason: 'registration-not-found', registrationId: annsId });
    event()
      .and(cancel(ann))
      .when(cancel(ann, { by: 'mallory' }))
      .thenRefused({ reason: 'registration-not-found', registrationId: annsId });
  });

  it('is refused when nobody knows the registration', () => {
    const registrationId = registrationIdFor(signUp('nobody').commandId);
    givenEvent().when(cancelById(registrationId)).thenRefused({ reason: 'registration-not-found', registrationId });
  });

  it('is taken when signups are closed, and promotes', () => {
    full()
      .and(closeEvent())
      .when(cancel(ann))
      .then(cancelled(ann, 3, 'confirmed'), promoted(bob, 4));
  });

  it('is taken outside the signup window, until the event is over', () => {
    const [signupClosesAt, endsAt] = [signupTime + 1, signupTime + 10];
    const event = () => givenEvent({ settings: { signupClosesAt, startsAt: 0, endsAt } }).and(ann);
    event()
      .when(cancel(ann, { at: endsAt - 1 }))
      .then(cancelled(ann, 3, 'confirmed'));
    event()
      .when(cancel(ann, { at: endsAt }))
      .thenRefused({ reason: 'event-over', endsAt });
  });
});

describe('users give seats back until `cancelClosesAt`', () => {
  const [cancelClosesAt, endsAt] = [signupTime + 10, signupTime + 100];
  const event = () => givenEvent({ roles: oneSeat, settings: { cancelClosesAt, startsAt: 0, endsAt } }).and(ann, bob);

  it('and a millisecond later not any more', () => {
    event()
      .when(cancel(ann, { at: cancelClosesAt - 1 }))
      .then(cancelled(ann, 3, 'confirmed'), promoted(bob, 4));
    event()
      .when(cancel(ann, { at: cancelClosesAt }))
      .thenRefused({ reason: 'cancels-closed', cancelClosesAt });
  });

  it('but leave a line at any time before the event is over', () => {
    event()
      .when(cancel(bob, { at: cancelClosesAt }))
      .then(cancelled(bob, 4, 'waitlist'));
    event()
      .when(cancel(bob, { at: endsAt - 1 }))
      .then(cancelled(bob, 4, 'waitlist'));
    event()
      .when(cancel(bob, { at: endsAt }))
      .thenRefused({ reason: 'event-over', endsAt });
  });

  it('while staff may do it at any time; once the event is over nobody gets the seat', () => {
    event()
      .when(cancel(ann, { by: 'staff', at: cancelClosesAt }))
      .then(cancelled(ann, 3, 'confirmed', 'staff'), promoted(bob, 4));
    event()
      .when(cancel(ann, { by: 'staff', at: endsAt - 1 }))
      .then(cancelled(ann, 3, 'confirmed', 'staff'), promoted(bob, 4));
    event()
      .when(cancel(ann, { by: 'staff', at: endsAt }))
      .then(cancelled(ann, 3, 'confirmed', 'staff'));
  });

  it('is told that the event is over rather than that cancels are closed', () => {
    event()
      .when(cancel(ann, { at: endsAt }))
      .thenRefused({ reason: 'event-over', endsAt });
    event()
      .and(cancel(ann))
      .when(cancel(ann, { at: endsAt }))
      .thenRefused({ reason: 'already-cancelled', registrationId: annsId });
  });
});

describe('within one batch', () => {
  it('a signup, its cancel and the next signup are decided one after the other', () => {
    const again = signUp('ann');
    const { rules } = givenEvent({ roles: oneSeat }).and(ann).when(bob);
    const happens = (...commands: readonly Command[]) =>
      rules.decideBatch(commands).map((decision) => decision.outcome === 'accepted' && decision.domainEvents);
    expect(happens(cancel(ann), again, cancel(bob), cem, cancel(cem))).toEqual([
      [cancelled(ann, 3, 'confirmed'), promoted(bob, 4)],
      [waitlisted(again, 6, 1, oneFull)],
      [cancelled(bob, 4, 'confirmed'), promoted(again, 6)],
      [waitlisted(cem, 8, 1, oneFull)],
      [cancelled(cem, 8, 'waitlist')],
    ]);
    expect(happens(cancel(again), dan)).toEqual([[cancelled(again, 6, 'confirmed')], [confirmed(dan, 11)]]);
  });
});
