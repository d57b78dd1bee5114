/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  aPool,
  aRole,
  aRoleId,
  assign,
  cancel,
  cancelled,
  cancelEvent,
  confirmed,
  givenEvent,
  overridden,
  promoted,
  roleFull,
  signUp,
  someSettings,
  waitlisted,
} from '@rollcall/testkit';
import { describe, it } from 'vitest';
import { registrationIdFor } from './ids.ts';

const [ann, bob, cem] = [signUp('ann'), signUp('bob'), signUp('cem')];
const oneSeat = (waitlist: 'off' | 'auto' | 'offer' = 'auto') => [aRole('volunteers', { capacity: 1, waitlist })];
const eve = assign('eve', { override: true });

describe('staff with `override`', () => {
  it.each(['off', 'auto', 'offer'] as const)(
    'gives a seat that is not free, and it is recorded: waitlist %s',
    (waitlist) => {
      givenEvent({ roles: oneSeat(waitlist) })
        .and(ann)
        .when(eve)
        .then(overridden(eve, 4));
    },
  );

  it('gives it before those who wait', () => {
    givenEvent({ roles: oneSeat() }).and(ann, bob).when(eve).then(overridden(eve, 5));
  });

  it('gives it over the limit of a pool and of the event, too', () => {
    givenEvent({ pools: [aPool('all', 0, 'volunteers')], settings: { capacity: 0 } })
      .when(eve)
      .then(overridden(eve, 3));
  });

  it('records nothing special where the seat was free', () => {
    givenEvent({ roles: oneSeat() }).when(eve).then(confirmed(eve, 3));
  });

  it('does not say so about a seat that would have been refused otherwise', () => {
    const event = () => givenEvent({ roles: oneSeat() });
    event()
      .and(eve)
      .when(assign('eve', { override: true }))
      .thenRefused({
        reason: 'already-registered',
        registrationId: registrationIdFor(eve.commandId),
        status: 'confirmed',
      });
    event()
      .when(assign('eve', { override: true, role: 'pilots' }))
      .thenRefused({ reason: 'role-not-found', roleId: aRoleId('pilots') });
    event().and(cancelEvent()).when(eve).thenRefused({ reason: 'event-cancelled' });
    const { endsAt } = someSettings();
    event()
      .when(assign('eve', { override: true, at: endsAt }))
      .thenRefused({ reason: 'event-over', endsAt });
    givenEvent({ roles: [...oneSeat(), aRole('cooks', { capacity: 0 })] })
      .and(eve)
      .when(assign('eve', { override: true, role: 'cooks' }))
      .thenRefused({ reason: 'limit-reached', registrationsPerUserMax: 1, registrations: 1 });
  });
});

describe('without it', () => {
  it('staff stands in line as everybody', () => {
    const plain = assign('bob', { override: false });
    givenEvent({ roles: oneSeat() })
      .and(ann)
      .when(plain)
      .then(waitlisted(plain, 4, 1, roleFull('volunteers', 1)));
  });

  it('and users do when they say it', () => {
    const sly = signUp('bob', { override: true });
    givenEvent({ roles: oneSeat() })
      .and(ann)
      .when(sly)
      .then(waitlisted(sly, 4, 1, roleFull('volunteers', 1)));
  });
});

describe('a role that is over-full after it', () => {
  const overFull = () => givenEvent({ roles: oneSeat() }).and(ann, eve, bob);

  it('tells how many have seats', () => {
    overFull()
      .when(cem)
      .then(waitlisted(cem, 6, 2, roleFull('volunteers', 1, 2)));
  });

  it('drains before anybody gets a seat', () => {
    overFull()
      .when(cancel(ann))
      .then(cancelled(ann, 3, 'confirmed'));
    overFull()
      .and(cancel(ann))
      .when(cancel(eve))
      .then(cancelled(eve, 4, 'confirmed'), promoted(bob, 5));
  });

  it('takes nobody new beside a line, or without one, until then', () => {
    const noLine = () => givenEvent({ roles: oneSeat('off') }).and(ann, eve);
    noLine()
      .when(cem)
      .thenRefused(roleFull('volunteers', 1, 2));
    noLine()
      .and(cancel(eve))
      .when(cem)
      .thenRefused(roleFull('volunteers', 1, 1));
    noLine().and(cancel(eve), cancel(ann)).when(cem).then(confirmed(cem, 7));
  });
});
