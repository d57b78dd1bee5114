/* oxlint-disable vitest/expect-expect, promise/valid-params -- then(), thenRefused() and thenQuiet() assert */
import {
  aRole,
  assign,
  cancel,
  cancelled,
  confirmed,
  givenEvent,
  move,
  moved,
  promoted,
  roleFull,
  signUp,
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
const annsSecondId = registrationIdFor(toCooks.commandId);
const event = (settings = {}) => givenEvent({ roles: oneSeatEach, settings }).and(ann, cookB);

describe('when the first is cancelled', () => {
  it('the second waits on as an ordinary one', () => {
    event()
      .and(toCooks, cancel(ann))
      .when(cancel(cookB))
      .then(cancelled(cookB, 4, 'confirmed'), promoted(annCooks, 5));
  });

  it('the second counts for the limit per user, and may be moved', () => {
    event().and(toCooks, cancel(ann)).when(eve).then(confirmed(eve, 7));
    event()
      .and(toCooks, cancel(ann))
      .when(signUp('ann', { role: 'drivers' }))
      .thenRefused({ reason: 'limit-reached', registrationsPerUserMax: 1, registrations: 1 });
    event()
      .and(toCooks, cancel(ann))
      .when(move(annCooks, 'drivers', queueing))
      .then(moved(annCooks, { role: 'drivers', sequence: 7, from: 5, standing: 'waitlist' }));
  });
});

describe('while a move waits', () => {
  it('the second does not count for the limit per user', () => {
    const drive = signUp('ann', { role: 'drivers' });
    event()
      .and(toCooks)
      .when(drive)
      .thenRefused({ reason: 'limit-reached', registrationsPerUserMax: 1, registrations: 1 });
    event({ registrationsPerUserMax: 2 }).and(toCooks).when(drive).then(confirmed(drive, 6));
  });

  it('the user is registered in both roles', () => {
    const [again, cook] = [assign('ann'), assign('ann', { role: 'cooks' })];
    const held = { reason: 'already-registered', registrationId: annsSecondId, status: 'waitlist' } as const;
    event()
      .and(toCooks)
      .when(cook)
      .thenRefused({ ...held, waitlistPosition: 1 });
    event()
      .and(toCooks)
      .when(again)
      .thenRefused({ reason: 'already-registered', registrationId: annsId, status: 'confirmed' });
    event()
      .and(toCooks)
      .when(move(ann, 'cooks', queueing))
      .thenRefused({ ...held, waitlistPosition: 1 });
  });

  it('the first may move to a free seat; it is still given up when the turn of the second comes', () => {
    event()
      .and(toCooks)
      .when(move(ann, 'drivers', queueing))
      .then(moved(ann, { role: 'drivers', sequence: 6, from: 3 }));
    event()
      .and(toCooks, move(ann, 'drivers', queueing))
      .when(cancel(cookB))
      .then(
        cancelled(cookB, 4, 'confirmed'),
        promoted(annCooks, 5),
        cancelled({ ...ann, roleId: signUp('ann', { role: 'drivers' }).roleId }, 6, 'confirmed', 'moved'),
      );
  });

  it('a second one can not be queued, nor can the second move on', () => {
    const driveD = signUp('dan', { role: 'drivers' });
    event()
      .and(driveD, toCooks)
      .when(move(ann, 'drivers', queueing))
      .thenRefused({ reason: 'move-pending', registrationId: annsSecondId });
    event()
      .and(toCooks)
      .when(move(annCooks, 'drivers', queueing))
      .thenRefused({ reason: 'move-pending', registrationId: annsSecondId });
  });

  it('refusals keep their order: the shortage, the pending move, the full waitlist', () => {
    const driveD = signUp('dan', { role: 'drivers' });
    const drivers = (parts: Parameters<typeof aRole>[1]) =>
      givenEvent({ roles: [...oneSeatEach.slice(0, 2), aRole('drivers', { capacity: 1, ...parts })] }).and(
        ann,
        cookB,
        driveD,
        toCooks,
      );
    const drives = move(ann, 'drivers', queueing);
    drivers({})
      .when(move(ann, 'drivers', { by: 'staff' }))
      .thenRefused(roleFull('drivers', 1));
    drivers({ waitlist: 'off' }).when(drives).thenRefused(roleFull('drivers', 1));
    drivers({ waitlistMax: 1 })
      .and(signUp('fay', { role: 'drivers' }))
      .when(drives)
      .thenRefused({ reason: 'move-pending', registrationId: annsSecondId });
  });
});

describe('there is no waiting', () => {
  it('where the new role has no waitlist, or a full one', () => {
    const cooks = (parts: Parameters<typeof aRole>[1]) =>
      givenEvent({ roles: [aRole(), aRole('cooks', { capacity: 1, ...parts })] }).and(ann, cookB);
    cooks({ waitlist: 'off' }).when(toCooks).thenRefused(roleFull('cooks', 1));
    cooks({ waitlistMax: 1 })
      .and(signUp('fay', { role: 'cooks' }))
      .when(toCooks)
      .thenRefused({ reason: 'waitlist-full', roleId: annCooks.roleId, waitlistMax: 1, waitlist: 1 });
  });
});
