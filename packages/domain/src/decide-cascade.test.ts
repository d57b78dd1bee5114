/* oxlint-disable vitest/expect-expect, promise/valid-params -- then(), thenRefused() and thenQuiet() assert */
import {
  aPool,
  aRole,
  cancel,
  cancelled,
  changeEvent,
  changeRole,
  decidedAfterMs,
  demoted,
  givenEvent,
  move,
  moved,
  offered,
  promoted,
  remove,
  signUp,
  signupTime,
  type RoleParts,
} from '@rollcall/testkit';
import { describe, it } from 'vitest';

const queueing = { by: 'staff', ifFull: 'waitlist' } as const;
const keep = { ifOver: 'keep' } as const;
const [ann, bob, eve] = [signUp('ann'), signUp('bob'), signUp('eve')];
const cookB = signUp('bob', { role: 'cooks' });
const toCooks = move(ann, 'cooks', queueing);
/** As if the registration that the move queues had been signed up for. */
const annCooks = signUp('ann', { role: 'cooks', commandId: toCooks.commandId });
const rolesWith = (volunteers: RoleParts = {}) => [
  aRole('volunteers', { capacity: null, ...volunteers }),
  aRole('cooks', { capacity: null }),
  aRole('drivers', { capacity: null }),
];
const roles = rolesWith();
const kitchen = (capacity: number) => [aPool('kitchen', capacity, 'volunteers', 'cooks')];
const capacityOfEvent = (before: number, after: number) =>
  ({ type: 'EventSettingsChanged', before: { capacity: before }, after: { capacity: after } }) as const;

describe('who leaves a line', () => {
  const event = () => givenEvent({ roles, pools: kitchen(1) }).and(ann, cookB, toCooks);
  const annMoves = [promoted(annCooks, 5), cancelled(ann, 3, 'confirmed', 'moved')];

  it('makes way for one behind them who gives up a seat that counts in the same limit', () => {
    event()
      .when(cancel(cookB))
      .then(cancelled(cookB, 4, 'waitlist'), ...annMoves);
    event()
      .when(remove(cookB))
      .then({ ...cancelled(cookB, 4, 'waitlist', 'staff'), reasonCode: 'requested' }, ...annMoves);
    event()
      .when(move(cookB, 'drivers', queueing))
      .then(moved(cookB, { role: 'drivers', sequence: 6, from: 4, standing: 'waitlist' }), ...annMoves);
  });

  it('makes no way for one who would need a seat more', () => {
    givenEvent({ roles, pools: kitchen(1) })
      .and(ann, cookB, signUp('fay', { role: 'cooks' }))
      .when(cancel(cookB))
      .then(cancelled(cookB, 4, 'waitlist'));
  });
});

describe('one who gets both places in one decision', () => {
  const event = (volunteers: RoleParts = {}) =>
    givenEvent({ roles: rolesWith(volunteers), settings: { capacity: 1 } }).and(eve, ann, toCooks);

  it('keeps the one that they wanted', () => {
    for (const capacity of [2, 3]) {
      event()
        .when(changeEvent({ settings: { capacity } }))
        .then(
          capacityOfEvent(1, capacity),
          promoted(ann, 4),
          promoted(annCooks, 5),
          cancelled(ann, 4, 'confirmed', 'moved'),
        );
    }
  });

  it('gives up an offer for it', () => {
    event({ waitlist: 'offer', offerMs: 60_000 })
      .when(changeEvent({ settings: { capacity: 3 } }))
      .then(
        capacityOfEvent(1, 3),
        offered(ann, 4, signupTime + decidedAfterMs + 60_000),
        promoted(annCooks, 5),
        cancelled(ann, 4, 'offered', 'moved'),
      );
  });
});

describe('a seat that is given up', () => {
  const overFull = givenEvent({ roles, settings: { capacity: 2 } }).and(
    ann,
    bob,
    changeEvent({ settings: { capacity: 1 } }, keep),
    toCooks,
  );

  it('does not count for its holder’s move any more when they have cancelled it', () => {
    overFull
      .when(cancel(bob))
      .then(cancelled(bob, 4, 'confirmed'), promoted(annCooks, 6), cancelled(ann, 3, 'confirmed', 'moved'));
    overFull.when(cancel(ann)).then(cancelled(ann, 3, 'confirmed'));
  });

  it('counts where its holder is now', () => {
    const toDrivers = move(ann, 'drivers', queueing);
    givenEvent({ roles, pools: kitchen(2) })
      .and(ann, bob, changeEvent({ pools: { kitchen: { capacity: 1 } } }, keep), toCooks)
      .when(toDrivers)
      .then(moved(ann, { role: 'drivers', sequence: 7, from: 3 }));
  });

  it('is none in a limit that holds the new one as well', () => {
    givenEvent({ roles, settings: { capacity: 2 } })
      .and(ann, bob, eve)
      .when(move(ann, 'drivers', queueing))
      .then(moved(ann, { role: 'drivers', sequence: 6, from: 3 }));
  });
});

describe('one whose offer is taken back', () => {
  it.each([
    ['nobody', []],
    ['somebody', [signUp('fay', { role: 'cooks' })]],
  ])(
    'still gives up the old seat for the new one, and moves where that alone makes room: %s waits behind',
    (_who, behind) => {
      const both = [aRole('volunteers', { capacity: null }), aRole('cooks', { capacity: 1, waitlist: 'offer' })];
      const pools = kitchen(2);
      givenEvent({ roles: both, pools })
        .and(ann, cookB, toCooks, ...behind, cancel(cookB))
        .and(changeRole('cooks', { waitlist: 'auto' }))
        .when(changeEvent({ pools: { kitchen: { capacity: 1 } } }, { ifOver: 'demote' }))
        .then(
          { type: 'PoolsChanged', before: pools, after: kitchen(1) },
          demoted(annCooks, 5, 'offered'),
          promoted(annCooks, 5),
          cancelled(ann, 3, 'confirmed', 'moved'),
        );
    },
  );
});

describe('a chain of promotions', () => {
  it('passes a freed seat on from role to role, and to nobody twice', () => {
    const seats = ['volunteers', 'cooks', 'drivers'].map((name) => aRole(name, { capacity: 1 }));
    const driveD = signUp('dan', { role: 'drivers' });
    const toDrivers = move(cookB, 'drivers', queueing);
    const bobDrives = signUp('bob', { role: 'drivers', commandId: toDrivers.commandId });
    givenEvent({ roles: seats, settings: { capacity: 3 } })
      .and(ann, cookB, driveD, eve, toCooks, toDrivers)
      .when(remove(driveD))
      .then(
        { ...cancelled(driveD, 5, 'confirmed', 'staff'), reasonCode: 'requested' },
        promoted(bobDrives, 8),
        cancelled(cookB, 4, 'confirmed', 'moved'),
        promoted(annCooks, 7),
        cancelled(ann, 3, 'confirmed', 'moved'),
        promoted(eve, 6),
      );
  });

  it('comes to an end where the first in a line must wait', () => {
    const seats = ['volunteers', 'cooks'].map((name) => aRole(name, { capacity: 1 }));
    givenEvent({ roles: seats, pools: [aPool('hall', 0, 'volunteers')] })
      .and(signUp('ann', { by: 'staff', override: true, commandId: ann.commandId }), cookB, eve, toCooks)
      .when(cancel(cookB))
      .then(cancelled(cookB, 4, 'confirmed'), promoted(annCooks, 6), cancelled(ann, 3, 'confirmed', 'moved'));
  });
});
