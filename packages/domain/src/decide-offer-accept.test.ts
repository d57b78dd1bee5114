/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import { accept, aRole, cancel, decidedAfterMs, givenEvent, promoted, signUp, signupTime } from '@rollcall/testkit';
import { describe, it } from 'vitest';
import { registrationIdFor } from './ids.ts';

const offerMs = 60_000;
const roles = [aRole('volunteers', { capacity: 1, waitlist: 'offer', offerMs })];
const [ann, bob, cem, dan] = [signUp('ann'), signUp('bob'), signUp('cem'), signUp('dan')];
const bobsId = registrationIdFor(bob.commandId);
/** The seat is freed at `signupTime`, and the offer made when that is decided. */
const expiresAt = signupTime + decidedAfterMs + offerMs;
const withOffer = () => givenEvent({ roles }).and(ann, bob, cem, cancel(ann));

describe('an offer is accepted', () => {
  it('by its holder or by staff, and the registration is confirmed', () => {
    withOffer()
      .when(accept(bob))
      .then(promoted(bob, 4, 'offered'));
    withOffer()
      .when(accept(bob, { by: 'staff' }))
      .then(promoted(bob, 4, 'offered'));
  });

  it('by nobody else', () => {
    withOffer()
      .when(accept(bob, { by: 'mallory' }))
      .thenRefused({ reason: 'registration-not-found', registrationId: bobsId });
  });

  it('until it runs out: the moment itself is too late', () => {
    withOffer()
      .when(accept(bob, { at: expiresAt - 1 }))
      .then(promoted(bob, 4, 'offered'));
    withOffer()
      .when(accept(bob, { at: expiresAt }))
      .thenRefused({ reason: 'offer-expired', registrationId: bobsId, expiresAt });
    withOffer()
      .when(accept(bob, { at: expiresAt, by: 'staff' }))
      .thenRefused({ reason: 'offer-expired', registrationId: bobsId, expiresAt });
  });

  it('once', () => {
    withOffer()
      .and(accept(bob))
      .when(accept(bob))
      .thenRefused({ reason: 'no-offer', registrationId: bobsId, status: 'confirmed' });
  });

  it('by who has one', () => {
    const cemsId = registrationIdFor(cem.commandId);
    withOffer().when(accept(cem)).thenRefused({ reason: 'no-offer', registrationId: cemsId, status: 'waitlist' });
    const [annsId, nobody] = [registrationIdFor(ann.commandId), registrationIdFor(dan.commandId)];
    withOffer().when(accept(ann)).thenRefused({ reason: 'already-cancelled', registrationId: annsId });
    withOffer().when(accept(dan)).thenRefused({ reason: 'registration-not-found', registrationId: nobody });
  });

  it('while the event goes on, which is told before anything of the offer', () => {
    const endsAt = signupTime + 1_000;
    const settings = { startsAt: 0, endsAt };
    const event = givenEvent({ roles, settings }).and(ann, bob, cem, cancel(ann));
    event.when(accept(bob, { at: endsAt - 1 })).then(promoted(bob, 4, 'offered'));
    event.when(accept(bob, { at: endsAt })).thenRefused({ reason: 'event-over', endsAt });
    event.when(accept(cem, { at: endsAt })).thenRefused({ reason: 'event-over', endsAt });
    event
      .when(accept(ann, { at: endsAt }))
      .thenRefused({ reason: 'already-cancelled', registrationId: registrationIdFor(ann.commandId) });
  });
});
