import {
  accept,
  aPool,
  aPoolId,
  aRole,
  aRoleId,
  cancel,
  changeRole,
  decidedOn,
  demoted,
  factsOn,
  load,
  promoted,
  seated,
  signUp,
  signupTime,
  someSettings,
  stateWith,
  waiting,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { registrationIdFor } from './ids.ts';
import { dischargeObligation } from './obligation.ts';
import type { Obligation } from './domain-event.ts';

const volunteers = aRoleId('volunteers');
const twoSeats = aRole('volunteers', { capacity: 2 });
const [ann, bob, cem] = [signUp('ann'), signUp('bob'), signUp('cem')];

describe('a working set that lacks what the rules need', () => {
  const notLoaded = (what: RegExp) =>
    expect.objectContaining({ name: 'NotLoadedError', message: expect.stringMatching(what) as unknown }) as Error;
  const seatFreed = (waitlist = 1) => load(stateWith({ confirmed: 2, waitlist }), seated(ann, 3));

  it('is found out when the line is missing, or its head', () => {
    expect(() => decidedOn(seatFreed(), cancel(ann))).toThrow(notLoaded(/^the line of volunteers/));
    const headless = seatFreed();
    headless.working.waiting.set(volunteers, []);
    expect(() => decidedOn(headless, cancel(ann))).toThrow(notLoaded(/^the head of the line of volunteers/));
  });

  it('is found out when the line ends before the seats do', () => {
    const raise = changeRole('volunteers', { capacity: 4 });
    const state = (waitlist: number) => {
      const made = stateWith({ confirmed: 2, waitlist });
      made.working.waiting.set(volunteers, [waiting(bob, 4)]);
      return made;
    };
    expect(() => decidedOn(state(2), raise)).toThrow(notLoaded(/^the head of the line of volunteers/));
    expect(factsOn(state(1), raise)).toMatchObject([{ type: 'RoleCapacityChanged' }, promoted(bob, 4)]);
  });

  it('is found out when the registration is missing that is to be replaced', () => {
    const moving = { ...waiting(bob, 4), replaces: registrationIdFor(cem.commandId) };
    const state = seatFreed();
    state.working.waiting.set(volunteers, [moving]);
    expect(() => decidedOn(state, cancel(ann))).toThrow(notLoaded(/which is to be replaced/));
    const offer = load(stateWith({ offered: 1 }), { ...moving, offer: { expiresAt: signupTime + 1 } });
    expect(() => decidedOn(offer, accept(bob))).toThrow(notLoaded(/which is to be replaced/));
  });

  it('is found out when those are missing who have the seats', () => {
    const demote = changeRole('volunteers', { capacity: 0 }, { ifOver: 'demote' });
    expect(() => decidedOn(stateWith({ confirmed: 2 }), demote)).toThrow(notLoaded(/seats of volunteers/));
    const enough = stateWith({ confirmed: 2 });
    enough.working.seated.set(volunteers, [seated(bob, 4)]);
    const less = changeRole('volunteers', { capacity: 1 }, { ifOver: 'demote' });
    expect(factsOn(enough, less)).toMatchObject([{ type: 'RoleCapacityChanged' }, demoted(bob, 4)]);
  });

  it('does not matter where only the last ones are loaded who have seats: the others follow in another step', () => {
    const state = stateWith({ confirmed: 3 });
    state.working.seated.set(volunteers, [seated(cem, 5), seated(bob, 4)]);
    const demote = changeRole('volunteers', { capacity: 0 }, { ifOver: 'demote' });
    expect(factsOn(state, demote).slice(1)).toEqual([
      demoted(cem, 5),
      demoted(bob, 4),
      expect.objectContaining({ type: 'ObligationIncurred' }),
    ]);
  });

  it('nor where that is so under one limit of several', () => {
    const limits = [{ limit: 'role', roleId: volunteers } as const, { limit: 'pool', poolId: aPoolId('all') } as const];
    const obligation: Obligation = { kind: 'demote', causationId: ann.commandId, acceptedAt: signupTime, limits };
    const noSeats = aRole('volunteers', { capacity: 0 });
    const state = stateWith({ confirmed: 3 }, noSeats, { obligation, pools: [aPool('all', 2, 'volunteers')] });
    state.working.seated.set(volunteers, [seated(cem, 5), seated(bob, 4)]);
    expect(dischargeObligation(state, signupTime)).toEqual([demoted(cem, 5), demoted(bob, 4)]);
  });

  it('but no more lose their seats than the first of such limits is over: then it is seen who fits', () => {
    const limits = [{ limit: 'role', roleId: volunteers } as const, { limit: 'event' } as const];
    const obligation: Obligation = { kind: 'demote', causationId: ann.commandId, acceptedAt: signupTime, limits };
    const state = stateWith({ confirmed: 3 }, twoSeats, { obligation, settings: someSettings({ capacity: 0 }) });
    state.working.seated.set(volunteers, [seated(cem, 5), seated(bob, 4)]);
    expect(dischargeObligation(state, signupTime)).toEqual([demoted(cem, 5)]);
  });

  it('does not matter for an offer that is accepted: those behind it move up only when a seat is freed', () => {
    const offer = { ...waiting(bob, 4), offer: { expiresAt: signupTime + 1 } };
    const state = load(stateWith({ confirmed: 1, offered: 1, waitlist: 3 }), offer);
    expect(factsOn(state, accept(bob))).toEqual([promoted(bob, 4, 'offered')]);
  });

  it('is found out when nobody is loaded who is to be cancelled', () => {
    const { commandId: causationId, acceptedAt } = ann;
    const obligation: Obligation = { kind: 'cancel', causationId, acceptedAt };
    for (const counts of [{ confirmed: 1 }, { waitlist: 1 }, { offered: 1 }]) {
      const state = stateWith(counts, twoSeats, { obligation });
      expect(() => dischargeObligation(state, signupTime)).toThrow(notLoaded(/registrations to cancel/));
    }
  });

  it('does not matter for one who leaves a line of which nothing is loaded', () => {
    const state = load(stateWith({ confirmed: 2, waitlist: 2 }), waiting(bob, 4));
    expect(factsOn(state, cancel(bob)).map(({ type }) => type)).toEqual(['RegistrationCancelled']);
  });

  it('leaves out the place of one who waits when that was not loaded', () => {
    const state = load(stateWith({ confirmed: 2, waitlist: 1 }), waiting(ann, 3));
    expect(decidedOn(state, signUp('ann'))).toEqual({
      outcome: 'rejected',
      rejection: { reason: 'already-registered', registrationId: registrationIdFor(ann.commandId), status: 'waitlist' },
    });
  });
});
