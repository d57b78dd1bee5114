/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  aPool,
  aRole,
  cancel,
  cancelled,
  confirmed,
  eventFull,
  givenEvent,
  poolFull,
  promoted,
  roleFull,
  signUp,
  waitlisted,
  type RoleParts,
} from '@rollcall/testkit';
import { describe, it } from 'vitest';

const [ann, bob, cem] = [signUp('ann'), signUp('bob'), signUp('cem')];
const cook = (user: string) => signUp(user, { role: 'cooks' });
const drive = (user: string) => signUp(user, { role: 'drivers' });
const [cookB, cookC, driveD, driveE] = [cook('bob'), cook('cem'), drive('dan'), drive('eve')];
const threeRoles = (parts: RoleParts = {}) => ['volunteers', 'cooks', 'drivers'].map((name) => aRole(name, parts));
const unlimited = threeRoles({ capacity: null });

describe('a role', () => {
  it('has its last seat given, and not one more', () => {
    givenEvent().and(ann).when(bob).then(confirmed(bob, 4));
    givenEvent()
      .and(ann, bob)
      .when(cem)
      .then(waitlisted(cem, 5, 1));
  });

  it('without a capacity has seats for everybody', () => {
    const many = Array.from({ length: 40 }, (_, n) => signUp(`user-${n}`));
    givenEvent({ roles: [aRole('volunteers', { capacity: null, waitlist: 'off' })] })
      .and(...many)
      .when(ann)
      .then(confirmed(ann, 43));
  });
});

describe('a pool', () => {
  const pools = [aPool('kitchen', 2, 'volunteers', 'cooks')];
  const event = () => givenEvent({ roles: unlimited, pools });

  it('limits its roles together', () => {
    event().and(ann).when(cookB).then(confirmed(cookB, 4));
    event()
      .and(ann, cookB)
      .when(cookC)
      .then(waitlisted(cookC, 5, 1, poolFull('cooks', 'kitchen', 2)));
  });

  it('does not limit other roles', () => {
    event().and(ann, cookB).when(driveD).then(confirmed(driveD, 5));
  });

  it('refuses where its role has no waitlist', () => {
    givenEvent({ roles: threeRoles({ capacity: null, waitlist: 'off' }), pools })
      .and(ann, cookB)
      .when(cem)
      .thenRefused(poolFull('volunteers', 'kitchen', 2));
  });

  it('of no seats lets nobody in', () => {
    givenEvent({ roles: unlimited, pools: [aPool('shut', 0, 'cooks')] })
      .when(cookB)
      .then(waitlisted(cookB, 3, 1, poolFull('cooks', 'shut', 0)));
  });

  it('of no roles limits nobody', () => {
    givenEvent({ roles: unlimited, pools: [aPool('nobody', 0)] })
      .when(cookB)
      .then(confirmed(cookB, 3));
  });

  it('is one of several that a role can be in: all of them need room', () => {
    const two = [aPool('kitchen', 2, 'volunteers', 'cooks'), aPool('wheels', 1, 'drivers', 'cooks')];
    const both = () => givenEvent({ roles: unlimited, pools: two });
    both()
      .and(driveD)
      .when(cookB)
      .then(waitlisted(cookB, 4, 1, poolFull('cooks', 'wheels', 1)));
    both()
      .and(ann, bob)
      .when(cookC)
      .then(waitlisted(cookC, 5, 1, poolFull('cooks', 'kitchen', 2)));
    both().and(ann).when(cookB).then(confirmed(cookB, 4));
  });
});

describe('the event', () => {
  const event = () => givenEvent({ roles: unlimited, settings: { capacity: 2 } });

  it('limits all of its roles together', () => {
    event().and(ann).when(cookB).then(confirmed(cookB, 4));
    event()
      .and(ann, cookB)
      .when(driveD)
      .then(waitlisted(driveD, 5, 1, eventFull('drivers', 2)));
  });

  it('of no seats lets nobody in', () => {
    givenEvent({ roles: unlimited, settings: { capacity: 0 } })
      .when(ann)
      .then(waitlisted(ann, 3, 1, eventFull('volunteers', 0)));
  });
});

describe('of several limits that have no room', () => {
  const full = (role: number | null, first: number, second: number, all: number) =>
    givenEvent({
      roles: threeRoles({ capacity: role }),
      pools: [aPool('first', first, 'volunteers', 'cooks'), aPool('second', second, 'volunteers')],
      settings: { capacity: all },
    }).and(ann);

  it.each([
    ['the role', full(1, 1, 1, 1), roleFull('volunteers', 1)],
    ['the first pool', full(2, 1, 1, 1), poolFull('volunteers', 'first', 1)],
    ['the second pool', full(2, 2, 1, 1), poolFull('volunteers', 'second', 1)],
    ['the event', full(2, 2, 2, 1), eventFull('volunteers', 1)],
  ] as const)('%s is told first', (_which, event, because) => {
    event.when(bob).then(waitlisted(bob, 4, 1, because));
  });
});

describe('a seat that is freed', () => {
  it('goes to the earliest of all roles that share the limit', () => {
    const [waits, waitsToo] = [cookC, signUp('dan')];
    const event = (...first: readonly (typeof ann)[]) =>
      givenEvent({ roles: unlimited, pools: [aPool('kitchen', 2, 'volunteers', 'cooks')] }).and(ann, cookB, ...first);
    event(waits, waitsToo)
      .when(cancel(ann))
      .then(cancelled(ann, 3, 'confirmed'), promoted(waits, 5));
    event(waitsToo, waits)
      .when(cancel(ann))
      .then(cancelled(ann, 3, 'confirmed'), promoted(waitsToo, 5));
  });

  it('passes by the line of a role that is full itself, and of one whose other limit is', () => {
    const roles = [
      aRole('volunteers', { capacity: 1 }),
      aRole('cooks', { capacity: null }),
      aRole('drivers', { capacity: null }),
    ];
    const pools = [aPool('wheels', 1, 'drivers')];
    const [waitsForRole, waitsForPool, waitsForEvent] = [bob, driveE, cook('fay')];
    givenEvent({ roles, pools, settings: { capacity: 3 } })
      .and(ann, driveD, cookC, waitsForRole, waitsForPool, waitsForEvent)
      .when(cancel(cookC))
      .then(cancelled(cookC, 5, 'confirmed'), promoted(waitsForEvent, 8));
  });

  it('is not passed on in a role that shares no limit with it', () => {
    const roles = threeRoles({ capacity: 1 });
    const waiting = cook('fay');
    givenEvent({ roles, pools: [aPool('kitchen', 2, 'volunteers', 'cooks')] })
      .and(ann, cookB, driveD, waiting, driveE)
      .when(cancel(driveD))
      .then(cancelled(driveD, 5, 'confirmed'), promoted(driveE, 7));
  });

  it('is kept free where the first in line must wait: nobody overtakes within a line', () => {
    const roles = [aRole('volunteers', { capacity: 1 }), aRole('cooks', { capacity: null })];
    givenEvent({ roles, settings: { capacity: 2 } })
      .and(ann, cookB, cem)
      .when(cancel(cookB))
      .then(cancelled(cookB, 4, 'confirmed'));
  });
});
