/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  aPool,
  aRole,
  aRoleId,
  cancel,
  cancelled,
  changeRole,
  confirmed,
  decidedAfterMs,
  eventFull,
  demoted,
  givenEvent,
  move,
  moved,
  offered,
  poolFull,
  promoted,
  roleFull,
  signUp,
  signupTime,
  waitlisted,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { registrationIdFor } from './ids.ts';

const staff = { by: 'staff' } as const;
const [ann, bob, cem] = [signUp('ann'), signUp('bob'), signUp('cem')];
const cookB = signUp('bob', { role: 'cooks' });
const annsId = registrationIdFor(ann.commandId);
const roles = (volunteers: number | null, cooks: number | null, waitlist: 'off' | 'auto' | 'offer' = 'auto') => [
  aRole('volunteers', { capacity: volunteers, waitlist }),
  aRole('cooks', { capacity: cooks, waitlist }),
];

describe('a move to a role with a free seat', () => {
  it('keeps the registration, which gets the new role and a new sequence', () => {
    const when = givenEvent({ roles: roles(1, 1) })
      .and(ann)
      .when(move(ann, 'cooks', staff));
    when.then(moved(ann, { role: 'cooks', sequence: 4, from: 3 }));
    expect([...when.rules.registrations.values()]).toEqual([
      { registrationId: annsId, userId: 'ann', roleId: 'cooks', sequence: 4, status: 'confirmed' },
    ]);
  });

  it.each(['refuse', 'waitlist'] as const)('happens at once, whatever is said for a full one: %s', (ifFull) => {
    givenEvent({ roles: roles(1, 1) })
      .and(ann)
      .when(move(ann, 'cooks', { ...staff, ifFull }))
      .then(moved(ann, { role: 'cooks', sequence: 4, from: 3 }));
  });

  it('passes the old seat on in the same decision', () => {
    givenEvent({ roles: roles(1, 1) })
      .and(ann, bob, cem)
      .when(move(ann, 'cooks', staff))
      .then(moved(ann, { role: 'cooks', sequence: 6, from: 3 }), promoted(bob, 4));
  });

  it('takes one who waits to a seat; they leave their line, which nobody gains by', () => {
    givenEvent({ roles: roles(1, 1) })
      .and(ann, bob, cem)
      .when(move(bob, 'cooks', staff))
      .then(moved(bob, { role: 'cooks', sequence: 6, from: 4, standing: 'waitlist' }));
    givenEvent({ roles: roles(1, 1) })
      .and(ann, bob, cem, move(bob, 'cooks', staff))
      .when(cancel(ann))
      .then(cancelled(ann, 3, 'confirmed'), promoted(cem, 5));
  });

  it('takes one who has an offer to a seat, and the offer goes to the next', () => {
    const expiresAt = signupTime + decidedAfterMs + 3_600_000;
    givenEvent({ roles: roles(1, 1, 'offer') })
      .and(ann, bob, cem, cancel(ann))
      .when(move(bob, 'cooks', staff))
      .then(moved(bob, { role: 'cooks', sequence: 7, from: 4, standing: 'offered' }), offered(cem, 5, expiresAt));
  });

  it('works onto a place that the user had cancelled, and back', () => {
    const cook = signUp('ann', { role: 'cooks' });
    const event = givenEvent({ roles: roles(1, 1) }).and(cook, cancel(cook), ann);
    event.when(move(ann, 'cooks', staff)).then(moved(ann, { role: 'cooks', sequence: 6, from: 5 }));
    const { rules } = event.and(move(ann, 'cooks', staff)).when(move(ann, 'volunteers', staff));
    expect(rules.registrations.get(annsId)).toMatchObject({ roleId: 'volunteers', sequence: 7 });
  });

  it('counts as the last one in, whenever they had signed up', () => {
    givenEvent({ roles: roles(1, 2) })
      .and(ann, cookB, move(ann, 'cooks', staff))
      .when(changeRole('cooks', { capacity: 1 }, { ifOver: 'demote' }))
      .then(
        { type: 'RoleCapacityChanged', roleId: aRoleId('cooks'), before: 2, after: 1 },
        demoted({ ...ann, roleId: aRoleId('cooks') }, 5),
      );
  });
});

