/* oxlint-disable vitest/expect-expect, promise/valid-params -- then(), thenRefused() and thenQuiet() assert */
import {
  aPool,
  aRole,
  aRoleId,
  cancel,
  cancelled,
  changeEvent,
  changeRole,
  checkedIn,
  checkIn,
  decidedAfterMs,
  demoted,
  eventFull,
  givenEvent,
  move,
  moved,
  offered,
  promoted,
  roleFull,
  signUp,
  signupTime,
  waitlisted,
  type RoleParts,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { registrationIdFor } from './ids.ts';

const [volunteers, cooks] = [aRoleId('volunteers'), aRoleId('cooks')];
const [ann, bob, cem, dan] = [signUp('ann'), signUp('bob'), signUp('cem'), signUp('dan')];
const cookE = signUp('eve', { role: 'cooks' });
const both = (parts: RoleParts = {}) => [
  aRole('volunteers', { capacity: 3, ...parts }),
  aRole('cooks', { capacity: 3, ...parts }),
];
const three = () => givenEvent({ roles: both() }).and(ann, bob, cem);
const demote = { ifOver: 'demote' } as const;
const capacity = (before: number | null, after: number | null) =>
  ({ type: 'RoleCapacityChanged', roleId: volunteers, before, after }) as const;
const ofEvent = (before: number, after: number) =>
  ({ type: 'EventSettingsChanged', before: { capacity: before }, after: { capacity: after } }) as const;

describe('with `demote`', () => {
  it('the last ones in go back to the waitlist, the very last first', () => {
    three()
      .when(changeRole('volunteers', { capacity: 2 }, demote))
      .then(capacity(3, 2), demoted(cem, 5));
    three()
      .when(changeRole('volunteers', { capacity: 0 }, demote))
      .then(capacity(3, 0), demoted(cem, 5), demoted(bob, 4), demoted(ann, 3));
  });

  it('nobody does where the limit is kept', () => {
    three()
      .when(changeRole('volunteers', { capacity: 3, name: 'helpers' }, demote))
      .then({ type: 'RoleRenamed', roleId: volunteers, before: 'volunteers', after: 'helpers' });
    three()
      .and(cancel(ann))
      .when(changeRole('volunteers', { capacity: 2 }, demote))
      .then(capacity(3, 2));
  });

  it('they are ahead of those who came later, in their old order', () => {
    const event = () => three().and(dan, changeRole('volunteers', { capacity: 1 }, demote));
    expect(event().when(signUp('fay')).decision).toMatchObject({ domainEvents: [{ waitlistPosition: 4 }] });
    event()
      .when(cancel(ann))
      .then(cancelled(ann, 3, 'confirmed'), promoted(bob, 4));
    event()
      .and(cancel(ann))
      .when(cancel(bob))
      .then(cancelled(bob, 4, 'confirmed'), promoted(cem, 5));
    event()
      .and(cancel(ann), cancel(bob))
      .when(cancel(cem))
      .then(cancelled(cem, 5, 'confirmed'), promoted(dan, 6));
    event()
      .when(signUp('bob'))
      .thenRefused({
        reason: 'already-registered',
        registrationId: registrationIdFor(bob.commandId),
        status: 'waitlist',
        waitlistPosition: 1,
      });
  });

  it('the same in a line that more come to', () => {
    const fay = signUp('fay');
    three()
      .and(changeRole('volunteers', { capacity: 1 }, demote))
      .when(fay)
      .then(waitlisted(fay, 7, 3, roleFull('volunteers', 1)));
  });

  it('the limit of a pool and of the event takes from whichever role was the last', () => {
    const event = () => givenEvent({ roles: both(), settings: { capacity: 4 } }).and(ann, cookE, bob);
    event()
      .when(changeEvent({ settings: { capacity: 1 } }, demote))
      .then(ofEvent(4, 1), demoted(bob, 5), demoted(cookE, 4));
    const pools = [aPool('all', 4, 'cooks', 'volunteers')];
    givenEvent({ roles: both(), pools })
      .and(ann, cookE, bob)
      .when(changeEvent({ pools: { all: { capacity: 1 } } }, demote))
      .then(
        { type: 'PoolsChanged', before: pools, after: [aPool('all', 1, 'cooks', 'volunteers')] },
        demoted(bob, 5),
        demoted(cookE, 4),
      );
  });

  it('but from no role that the limit does not hold', () => {
    const pools = [aPool('kitchen', 4, 'cooks')];
    givenEvent({ roles: both(), pools })
      .and(ann, cookE, bob)
      .when(changeEvent({ pools: { kitchen: { capacity: 0 } } }, demote))
      .then({ type: 'PoolsChanged', before: pools, after: [aPool('kitchen', 0, 'cooks')] }, demoted(cookE, 4));
  });

  it('of several limits: from the first one in, whoever fits into all of them keeps their seat', () => {
    const pools = [aPool('kitchen', 4, 'cooks')];
    const cookF = signUp('fay', { role: 'cooks' });
    const lowered = (event: number, kitchen: number, ...people: readonly (typeof ann)[]) =>
      givenEvent({ roles: both(), pools, settings: { capacity: 4 } })
        .and(...people)
        .when(changeEvent({ settings: { capacity: event }, pools: { kitchen: { capacity: kitchen } } }, demote));
    const facts = (event: number, kitchen: number) =>
      [
        ofEvent(4, event),
        { type: 'PoolsChanged', before: pools, after: [aPool('kitchen', kitchen, 'cooks')] },
      ] as const;
    lowered(2, 1, ann, cookE, bob, cookF).then(...facts(2, 1), demoted(cookF, 6), demoted(bob, 5));
    lowered(3, 1, ann, bob, cookE, cookF).then(...facts(3, 1), demoted(cookF, 6));
    // The last one in has a seat after all, because the cooks before them have none.
    lowered(2, 0, ann, cookE, cookF, bob).then(...facts(2, 0), demoted(cookF, 5), demoted(cookE, 4));
    lowered(1, 0, ann, cookE, bob, cookF).then(...facts(1, 0), demoted(cookF, 6), demoted(bob, 5), demoted(cookE, 4));
  });

  it('and whoever was there has to check in again, should they get their seat back', () => {
    const bobsId = registrationIdFor(bob.commandId);
    const event = givenEvent({ roles: both() })
      .and(ann, bob, checkIn(bob), changeRole('volunteers', { capacity: 1 }, demote))
      .and(changeRole('volunteers', { capacity: 2 }));
    expect(event.when(cem).rules.registrations.get(bobsId)).not.toHaveProperty('attendedAt');
    event.when(checkIn(bob)).then(checkedIn(bob, 4, signupTime));
  });

  it('offers are taken back as seats are', () => {
    const expiresAt = signupTime + decidedAfterMs + 3_600_000;
    const roles = [aRole('volunteers', { capacity: 2, waitlist: 'offer' })];
    const event = () => givenEvent({ roles }).and(ann, bob, cem, cancel(ann));
    event()
      .when(changeRole('volunteers', { capacity: 1 }, demote))
      .then(capacity(2, 1), demoted(cem, 5, 'offered'));
    const when = event()
      .and(changeRole('volunteers', { capacity: 1 }, demote))
      .when(cancel(bob));
    when.then(cancelled(bob, 4, 'confirmed'), offered(cem, 5, expiresAt));
    expect(
      event()
        .when(changeRole('volunteers', { capacity: 1 }, demote))
        .rules.registrations.get(registrationIdFor(cem.commandId)),
    ).not.toHaveProperty('offer');
  });

  it('who has moved in last is the last, and waits in the new role', () => {
    const event = givenEvent({ roles: both() }).and(ann, cookE, move(ann, 'cooks', { by: 'staff' }));
    const inCooks = { ...ann, roleId: cooks };
    event
      .when(changeRole('cooks', { capacity: 1 }, demote))
      .then({ type: 'RoleCapacityChanged', roleId: cooks, before: 3, after: 1 }, demoted(inCooks, 5));
    event
      .and(changeRole('cooks', { capacity: 1 }, demote))
      .when(move(inCooks, 'volunteers', { by: 'staff' }))
      .then(moved(inCooks, { role: 'volunteers', sequence: 7, from: 5, standing: 'waitlist' }));
  });

  it('is refused where somebody would have to wait in a role without a waitlist', () => {
    const roles = [aRole('volunteers', { capacity: 3 }), aRole('cooks', { capacity: 3, waitlist: 'off' })];
    const off = (role: typeof cooks) => ({ reason: 'waitlist-off', roleId: role }) as const;
    givenEvent({ roles })
      .and(cookE)
      .when(changeRole('cooks', { capacity: 0 }, demote))
      .thenRefused(off(cooks));
    givenEvent({ roles, settings: { capacity: 4 } })
      .and(cookE, ann)
      .when(changeEvent({ settings: { capacity: 1 } }, demote))
      .thenRefused(off(cooks));
    givenEvent({ roles, settings: { capacity: 4 } })
      .and(ann, bob)
      .when(changeEvent({ settings: { capacity: 1 } }, demote))
      .then(ofEvent(4, 1), demoted(bob, 4));
    givenEvent({ roles: both({ waitlist: 'off' }), settings: { capacity: 4 } })
      .and(cookE, ann)
      .when(changeEvent({ settings: { capacity: 1 } }, demote))
      .thenRefused(off(volunteers));
  });

  it('unless that role gets one with the same command', () => {
    givenEvent({ roles: [aRole('volunteers', { capacity: 2, waitlist: 'off' })] })
      .and(ann, bob)
      .when(changeRole('volunteers', { capacity: 1, waitlist: 'auto' }, demote))
      .then(
        capacity(2, 1),
        {
          type: 'RoleWaitlistChanged',
          roleId: volunteers,
          before: { waitlist: 'off', offerMs: 3_600_000 },
          after: { waitlist: 'auto', offerMs: 3_600_000 },
        },
        demoted(bob, 4),
      );
  });

  it('tells a newcomer what is full', () => {
    givenEvent({ roles: both(), settings: { capacity: 2 } })
      .and(ann, cookE, changeEvent({ settings: { capacity: 1 } }, demote))
      .when(bob)
      .then(waitlisted(bob, 6, 1, eventFull('volunteers', 1)));
  });
});
