/* oxlint-disable vitest/expect-expect, promise/valid-params -- then(), thenRefused() and thenQuiet() assert */
import {
  accept,
  aPool,
  aRole,
  cancel,
  cancelled,
  changeRole,
  decidedAfterMs,
  decline,
  expire,
  givenEvent,
  move,
  offered,
  promoted,
  signUp,
  signupTime,
} from '@rollcall/testkit';
import { describe, it } from 'vitest';

const offerMs = 60_000;
const expiresAt = signupTime + decidedAfterMs + offerMs;
const roles = (volunteers: number | null = 1) => [
  aRole('volunteers', { capacity: volunteers }),
  aRole('cooks', { capacity: 1, waitlist: 'offer', offerMs }),
];
const [ann, eve] = [signUp('ann'), signUp('eve')];
const cookB = signUp('bob', { role: 'cooks' });
const toCooks = move(ann, 'cooks', { by: 'staff', ifFull: 'waitlist' });
/** As if the registration that the move queues had been signed up for. */
const annCooks = signUp('ann', { role: 'cooks', commandId: toCooks.commandId });
const offeredToAnn = () => givenEvent({ roles: roles() }).and(ann, cookB, eve, toCooks, cancel(cookB));

describe('a move whose turn comes as an offer', () => {
  it('leaves the old seat to its holder for now', () => {
    givenEvent({ roles: roles() })
      .and(ann, cookB, eve, toCooks)
      .when(cancel(cookB))
      .then(cancelled(cookB, 4, 'confirmed'), offered(annCooks, 6, expiresAt));
  });

  it('happens when it is accepted, and the old seat goes on', () => {
    offeredToAnn()
      .when(accept(annCooks))
      .then(promoted(annCooks, 6, 'offered'), cancelled(ann, 3, 'confirmed', 'moved'), promoted(eve, 5));
  });

  it('does not happen when it is declined or runs out: the old seat stays', () => {
    offeredToAnn()
      .when(decline(annCooks))
      .then(cancelled(annCooks, 6, 'offered', 'declined'));
    offeredToAnn()
      .when(expire(annCooks, expiresAt))
      .then(cancelled(annCooks, 6, 'offered', 'expired'));
  });

  it('is an ordinary seat when the first one was given back meanwhile', () => {
    offeredToAnn()
      .and(cancel(ann))
      .when(accept(annCooks))
      .then(promoted(annCooks, 6, 'offered'));
  });
});

describe('an offer to one who moves needs room beside the old seat', () => {
  const pools = [aPool('kitchen', 2, 'volunteers', 'cooks')];

  it('so it waits while the shared limit is full', () => {
    const event = () => givenEvent({ roles: roles(null), pools }).and(ann, cookB, eve, toCooks);
    event()
      .when(cancel(cookB))
      .then(cancelled(cookB, 4, 'confirmed'), promoted(eve, 5));
    event()
      .and(cancel(cookB))
      .when(cancel(eve))
      .then(cancelled(eve, 5, 'confirmed'), offered(annCooks, 6, expiresAt));
  });

  it('and the same for the limit of the event', () => {
    const event = givenEvent({ roles: roles(null), settings: { capacity: 2 } }).and(ann, cookB, eve, toCooks);
    event.when(cancel(cookB)).then(cancelled(cookB, 4, 'confirmed'), promoted(eve, 5));
  });

  it('unless the line is left from before offers were switched off: then the move happens at once', () => {
    givenEvent({ roles: roles(null), pools })
      .and(ann, cookB, eve, toCooks, cancel(cookB))
      .when(changeRole('cooks', { waitlist: 'off' }))
      .then(
        {
          type: 'RoleWaitlistChanged',
          roleId: annCooks.roleId,
          before: { waitlist: 'offer', offerMs },
          after: { waitlist: 'off', offerMs },
        },
        promoted(annCooks, 6),
        cancelled(ann, 3, 'confirmed', 'moved'),
      );
  });
});

describe('when a move happens', () => {
  it('an offer that the first one had is given up, and goes to the next', () => {
    const both = [aRole('volunteers', { capacity: 1, waitlist: 'offer', offerMs }), aRole('cooks', { capacity: 1 })];
    const toCook = move(eve, 'cooks', { by: 'staff', ifFull: 'waitlist' });
    const fay = signUp('fay');
    givenEvent({ roles: both })
      .and(ann, cookB, eve, fay, toCook, cancel(ann))
      .when(cancel(cookB))
      .then(
        cancelled(cookB, 4, 'confirmed'),
        promoted(signUp('eve', { role: 'cooks', commandId: toCook.commandId }), 7),
        cancelled(eve, 5, 'offered', 'moved'),
        offered(fay, 6, expiresAt),
      );
  });
});
