import type { Rejection, RegistrationId, RoleId } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { problemOf, refusalOf } from './problems.ts';

const [registrationId, roleId] = ['r1' as RegistrationId, 'role-1' as RoleId];

const cases: readonly [Rejection, number, Readonly<Record<string, unknown>>][] = [
  [{ reason: 'event-not-found' }, 404, {}],
  [{ reason: 'role-not-found', roleId }, 404, { roleId }],
  [{ reason: 'registration-not-found', registrationId }, 404, { registrationId }],
  [{ reason: 'event-exists' }, 409, {}],
  [{ reason: 'event-not-open', status: 'closed' }, 409, { eventStatus: 'closed' }],
  [{ reason: 'event-over', endsAt: 0 }, 409, { endsAt: '1970-01-01T00:00:00.000Z' }],
  [{ reason: 'status-change-refused', from: 'draft', to: 'closed' }, 409, { from: 'draft', to: 'closed' }],
  [{ reason: 'signups-not-open-yet', signupOpensAt: 0 }, 409, { signupOpensAt: '1970-01-01T00:00:00.000Z' }],
  [{ reason: 'signups-closed', signupClosesAt: 0 }, 409, { signupClosesAt: '1970-01-01T00:00:00.000Z' }],
  [{ reason: 'role-full', roleId, capacity: 2, taken: 2 }, 409, { roleId, capacity: 2, taken: 2 }],
  [
    { reason: 'already-registered', registrationId, status: 'waitlist', waitlistPosition: 3 },
    409,
    { registrationId, registrationStatus: 'waitlist', waitlistPosition: 3 },
  ],
  [
    { reason: 'limit-reached', registrationsPerUserMax: 1, registrations: 1 },
    409,
    { registrationsPerUserMax: 1, registrations: 1 },
  ],
  [{ reason: 'already-cancelled', registrationId }, 409, { registrationId }],
  [{ reason: 'unprocessable' }, 409, {}],
];

describe('a refusal of the domain', () => {
  it.each(cases)('%o is a problem document', (rejection, status, facts) => {
    const { detail, title, ...rest } = problemOf(refusalOf(rejection), 'request-1');
    expect(rest).toEqual({ type: `/problems/${rejection.reason}`, status, instance: 'request-1', ...facts });
    expect(title).toMatch(/^[A-Z]/);
    expect(detail).toMatch(/\.$/);
  });
});
