import { reasons, type PoolId, type Reason, type RegistrationId, type Rejection, type RoleId } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { problemOf, refusalOf } from './problems.ts';

const [registrationId, roleId, poolId] = ['r1' as RegistrationId, 'role-1' as RoleId, 'pool-1' as PoolId];
const epoch = '1970-01-01T00:00:00.000Z';

/** What is not listed here has its facts as they are. */
const cases: readonly [Rejection, status?: number, facts?: Readonly<Record<string, unknown>>][] = [
  [{ reason: 'event-not-found' }, 404],
  [{ reason: 'role-not-found', roleId }, 404],
  [{ reason: 'registration-not-found', registrationId }, 404],
  [{ reason: 'event-exists' }],
  [{ reason: 'event-not-open', status: 'closed' }, 409, { eventStatus: 'closed' }],
  [{ reason: 'event-cancelled' }],
  [{ reason: 'event-over', endsAt: 0 }, 409, { endsAt: epoch }],
  [{ reason: 'status-change-refused', from: 'draft', to: 'closed' }],
  [{ reason: 'signups-not-open-yet', signupOpensAt: 0 }, 409, { signupOpensAt: epoch }],
  [{ reason: 'signups-closed', signupClosesAt: 0 }, 409, { signupClosesAt: epoch }],
  [{ reason: 'cancels-closed', cancelClosesAt: 0 }, 409, { cancelClosesAt: epoch }],
  [{ reason: 'settings-invalid', rule: 'pool-roles-exist' }],
  [{ reason: 'role-name-taken', roleId, name: 'crew' }],
  [{ reason: 'too-many-roles', rolesMax: 100 }],
  [{ reason: 'too-many-pools', poolsMax: 50 }],
  [{ reason: 'role-in-use', roleId, confirmed: 1, waitlist: 2, offered: 3 }],
  [{ reason: 'capacity-below-taken', limit: 'pool', poolId, capacity: 2, taken: 5, over: 3 }],
  [{ reason: 'waitlist-off', roleId }],
  [{ reason: 'role-full', roleId, capacity: 2, taken: 2 }],
  [{ reason: 'pool-full', roleId, poolId, capacity: 2, taken: 2 }],
  [{ reason: 'event-full', roleId, capacity: 2, taken: 2 }],
  [{ reason: 'others-waiting', roleId, waitlist: 2 }],
  [{ reason: 'waitlist-full', roleId, waitlistMax: 2, waitlist: 2 }],
  [
    { reason: 'already-registered', registrationId, status: 'waitlist', waitlistPosition: 3 },
    409,
    { registrationId, registrationStatus: 'waitlist', waitlistPosition: 3 },
  ],
  [{ reason: 'limit-reached', registrationsPerUserMax: 1, registrations: 1 }],
  [{ reason: 'already-cancelled', registrationId }],
  [{ reason: 'moves-by-staff-only' }],
  [{ reason: 'same-role', roleId }],
  [{ reason: 'move-pending', registrationId }],
  [
    { reason: 'no-offer', registrationId, status: 'confirmed' },
    409,
    { registrationId, registrationStatus: 'confirmed' },
  ],
  [{ reason: 'offer-expired', registrationId, expiresAt: 0 }, 409, { registrationId, expiresAt: epoch }],
  [{ reason: 'offer-still-open', registrationId, expiresAt: 0 }, 409, { registrationId, expiresAt: epoch }],
  [{ reason: 'not-confirmed', registrationId }],
  [{ reason: 'already-checked-in', registrationId, attendedAt: 0 }, 409, { registrationId, attendedAt: epoch }],
  [{ reason: 'not-checked-in', registrationId }],
  [{ reason: 'event-importing' }],
  [{ reason: 'not-importing' }],
  [{ reason: 'unprocessable' }],
];

describe('a refusal of the domain', () => {
  it.each(cases)('%o is a problem document', (rejection, status = 409, facts) => {
    const { reason, ...asTheyAre } = rejection;
    const { detail, title, ...rest } = problemOf(refusalOf(rejection), 'request-1');
    expect(rest).toEqual({ type: `/problems/${reason}`, status, instance: 'request-1', ...(facts ?? asTheyAre) });
    expect(title).toMatch(/^[A-Z]/);
    expect(detail).toBe(reasons[reason].means);
  });

  it('is tried for every reason', () => {
    const tried = new Set<Reason>(cases.map(([{ reason }]) => reason));
    expect(Object.keys(reasons).filter((reason) => !tried.has(reason as Reason))).toEqual([]);
  });
});