describe('limits that both roles share do not count the mover’s old seat', () => {
  const pools = [aPool('kitchen', 1, 'volunteers', 'cooks')];

  it('of a pool', () => {
    givenEvent({ roles: roles(1, 1), pools })
      .and(ann)
      .when(move(ann, 'cooks', staff))
      .then(moved(ann, { role: 'cooks', sequence: 4, from: 3 }));
  });

  it('of the event', () => {
    givenEvent({ roles: roles(1, 1), settings: { capacity: 1 } })
      .and(ann)
      .when(move(ann, 'cooks', staff))
      .then(moved(ann, { role: 'cooks', sequence: 4, from: 3 }));
  });

  it('also where the seat is only offered', () => {
    givenEvent({ roles: roles(1, 1, 'offer'), pools, settings: { capacity: 1 } })
      .and(ann, bob, cancel(ann))
      .when(move(bob, 'cooks', staff))
      .then(moved(bob, { role: 'cooks', sequence: 6, from: 4, standing: 'offered' }));
  });

  it('but one who waits has no seat to give up', () => {
    givenEvent({ roles: roles(1, 1), pools })
      .and(ann, bob)
      .when(move(bob, 'cooks', staff))
      .thenRefused(poolFull('cooks', 'kitchen', 1));
    givenEvent({ roles: roles(1, 1), settings: { capacity: 1 } })
      .and(ann, bob)
      .when(move(bob, 'cooks', staff))
      .thenRefused(eventFull('cooks', 1));
  });

  it('while a pool that holds the new role alone counts all its seats', () => {
    givenEvent({ roles: [...roles(1, 2), aRole('drivers')], pools: [aPool('hall', 1, 'cooks', 'drivers')] })
      .and(ann, signUp('dan', { role: 'drivers' }))
      .when(move(ann, 'cooks', staff))
      .thenRefused(poolFull('cooks', 'hall', 1));
  });

  it('and a limit that is over-full stays closed to movers', () => {
    const override = signUp('cem', { ...staff, role: 'cooks', override: true });
    givenEvent({ roles: roles(2, 2), pools })
      .and(ann, override)
      .when(move(ann, 'cooks', staff))
      .thenRefused(poolFull('cooks', 'kitchen', 1, 2));
  });
});

describe('a move to a full role', () => {
  const event = () => givenEvent({ roles: roles(1, 1) }).and(ann, cookB);

  it('is refused, and the old seat is kept', () => {
    const when = event().when(move(ann, 'cooks', staff));
    when.thenRefused(roleFull('cooks', 1));
    expect(when.rules.registrations.get(annsId)).toMatchObject({ status: 'confirmed', roleId: 'volunteers' });
  });

  it('is not helped by the seat that is given up elsewhere: two can not swap at once', () => {
    event()
      .when(move(cookB, 'volunteers', staff))
      .thenRefused(roleFull('volunteers', 1));
  });

  it('is refused also where others wait before it', () => {
    const waits = signUp('dan', { role: 'cooks' });
    event()
      .and(waits)
      .when(move(ann, 'cooks', staff))
      .thenRefused(roleFull('cooks', 1));
  });

  it('does not pass those who wait for the same limit, though the mover alone would have room', () => {
    const waits = signUp('bob', { role: 'cooks' });
    const pools = [aPool('kitchen', 1, 'volunteers', 'cooks')];
    givenEvent({ roles: roles(1, 1), pools })
      .and(ann, waits)
      .when(move(ann, 'cooks', staff))
      .thenRefused({ reason: 'others-waiting', roleId: waits.roleId, waitlist: 1 });
  });
});

describe('after a move the new role', () => {
  it('has the seat taken, and the old one has it free', () => {
    const [cook, dan] = [signUp('dan', { role: 'cooks' }), signUp('dan')];
    const event = givenEvent({ roles: roles(1, 1) }).and(ann, move(ann, 'cooks', staff));
    event.when(cook).then(waitlisted(cook, 5, 1, roleFull('cooks', 1)));
    event.when(dan).then(confirmed(dan, 5));
  });
});
