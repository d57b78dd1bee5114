/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  accept,
  aRole,
  cancel,
  cancelled,
  decidedAfterMs,
  decline,
  expire,
  givenEvent,
  offered,
  signUp,
  signupTime,
  someSettings,
} from '@rollcall/testkit';
import { describe, it } from 'vitest';
import { registrationIdFor } from './ids.ts';

const offerMs = 60_000;
const roles = [aRole('volunteers', { capacity: 1, waitlist: 'offer', offerMs })];
const [ann, bob, cem, dan] = [signUp('ann'), signUp('bob'), signUp('cem'), signUp('dan')];
const bobsId = registrationIdFor(bob.commandId);
/** The seat is freed at `signupTime`, and the offer made when that is decided. */
const expiresAt = signupTime + decidedAfterMs + offerMs;
const full = () => givenEvent({ roles }).and(ann, bob, cem);
const withOffer = () => full().and(cancel(ann));

describe('an offer is declined', () => {
  it('for good, and the seat is offered to the next', () => {
    withOffer()
      .when(decline(bob))
      .then(cancelled(bob, 4, 'offered', 'declined'), offered(cem, 5, expiresAt));
    withOffer()
      .and(decline(bob))
      .when(accept(bob))
      .thenRefused({ reason: 'already-cancelled', registrationId: bobsId });
  });

  it('by staff too, and by nobody else', () => {
    withOffer()
      .when(decline(bob, { by: 'staff' }))
      .then(cancelled(bob, 4, 'offered', 'declined'), offered(cem, 5, expiresAt));
    withOffer()
      .when(decline(bob, { by: 'mallory' }))
      .thenRefused({ reason: 'registration-not-found', registrationId: bobsId });
  });

  it('also when it has run out and nobody noticed, or the event is over', () => {
    withOffer()
      .when(decline(bob, { at: expiresAt }))
      .then(cancelled(bob, 4, 'offered', 'declined'), offered(cem, 5, expiresAt + decidedAfterMs + offerMs));
    const { endsAt } = someSettings();
    withOffer()
      .when(decline(bob, { at: endsAt }))
      .then(cancelled(bob, 4, 'offered', 'declined'));
  });

  it('where there is one', () => {
    full()
      .when(decline(ann))
      .thenRefused({
        reason: 'no-offer',
        registrationId: registrationIdFor(ann.commandId),
        status: 'confirmed',
      });
    full().when(decline(bob)).thenRefused({ reason: 'no-offer', registrationId: bobsId, status: 'waitlist' });
    withOffer()
      .and(decline(bob))
      .when(decline(bob))
      .thenRefused({ reason: 'already-cancelled', registrationId: bobsId });
  });
});

describe('an offer that has run out', () => {
  it('is taken back, which cancels the registration, and goes to the next', () => {
    withOffer()
      .when(expire(bob, expiresAt))
      .then(cancelled(bob, 4, 'offered', 'expired'), offered(cem, 5, expiresAt + decidedAfterMs + offerMs));
  });

  it('is not taken back a millisecond early: a timer may run fast', () => {
    withOffer()
      .when(expire(bob, expiresAt, { at: expiresAt - 1 }))
      .thenRefused({ reason: 'offer-still-open', registrationId: bobsId, expiresAt });
  });

  it('is not taken back when another one is meant', () => {
    withOffer()
      .when(expire(bob, expiresAt - 1, { at: expiresAt }))
      .thenRefused({ reason: 'no-offer', registrationId: bobsId, status: 'waitlist' });
    withOffer()
      .when(expire(bob, expiresAt + 1, { at: signupTime }))
      .thenRefused({ reason: 'no-offer', registrationId: bobsId, status: 'waitlist' });
  });

  it('is not taken back when it was answered', () => {
    withOffer()
      .and(accept(bob))
      .when(expire(bob, expiresAt))
      .thenRefused({ reason: 'no-offer', registrationId: bobsId, status: 'confirmed' });
    withOffer()
      .and(decline(bob))
      .when(expire(bob, expiresAt))
      .thenRefused({ reason: 'already-cancelled', registrationId: bobsId });
    withOffer()
      .when(expire(dan, expiresAt))
      .thenRefused({
        reason: 'registration-not-found',
        registrationId: registrationIdFor(dan.commandId),
      });
  });

  it('goes to nobody when the event is over', () => {
    const endsAt = signupTime + 1_000;
    givenEvent({ roles, settings: { startsAt: 0, endsAt } })
      .and(ann, bob, cem, cancel(ann))
      .when(expire(bob, endsAt))
      .then(cancelled(bob, 4, 'offered', 'expired'));
  });
});
