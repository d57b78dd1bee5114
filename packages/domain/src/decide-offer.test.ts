/* oxlint-disable vitest/expect-expect, promise/valid-params -- then(), thenRefused() and thenQuiet() assert */
import {
  aPool,
  aRole,
  cancel,
  cancelled,
  changeEvent,
  changeRole,
  closeEvent,
  confirmed,
  decidedAfterMs,
  givenEvent,
  offered,
  promoted,
  remove,
  roleFull,
  signUp,
  signupTime,
  waitlisted,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { registrationIdFor } from './ids.ts';

const offerMs = 60_000;
const roles = [aRole('volunteers', { capacity: 1, waitlist: 'offer', offerMs })];
const [ann, bob, cem, dan] = [signUp('ann'), signUp('bob'), signUp('cem'), signUp('dan')];
const bobsId = registrationIdFor(bob.commandId);
/** The seat is freed at `signupTime`, and the offer made when that is decided. */
const expiresAt = signupTime + decidedAfterMs + offerMs;
const full = () => givenEvent({ roles }).and(ann, bob, cem);
const withOffer = () => full().and(cancel(ann));

describe('an offer', () => {
  it('holds a freed seat for the first in line, from the moment it is made', () => {
    full()
      .when(cancel(ann))
      .then(cancelled(ann, 3, 'confirmed'), offered(bob, 4, expiresAt));
  });

  it('is not made to who comes while seats are free: they have one at once', () => {
    givenEvent({ roles }).when(ann).then(confirmed(ann, 3));
  });

  it('leaves the holder waiting, but out of the line', () => {
    const { rules } = withOffer().when(dan);
    expect(rules.registrations.get(bobsId)).toMatchObject({ status: 'waitlist', offer: { expiresAt } });
    withOffer()
      .when(dan)
      .then(waitlisted(dan, 7, 2, roleFull('volunteers', 1)));
    withOffer()
      .when(signUp('bob'))
      .thenRefused({ reason: 'already-registered', registrationId: bobsId, status: 'waitlist' });
    withOffer()
      .when(signUp('cem'))
      .thenRefused({
        reason: 'already-registered',
        registrationId: registrationIdFor(cem.commandId),
        status: 'waitlist',
        waitlistPosition: 1,
      });
  });

  it('takes the seat, and no place in a waitlist of limited length', () => {
    const limited = [aRole('volunteers', { capacity: 1, waitlist: 'offer', offerMs, waitlistMax: 1 })];
    givenEvent({ roles: limited })
      .and(ann, bob, cancel(ann))
      .when(cem)
      .then(waitlisted(cem, 6, 1, roleFull('volunteers', 1)));
  });

  it('does not run past the end of the event', () => {
    const endsAt = signupTime + decidedAfterMs + offerMs - 1;
    givenEvent({ roles, settings: { startsAt: 0, endsAt } })
      .and(ann, bob)
      .when(cancel(ann))
      .then(cancelled(ann, 3, 'confirmed'), offered(bob, 4, endsAt));
  });

  it('is made when the event is closed, and to as many as there are seats', () => {
    full()
      .and(closeEvent())
      .when(changeRole('volunteers', { capacity: 3 }))
      .then(
        { type: 'RoleCapacityChanged', roleId: ann.roleId, before: 1, after: 3 },
        offered(bob, 4, expiresAt),
        offered(cem, 5, expiresAt),
      );
  });
});

describe('offers under a shared limit', () => {
  it('are made to as many as it has seats for, and no more', () => {
    const free = [aRole('volunteers', { capacity: null, waitlist: 'offer', offerMs })];
    const [before, after] = [[aPool('hall', 1, 'volunteers')], [aPool('hall', 2, 'volunteers')]];
    givenEvent({ roles: free, pools: before })
      .and(ann, bob, cem, dan)
      .when(changeEvent({ pools: { hall: { capacity: 2 } } }))
      .then({ type: 'PoolsChanged', before, after }, offered(bob, 4, expiresAt));
    givenEvent({ roles: free, settings: { capacity: 1 } })
      .and(ann, bob, cem, dan)
      .when(changeEvent({ settings: { capacity: 3 } }))
      .then(
        { type: 'EventSettingsChanged', before: { capacity: 1 }, after: { capacity: 3 } },
        offered(bob, 4, expiresAt),
        offered(cem, 5, expiresAt),
      );
  });
});

describe('the holder of an offer who leaves', () => {
  it('passes the seat on, also after `cancelClosesAt`', () => {
    withOffer()
      .when(cancel(bob))
      .then(cancelled(bob, 4, 'offered'), offered(cem, 5, expiresAt));
    withOffer()
      .and(changeEvent({ settings: { cancelClosesAt: signupTime } }))
      .when(cancel(bob))
      .then(cancelled(bob, 4, 'offered'), offered(cem, 5, expiresAt));
    withOffer()
      .when(remove(bob))
      .then({ ...cancelled(bob, 4, 'offered', 'staff'), reasonCode: 'requested' }, offered(cem, 5, expiresAt));
  });
});

describe('where the waitlist is changed', () => {
  it('to `auto`, those who wait are confirmed, and offers stay', () => {
    const { decision, rules } = withOffer().when(changeRole('volunteers', { waitlist: 'auto', capacity: 2 }));
    expect(decision).toMatchObject({ domainEvents: [{ type: 'RoleCapacityChanged' }, {}, promoted(cem, 5)] });
    expect(rules.registrations.get(bobsId)).toMatchObject({ offer: { expiresAt } });
  });

  it('to `off`, those who are left in line are confirmed without an offer', () => {
    full()
      .and(changeRole('volunteers', { waitlist: 'off' }))
      .when(cancel(ann))
      .then(cancelled(ann, 3, 'confirmed'), promoted(bob, 4));
  });
});
