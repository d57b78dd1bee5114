import {
  registrationIdFor,
  type CancelCause,
  type Instant,
  type RegistrationCancelled,
  type RegistrationCheckedIn,
  type RegistrationCheckInUndone,
  type RegistrationConfirmed,
  type RegistrationDemoted,
  type RegistrationMoved,
  type RegistrationOffered,
  type RegistrationPromoted,
  type RegistrationUpdated,
  type RegistrationWaitlisted,
  type Shortage,
  type SignUp,
  type Standing,
} from '@rollcall/domain';
import { aPoolId, aRoleId } from './ids.ts';

function about({ commandId, userId, roleId }: SignUp, sequence: number) {
  return { registrationId: registrationIdFor(commandId), userId, roleId, sequence };
}

/** The shortages, in the order in which they are told. A full limit has as many taken as it allows, unless more are said. */
export const roleFull = (role = 'volunteers', capacity = 2, taken = capacity): Shortage => ({
  reason: 'role-full',
  roleId: aRoleId(role),
  capacity,
  taken,
});

export const poolFull = (role: string, pool: string, capacity: number, taken = capacity): Shortage => ({
  reason: 'pool-full',
  roleId: aRoleId(role),
  poolId: aPoolId(pool),
  capacity,
  taken,
});

export const eventFull = (role: string, capacity: number, taken = capacity): Shortage => ({
  reason: 'event-full',
  roleId: aRoleId(role),
  capacity,
  taken,
});

export const othersWaiting = (role: string, waitlist: number): Shortage => ({
  reason: 'others-waiting',
  roleId: aRoleId(role),
  waitlist,
});

/** The domain events that follow from a signup, to be compared with what was decided. */
export const confirmed = (signedUp: SignUp, sequence: number): RegistrationConfirmed => ({
  type: 'RegistrationConfirmed',
  ...about(signedUp, sequence),
});

/** By staff, who gave a seat that was not free. */
export const overridden = (signedUp: SignUp, sequence: number): RegistrationConfirmed => ({
  ...confirmed(signedUp, sequence),
  override: true,
});

/** Its role was full, with 2 seats, unless `because` says otherwise. */
export const waitlisted = (
  signedUp: SignUp,
  sequence: number,
  waitlistPosition: number,
  because: Shortage = roleFull(signedUp.roleId),
): RegistrationWaitlisted => ({
  type: 'RegistrationWaitlisted',
  ...about(signedUp, sequence),
  waitlistPosition,
  because,
});

export const offered = (signedUp: SignUp, sequence: number, expiresAt: Instant): RegistrationOffered => ({
  type: 'RegistrationOffered',
  ...about(signedUp, sequence),
  expiresAt,
});

export const promoted = (
  signedUp: SignUp,
  sequence: number,
  previousStanding: RegistrationPromoted['previousStanding'] = 'waitlist',
): RegistrationPromoted => ({ type: 'RegistrationPromoted', ...about(signedUp, sequence), previousStanding });

/** To `role`, where it has the sequence `sequence`; `from` is its sequence in the role of the signup. */
export const moved = (
  signedUp: SignUp,
  { role, sequence, from, standing = 'confirmed' }: MovedParts,
): RegistrationMoved => ({
  type: 'RegistrationMoved',
  ...about(signedUp, sequence),
  roleId: aRoleId(role),
  previousRoleId: signedUp.roleId,
  previousSequence: from,
  previousStanding: standing,
});

export interface MovedParts {
  readonly role: string;
  readonly sequence: number;
  readonly from: number;
  readonly standing?: Standing;
}

export const demoted = (
  signedUp: SignUp,
  sequence: number,
  previousStanding: RegistrationDemoted['previousStanding'] = 'confirmed',
): RegistrationDemoted => ({ type: 'RegistrationDemoted', ...about(signedUp, sequence), previousStanding });

export const cancelled = (
  signedUp: SignUp,
  sequence: number,
  previousStanding: Standing,
  cause: CancelCause = 'user',
): RegistrationCancelled => ({
  type: 'RegistrationCancelled',
  ...about(signedUp, sequence),
  previousStanding,
  cause,
});

export const updated = (
  signedUp: SignUp,
  sequence: number,
  ...fields: RegistrationUpdated['fields']
): RegistrationUpdated => ({ type: 'RegistrationUpdated', ...about(signedUp, sequence), fields });

export const checkedIn = (signedUp: SignUp, sequence: number, attendedAt: Instant): RegistrationCheckedIn => ({
  type: 'RegistrationCheckedIn',
  ...about(signedUp, sequence),
  attendedAt,
});

export const checkInUndone = (signedUp: SignUp, sequence: number, attendedAt: Instant): RegistrationCheckInUndone => ({
  type: 'RegistrationCheckInUndone',
  ...about(signedUp, sequence),
  attendedAt,
});
