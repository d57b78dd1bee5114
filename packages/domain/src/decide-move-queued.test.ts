/* oxlint-disable vitest/expect-expect, promise/valid-params -- then(), thenRefused() and thenQuiet() assert */
import {
  aPool,
  aRole,
  cancel,
  cancelled,
  changeRole,
  givenEvent,
  move,
  othersWaiting,
  poolFull,
  promoted,
  roleFull,
  signUp,
  waitlisted,
} from '@rollcall/testkit';
import { describe, it } from 'vitest';
import type { MoveBetweenRoles, SignUp } from './command.ts';
import { registrationIdFor } from './ids.ts';

const queueing = { by: 'staff', ifFull: 'waitlist' } as const;
const [ann, eve] = [signUp('ann'), signUp('eve')];
const cookB = signUp('bob', { role: 'cooks' });
const annsId = registrationIdFor(ann.commandId);
/** As if the registration that a move queues had been signed up for. */
const second = ({ commandId, roleId }: MoveBetweenRoles, { userId }: SignUp) =>
  signUp(userId, { role: roleId, commandId });

const oneSeatEach = ['volunteers', 'cooks', 'drivers'].map((name) => aRole(name, { capacity: 1 }));
const toCooks = move(ann, 'cooks', queueing);
const annCooks = second(toCooks, ann);
const event = (settings = {}) => givenEvent({ roles: oneSeatEach, settings }).and(ann, cookB);

describe('a move that waits', () => {
  it('queues a second registration that replaces the first, at the end of the line', () => {
    event()
      .when(toCooks)
      .then({ ...waitlisted(annCooks, 5, 1, roleFull('cooks', 1)), replaces: annsId });
    event()
      .and(signUp('fay', { role: 'cooks' }))
      .when(toCooks)
      .then({ ...waitlisted(annCooks, 6, 2, roleFull('cooks', 1)), replaces: annsId });
  });

  it('is told that others wait, where that alone is why', () => {
    const pools = [aPool('kitchen', 1, 'volunteers', 'cooks')];
    const waits = signUp('bob', { role: 'cooks' });
    givenEvent({ roles: oneSeatEach, pools })
      .and(ann, waits)
      .when(toCooks)
      .then({ ...waitlisted(annCooks, 5, 2, othersWaiting('cooks', 1)), replaces: annsId });
  });

  it('happens when its turn comes: the first is cancelled, and its seat goes on to its own line', () => {
    event()
      .and(toCooks)
      .when(cancel(cookB))
      .then(cancelled(cookB, 4, 'confirmed'), promoted(annCooks, 5), cancelled(ann, 3, 'confirmed', 'moved'));
    event()
      .and(eve, toCooks)
      .when(cancel(cookB))
      .then(
        cancelled(cookB, 4, 'confirmed'),
        promoted(annCooks, 6),
        cancelled(ann, 3, 'confirmed', 'moved'),
        promoted(eve, 5),
      );
  });

  it('may be given up; the first stays', () => {
    event()
      .and(toCooks)
      .when(cancel(annCooks))
      .then(cancelled(annCooks, 5, 'waitlist'));
    event()
      .and(toCooks, cancel(annCooks))
      .when(cancel(cookB))
      .then(cancelled(cookB, 4, 'confirmed'));
  });

  it('gives up a place in line as well as a seat', () => {
    const waiting = signUp('dan');
    const toCook = move(waiting, 'cooks', queueing);
    event()
      .and(waiting, toCook)
      .when(cancel(cookB))
      .then(
        cancelled(cookB, 4, 'confirmed'),
        promoted(second(toCook, waiting), 6),
        cancelled(waiting, 5, 'waitlist', 'moved'),
      );
  });

  it('goes on when the first, which waited too, gets its seat before', () => {
    const waiting = signUp('dan');
    const toCook = move(waiting, 'cooks', queueing);
    event()
      .and(waiting, toCook, cancel(ann))
      .when(cancel(cookB))
      .then(
        cancelled(cookB, 4, 'confirmed'),
        promoted(second(toCook, waiting), 6),
        cancelled(waiting, 5, 'confirmed', 'moved'),
      );
  });
});

describe('several who move', () => {
  const bobDrives = move(cookB, 'drivers', queueing);
  const driveD = signUp('dan', { role: 'drivers' });

  it('move up one after the other in one decision', () => {
    event()
      .and(driveD, eve, toCooks, bobDrives)
      .when(cancel(driveD))
      .then(
        cancelled(driveD, 5, 'confirmed'),
        promoted(second(bobDrives, cookB), 8),
        cancelled(cookB, 4, 'confirmed', 'moved'),
        promoted(annCooks, 7),
        cancelled(ann, 3, 'confirmed', 'moved'),
        promoted(eve, 6),
      );
  });

  const swap = move(cookB, 'volunteers', queueing);

  it('do not swap: each keeps a seat and waits', () => {
    event()
      .and(toCooks)
      .when(swap)
      .then({
        ...waitlisted(second(swap, cookB), 6, 1, roleFull('volunteers', 1)),
        replaces: registrationIdFor(cookB.commandId),
      });
  });

  it('swap once a seat more makes it possible', () => {
    event()
      .and(toCooks, swap)
      .when(changeRole('cooks', { capacity: 2 }))
      .then(
        { type: 'RoleCapacityChanged', roleId: annCooks.roleId, before: 1, after: 2 },
        promoted(annCooks, 5),
        cancelled(ann, 3, 'confirmed', 'moved'),
        promoted(second(swap, cookB), 6),
        cancelled(cookB, 4, 'confirmed', 'moved'),
      );
  });
});

describe('movers whose old and new role share a limit', () => {
  const pools = [aPool('kitchen', 2, 'volunteers', 'cooks')];
  const roles = [aRole('volunteers', { capacity: null }), aRole('cooks', { capacity: 1 })];

  it('move also while the limit is full: their old seat does not count in it', () => {
    givenEvent({ roles, pools })
      .and(ann, cookB, eve, toCooks)
      .when(cancel(cookB))
      .then(
        cancelled(cookB, 4, 'confirmed'),
        // Eve was first, and fills the pool again.
        promoted(eve, 5),
        promoted(annCooks, 6),
        cancelled(ann, 3, 'confirmed', 'moved'),
      );
  });

  it('do not overtake one in their line who must wait', () => {
    const [fay, gus] = [signUp('fay', { role: 'cooks' }), signUp('gus')];
    const cooks = [aRole('volunteers', { capacity: null }), aRole('cooks', { capacity: 2 })];
    givenEvent({ roles: cooks, pools })
      .and(ann, gus, fay)
      .when(toCooks)
      .then({ ...waitlisted(annCooks, 6, 2, othersWaiting('cooks', 1)), replaces: annsId });
    givenEvent({ roles: cooks, pools })
      .and(ann, gus, fay, toCooks)
      .when(cancel(annCooks))
      .then(cancelled(annCooks, 6, 'waitlist'));
  });

  it('wait where another limit of the new role is full', () => {
    const hall = [...pools, aPool('hall', 1, 'cooks')];
    const two = [aRole('volunteers', { capacity: null }), aRole('cooks', { capacity: 2 })];
    givenEvent({ roles: two, pools: hall })
      .and(ann, cookB)
      .when(toCooks)
      .then({ ...waitlisted(annCooks, 5, 1, poolFull('cooks', 'hall', 1)), replaces: annsId });
  });
});
