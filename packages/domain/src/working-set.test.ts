import {
  aRole,
  aRoleId,
  cancelled,
  checkedIn,
  checkInUndone,
  confirmed,
  demoted,
  moved,
  offered,
  promoted,
  signUp,
  someSettings,
  theEventId,
  updated,
  waitlisted,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { SignUp } from './command.ts';
import type { DomainEvent } from './domain-event.ts';
import { evolve } from './evolve.ts';
import { registrationIdFor } from './ids.ts';
import { initialState, waitlistPosition, type EventState, type WaitingRegistration } from './state.ts';

const [ann, bob, cem, dan] = [signUp('ann'), signUp('bob'), signUp('cem'), signUp('dan')];
const [volunteers, cooks] = [aRoleId('volunteers'), aRoleId('cooks')];
const idOf = ({ commandId }: SignUp) => registrationIdFor(commandId);
const created: DomainEvent = {
  type: 'EventCreated',
  settings: someSettings(),
  roles: [aRole(), aRole('cooks')],
  pools: [],
};
const fold = (state: EventState, ...facts: readonly DomainEvent[]) => facts.reduce(evolve, state);
const from = (...facts: readonly DomainEvent[]) => fold(initialState(theEventId), created, ...facts);
/** The same facts without anything loaded after them: as if another process had written them. */
const unloaded = (...facts: readonly DomainEvent[]): EventState => ({
  ...from(...facts),
  working: initialState(theEventId).working,
});
const line = ({ working }: EventState, roleId = volunteers) =>
  working.waiting.get(roleId)?.map(({ userId, sequence }) => [userId, sequence]);
const row = ({ working }: EventState, whose: SignUp) => working.registrations.get(idOf(whose));
const active = ({ working }: EventState, { userId }: SignUp) => working.activeByUser.get(userId);
const waiting = (whose: SignUp, sequence: number): WaitingRegistration => ({
  registrationId: idOf(whose),
  userId: whose.userId,
  roleId: whose.roleId,
  sequence,
  status: 'waitlist',
});

describe('the working set knows', () => {
  const seat = { registrationId: idOf(ann), userId: 'ann', roleId: 'volunteers', sequence: 2, status: 'confirmed' };
  const place = { ...waiting(bob, 3) };

  it('who has a seat', () => {
    const state = from(confirmed(ann, 2));
    expect(row(state, ann)).toStrictEqual(seat);
    expect(active(state, ann)).toStrictEqual([seat]);
  });

  it('who waits, and for what in exchange', () => {
    const state = from(confirmed(ann, 2), { ...waitlisted(bob, 3, 1), replaces: idOf(ann) });
    expect(row(state, bob)).toStrictEqual({ ...place, replaces: idOf(ann) });
    expect(active(state, bob)).toStrictEqual([{ ...place, replaces: idOf(ann) }]);
    expect(row(from(waitlisted(bob, 3, 1)), bob)).toStrictEqual(place);
  });

  it('who has an offer, and who gives up what for it', () => {
    const state = from({ ...waitlisted(bob, 3, 1), replaces: idOf(ann) }, offered(bob, 3, 99));
    expect(row(state, bob)).toStrictEqual({ ...place, replaces: idOf(ann), offer: { expiresAt: 99 } });
    expect(row(from(waitlisted(bob, 3, 1), offered(bob, 3, 99)), bob)).toStrictEqual({
      ...place,
      offer: { expiresAt: 99 },
    });
    expect(active(state, bob)).toStrictEqual([row(state, bob)]);
    expect(line(state)).toStrictEqual([]);
  });

  it('who was promoted, from the line or from an offer', () => {
    const atOnce = from(waitlisted(bob, 3, 1), promoted(bob, 3));
    const accepted = from(waitlisted(bob, 3, 1), offered(bob, 3, 99), promoted(bob, 3, 'offered'));
    for (const state of [atOnce, accepted]) {
      expect(row(state, bob)).toStrictEqual({ ...place, status: 'confirmed' });
      expect(active(state, bob)).toStrictEqual([row(state, bob)]);
      expect(line(state)).toStrictEqual([]);
    }
  });

  it('who was moved, with their attendance', () => {
    const toCooks = moved(ann, { role: 'cooks', sequence: 5, from: 2 });
    const there = { ...seat, roleId: 'cooks', sequence: 5 };
    expect(row(from(confirmed(ann, 2), toCooks), ann)).toStrictEqual(there);
    const state = from(confirmed(ann, 2), checkedIn(ann, 2, 77), toCooks);
    expect(row(state, ann)).toStrictEqual({ ...there, attendedAt: 77 });
    expect(active(state, ann)).toStrictEqual([row(state, ann)]);
  });

  it('that who moves out of a line has left it', () => {
    const toCooks = moved(bob, { role: 'cooks', sequence: 5, from: 3, standing: 'waitlist' });
    const state = from(waitlisted(bob, 3, 1), waitlisted(cem, 4, 2), toCooks);
    expect(line(state)).toStrictEqual([['cem', 4]]);
    expect(line(state, cooks)).toBeUndefined();
    expect(state.working.lineShifts).toStrictEqual(new Map([[volunteers, [{ sequence: 3, by: -1 }]]]));
    const fromOffer = moved(bob, { role: 'cooks', sequence: 5, from: 3, standing: 'offered' });
    const left = from(waitlisted(bob, 3, 1), waitlisted(cem, 4, 2), offered(bob, 3, 99), fromOffer);
    expect(left.working.lineShifts).toStrictEqual(new Map([[volunteers, [{ sequence: 3, by: -1 }]]]));
  });

  it('who was demoted, and for what they still wait', () => {
    const state = from(confirmed(ann, 2), waitlisted(cem, 4, 1), demoted(ann, 2));
    expect(row(state, ann)).toStrictEqual({ ...waiting(ann, 2) });
    expect(active(state, ann)).toStrictEqual([waiting(ann, 2)]);
    expect(line(state)).toStrictEqual([
      ['ann', 2],
      ['cem', 4],
    ]);
    const replaced = { ...waitlisted(bob, 3, 1), replaces: idOf(ann) };
    expect(row(from(replaced, offered(bob, 3, 99), demoted(bob, 3, 'offered')), bob)).toStrictEqual({
      ...place,
      replaces: idOf(ann),
    });
  });

  it('who was cancelled; they are not active any more', () => {
    const state = from(confirmed(ann, 2), cancelled(ann, 2, 'confirmed'));
    expect(row(state, ann)).toStrictEqual({ ...seat, status: 'cancelled' });
    expect(active(state, ann)).toStrictEqual([]);
    const two = from(confirmed(ann, 2), confirmed({ ...dan, userId: ann.userId }, 3), cancelled(ann, 2, 'confirmed'));
    expect(active(two, ann)?.map(({ sequence }) => sequence)).toStrictEqual([3]);
  });

  it('who is there, or after all not', () => {
    const state = from(confirmed(ann, 2), checkedIn(ann, 2, 77));
    expect(row(state, ann)).toStrictEqual({ ...seat, attendedAt: 77 });
    expect(row(fold(state, checkInUndone(ann, 2, 77)), ann)).toStrictEqual(seat);
    expect(active(state, ann)).toStrictEqual([seat]);
  });

  it('nothing of texts', () => {
    expect(row(from(confirmed(ann, 2), updated(ann, 2, 'notes')), ann)).toStrictEqual(seat);
  });
});

describe('a line', () => {
  const three = () => from(waitlisted(ann, 2, 1), waitlisted(bob, 3, 2), waitlisted(cem, 4, 3));

  it('is known from the first who joins it, and loses whoever leaves', () => {
    expect(line(three())).toEqual([
      ['ann', 2],
      ['bob', 3],
      ['cem', 4],
    ]);
    expect(line(fold(three(), cancelled(bob, 3, 'waitlist'), promoted(ann, 2)))).toEqual([['cem', 4]]);
    expect(line(fold(three(), cancelled(dan, 9, 'waitlist')))).toHaveLength(3);
  });

  it('is not known when others stood in it before that were not loaded', () => {
    const state = fold(unloaded(waitlisted(ann, 2, 1)), waitlisted(bob, 3, 2));
    expect(line(state)).toBeUndefined();
    expect(row(state, bob)).toEqual(waiting(bob, 3));
    expect(line(fold(unloaded(confirmed(cem, 4), waitlisted(dan, 5, 1)), demoted(cem, 4)))).toBeUndefined();
  });

  it('tells the place of one who comes back, when all before them are loaded', () => {
    const state = fold(from(waitlisted(ann, 2, 1), confirmed(bob, 3), waitlisted(cem, 4, 2)), demoted(bob, 3));
    const placeOf = (whose: SignUp) => {
      const registration = row(state, whose);
      return registration && waitlistPosition(state.working, registration);
    };
    expect([ann, bob, cem].map(placeOf)).toEqual([1, 2, 3]);
    fold(state, cancelled(ann, 2, 'waitlist'));
    expect([bob, cem].map(placeOf)).toEqual([1, 2]);
    const late = fold(from(waitlisted(ann, 2, 1), confirmed(bob, 3)), cancelled(ann, 2, 'waitlist'), demoted(bob, 3));
    const back = row(late, bob);
    expect(back && waitlistPosition(late.working, back)).toBe(1);
    const far = fold(unloaded(confirmed(cem, 4), waitlisted(ann, 2, 1)), demoted(cem, 4));
    expect(far.working.placeAtLoad.has(idOf(cem))).toBe(false);
  });

  it('is known again when the one who comes back is the only one', () => {
    expect(line(fold(unloaded(confirmed(ann, 2)), demoted(ann, 2)))).toEqual([['ann', 2]]);
  });

  it('takes nobody behind a part that was not loaded', () => {
    const part = (...loaded: readonly WaitingRegistration[]) => {
      const state = unloaded(waitlisted(ann, 2, 1), waitlisted(bob, 4, 2), confirmed(cem, 3), confirmed(dan, 9));
      state.working.waiting.set(volunteers, [...loaded]);
      return state;
    };
    expect(line(fold(part(waiting(ann, 2)), demoted(cem, 3)))).toEqual([['ann', 2]]);
    expect(line(fold(part(waiting(ann, 2), waiting(bob, 4)), demoted(cem, 3)))).toEqual([
      ['ann', 2],
      ['cem', 3],
      ['bob', 4],
    ]);
    expect(line(fold(part(waiting(ann, 2), waiting(bob, 4)), demoted(dan, 9)))).toHaveLength(3);
  });
});

describe('what is not loaded', () => {
  it('is left alone', () => {
    const state = unloaded(confirmed(ann, 2), waitlisted(bob, 3, 1), waitlisted(cem, 4, 2));
    fold(state, checkedIn(ann, 2, 7), checkInUndone(ann, 2, 7), cancelled(ann, 2, 'confirmed'), promoted(bob, 3));
    fold(state, offered(cem, 4, 99));
    expect([state.working.registrations.size, state.working.activeByUser.size]).toEqual([0, 0]);
  });

  it('of a user whose registration is loaded without the others stays so', () => {
    const state = unloaded(confirmed(ann, 2));
    state.working.registrations.set(idOf(ann), { ...waiting(ann, 2), status: 'confirmed' });
    fold(state, cancelled(ann, 2, 'confirmed'));
    expect(row(state, ann)?.status).toBe('cancelled');
    state.working.activeByUser.set(bob.userId, [waiting(cem, 5)]);
    state.working.registrations.set(idOf(bob), { ...waiting(bob, 3), status: 'confirmed' });
    fold(state, confirmed(bob, 3), checkedIn(bob, 3, 7));
    expect(state.working.activeByUser.get(bob.userId)).toEqual([waiting(cem, 5)]);
  });
});

describe('who took seats last', () => {
  it('is only known until a registration changes', () => {
    const state = from(confirmed(ann, 2));
    state.working.seated.set(volunteers, []);
    fold(state, { type: 'EventClosed' });
    expect(state.working.seated.size).toBe(1);
    fold(state, updated(ann, 2, 'notes'));
    expect(state.working.seated.size).toBe(0);
  });
});
