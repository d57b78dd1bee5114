/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import { aRole, aUserId, cancel, confirmed, givenEvent, roleFull, signUp, waitlisted } from '@rollcall/testkit';
import { describe, it } from 'vitest';
import { registrationIdFor } from './ids.ts';

const oneSeat = [aRole('volunteers', { capacity: 1 })];

describe('the same user', () => {
  const [ann, bob] = [signUp('ann'), signUp('bob')];
  const registrationId = registrationIdFor(bob.commandId);

  it('is told of the seat that they hold', () => {
    givenEvent()
      .and(bob)
      .when(signUp('bob'))
      .thenRefused({ reason: 'already-registered', registrationId, status: 'confirmed' });
  });

  it('is told of the place in which they wait', () => {
    givenEvent({ roles: oneSeat })
      .and(ann, bob, signUp('cem'))
      .when(signUp('bob'))
      .thenRefused({ reason: 'already-registered', registrationId, status: 'waitlist', waitlistPosition: 1 });
  });

  it('goes to the end of the line after a cancel, as a new registration', () => {
    const again = signUp('bob');
    givenEvent({ roles: oneSeat })
      .and(ann, bob, signUp('cem'), cancel(bob))
      .when(again)
      .then(waitlisted(again, 7, 2, roleFull('volunteers', 1)));
  });

  it('is registered anew after a cancel where there are seats', () => {
    const again = signUp('ann');
    givenEvent().and(ann, cancel(ann)).when(again).then(confirmed(again, 5));
  });

  describe('with more than one registration allowed', () => {
    const roles = [aRole(), aRole('cooks'), aRole('drivers')];
    const cook = signUp('ann', { role: 'cooks' });
    const drive = signUp('ann', { role: 'drivers' });

    it('may hold one per role, up to the limit', () => {
      const event = givenEvent({ roles, settings: { registrationsPerUserMax: 2 } });
      event.and(ann).when(cook).then(confirmed(cook, 4));
      event
        .and(ann, cook)
        .when(drive)
        .thenRefused({ reason: 'limit-reached', registrationsPerUserMax: 2, registrations: 2 });
    });

    it('is told of the role that they hold before being told of the limit', () => {
      givenEvent({ roles })
        .and(ann)
        .when(signUp('ann'))
        .thenRefused({
          reason: 'already-registered',
          registrationId: registrationIdFor(ann.commandId),
          status: 'confirmed',
        });
    });

    it('counts who waits, and does not count who cancelled', () => {
      const event = givenEvent({ roles: [...oneSeat, ...roles.slice(1)] });
      event
        .and(signUp('bob'), ann)
        .when(cook)
        .thenRefused({ reason: 'limit-reached', registrationsPerUserMax: 1, registrations: 1 });
      event.and(ann, cancel(ann)).when(cook).then(confirmed(cook, 5));
    });
  });

  it('is another user when the id differs in case only', () => {
    const shouted = signUp(aUserId('ANN'));
    givenEvent().and(ann).when(shouted).then(confirmed(shouted, 4));
  });
});
