import {
  aPool,
  aRole,
  cancel,
  confirmed,
  decidedOn,
  factsOn,
  load,
  move,
  othersWaiting,
  remove,
  seated,
  signUp,
  signupTime,
  stateWith,
  waiting,
  waitlisted,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { dischargeObligation } from './obligation.ts';
import { type EventState } from './state.ts';
import type { Obligation } from './domain-event.ts';

const twoSeats = aRole('volunteers', { capacity: 2 });
const [ann, bob, cem] = [signUp('ann'), signUp('bob'), signUp('cem')];

describe('states that no sequence of commands of today leads to', () => {
  it('a new signup goes behind those who wait, although a seat is free', () => {
    const expected = waitlisted(ann, 11, 4, othersWaiting('volunteers', 3));
    expect(factsOn(stateWith({ confirmed: 1, waitlist: 3 }), ann)).toEqual([expected]);
  });

  it('and is refused where no line may be joined any more, or it is full', () => {
    const rejection = othersWaiting('volunteers', 3);
    const noLine = aRole('volunteers', { waitlist: 'off' });
    expect(decidedOn(stateWith({ waitlist: 3 }, noLine), ann)).toEqual({ outcome: 'rejected', rejection });
    expect(decidedOn(stateWith({ waitlist: 3 }, aRole('volunteers', { waitlistMax: 2 })), ann)).toMatchObject({
      rejection: { reason: 'waitlist-full', waitlistMax: 2, waitlist: 3 },
    });
  });

  it('a seat that is given before those who wait, although it is free, is recorded', () => {
    const given = signUp('ann', { by: 'staff', override: true });
    expect(factsOn(stateWith({ waitlist: 1 }), given)).toEqual([{ ...confirmed(given, 11), override: true }]);
  });

  it('a move goes behind them, too', () => {
    const cook = signUp('ann', { role: 'cooks' });
    expect(
      decidedOn(load(stateWith({ waitlist: 1 }), seated(cook, 3)), move(cook, 'volunteers', { by: 'staff' })),
    ).toEqual({
      outcome: 'rejected',
      rejection: othersWaiting('volunteers', 1),
    });
  });

  it('a cancel in an over-full role promotes nobody, and needs nobody to be loaded', () => {
    const state = load(stateWith({ confirmed: 3, waitlist: 1 }), seated(ann, 3));
    expect(factsOn(state, cancel(ann)).map(({ type }) => type)).toEqual(['RegistrationCancelled']);
  });
});

describe('events that nobody should find', () => {
  it('a cancelled event promotes nobody, should somebody be left in it', () => {
    const state = load(stateWith({ confirmed: 2, waitlist: 1 }, twoSeats, { status: 'cancelled' }), seated(ann, 3));
    expect(factsOn(state, remove(ann)).map(({ type }) => type)).toEqual(['RegistrationCancelled']);
  });

  it('a pool may name a role that is not there, which nobody waits for', () => {
    const pools = [aPool('all', 5, 'volunteers', 'pilots')];
    const state = load(stateWith({ confirmed: 2 }, twoSeats, { pools }), seated(ann, 3));
    expect(factsOn(state, cancel(ann)).map(({ type }) => type)).toEqual(['RegistrationCancelled']);
  });

  it('registrations of a cancelled event are cancelled by sequence, however they were loaded', () => {
    const obligation: Obligation = { kind: 'cancel', causationId: ann.commandId, acceptedAt: signupTime };
    const state = load(
      stateWith({ confirmed: 2, waitlist: 1 }, twoSeats, { status: 'cancelled', obligation }),
      waiting(cem, 5),
      seated(ann, 3),
      seated(bob, 4),
    );
    expect(dischargeObligation(state, signupTime)).toMatchObject([
      { sequence: 3 },
      { sequence: 4 },
      { sequence: 5 },
      { type: 'ObligationDischarged' },
    ]);
  });

  it('of which none is left, and the obligation is done', () => {
    const obligation: Obligation = { kind: 'cancel', causationId: ann.commandId, acceptedAt: signupTime };
    expect(dischargeObligation(stateWith({}, twoSeats, { obligation }), signupTime)).toEqual([
      { type: 'ObligationDischarged', obligation },
    ]);
  });
});

describe('a state that contradicts itself is a fault, and thrown', () => {
  it('a registration of a role that is not there', () => {
    const pilot = signUp('ann', { role: 'pilots' });
    expect(() => decidedOn(load(stateWith({}), seated(pilot, 3)), cancel(pilot))).toThrow(/unknown role pilots/);
  });

  it('an obligation that is to be discharged and is not there', () => {
    expect(() => dischargeObligation(stateWith({}), signupTime)).toThrow(/no obligation to discharge/);
    const nothing: EventState = { ...stateWith({}), current: undefined };
    expect(() => dischargeObligation(nothing, signupTime)).toThrow(/no obligation to discharge/);
  });
});
