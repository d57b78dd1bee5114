import { aPoolId, aRoleId, signUp } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { Reason, Rejection } from './decision.ts';
import { registrationIdFor } from './ids.ts';
import { reasons, shortageReasons } from './reasons.ts';

const [roleId, poolId] = [aRoleId('volunteers'), aPoolId('hall')];
const registrationId = registrationIdFor(signUp('ann').commandId);
const seats = { capacity: 2, taken: 2 };

/** One refusal of every kind, with all the facts that it can have. */
const examples: { readonly [R in Reason]: Extract<Rejection, { readonly reason: R }> } = {
  'event-not-found': { reason: 'event-not-found' },
  'event-exists': { reason: 'event-exists' },
  'event-not-open': { reason: 'event-not-open', status: 'draft' },
  'event-cancelled': { reason: 'event-cancelled' },
  'event-over': { reason: 'event-over', endsAt: 1 },
  'status-change-refused': { reason: 'status-change-refused', from: 'draft', to: 'closed' },
  'signups-not-open-yet': { reason: 'signups-not-open-yet', signupOpensAt: 1 },
  'signups-closed': { reason: 'signups-closed', signupClosesAt: 1 },
  'cancels-closed': { reason: 'cancels-closed', cancelClosesAt: 1 },
  'settings-invalid': { reason: 'settings-invalid', rule: 'role-ids-differ' },
  'role-not-found': { reason: 'role-not-found', roleId },
  'role-name-taken': { reason: 'role-name-taken', roleId, name: 'volunteers' },
  'too-many-roles': { reason: 'too-many-roles', rolesMax: 100 },
  'too-many-pools': { reason: 'too-many-pools', poolsMax: 50 },
  'role-in-use': { reason: 'role-in-use', roleId, confirmed: 1, waitlist: 0, offered: 0 },
  'capacity-below-taken': { reason: 'capacity-below-taken', limit: 'role', roleId, poolId, ...seats, over: 1 },
  'waitlist-off': { reason: 'waitlist-off', roleId },
  'role-full': { reason: 'role-full', roleId, ...seats },
  'pool-full': { reason: 'pool-full', roleId, poolId, ...seats },
  'event-full': { reason: 'event-full', roleId, ...seats },
  'others-waiting': { reason: 'others-waiting', roleId, waitlist: 1 },
  'waitlist-full': { reason: 'waitlist-full', roleId, waitlistMax: 1, waitlist: 1 },
  'already-registered': { reason: 'already-registered', registrationId, status: 'waitlist', waitlistPosition: 1 },
  'limit-reached': { reason: 'limit-reached', registrationsPerUserMax: 1, registrations: 1 },
  'registration-not-found': { reason: 'registration-not-found', registrationId },
  'already-cancelled': { reason: 'already-cancelled', registrationId },
  'moves-by-staff-only': { reason: 'moves-by-staff-only' },
  'same-role': { reason: 'same-role', roleId },
  'move-pending': { reason: 'move-pending', registrationId },
  'no-offer': { reason: 'no-offer', registrationId, status: 'confirmed' },
  'offer-expired': { reason: 'offer-expired', registrationId, expiresAt: 1 },
  'offer-still-open': { reason: 'offer-still-open', registrationId, expiresAt: 1 },
  'not-confirmed': { reason: 'not-confirmed', registrationId },
  'already-checked-in': { reason: 'already-checked-in', registrationId, attendedAt: 1 },
  'not-checked-in': { reason: 'not-checked-in', registrationId },
  'event-importing': { reason: 'event-importing' },
  'not-importing': { reason: 'not-importing' },
  unprocessable: { reason: 'unprocessable' },
};

describe('the catalogue of reasons', () => {
  it.each(Object.values(examples))('explains $reason in a sentence, and each of its facts', (rejection) => {
    const { reason, ...facts } = rejection;
    const { means, facts: explained } = reasons[reason];
    expect(reason).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(means).toMatch(/^[A-Z].{10,}[.]$/);
    expect(Object.keys(explained).toSorted()).toEqual(Object.keys(facts).toSorted());
    for (const text of Object.values<string>(explained)) expect(text).toMatch(/^\S.{2,}[^.]$/);
  });

  it('holds no more than there are, and means something else by each', () => {
    expect(Object.keys(reasons)).toEqual(Object.keys(examples));
    const meanings = Object.values(reasons).map(({ means }) => means);
    expect(new Set(meanings).size).toBe(meanings.length);
  });

  it('lists the shortages, which explain a place in line as well, in the order in which they are told', () => {
    expect(shortageReasons).toEqual(['role-full', 'pool-full', 'event-full', 'others-waiting']);
  });
});
