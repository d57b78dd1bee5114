import {
  registrationIdFor,
  type RegistrationCancelled,
  type RegistrationConfirmed,
  type RegistrationPromoted,
  type RegistrationWaitlisted,
  type SignUp,
} from '@rollcall/domain';

function about({ commandId, userId, roleId }: SignUp, sequence: number) {
  return { registrationId: registrationIdFor(commandId), userId, roleId, sequence };
}

/** The domain events that follow from a signup, to be compared with what was decided. */
export const confirmed = (signedUp: SignUp, sequence: number): RegistrationConfirmed => ({
  type: 'RegistrationConfirmed',
  ...about(signedUp, sequence),
});

export const waitlisted = (signedUp: SignUp, sequence: number, waitlistPosition: number): RegistrationWaitlisted => ({
  type: 'RegistrationWaitlisted',
  ...about(signedUp, sequence),
  waitlistPosition,
});

export const promoted = (signedUp: SignUp, sequence: number): RegistrationPromoted => ({
  type: 'RegistrationPromoted',
  ...about(signedUp, sequence),
});

export const cancelled = (
  signedUp: SignUp,
  sequence: number,
  previousStatus: RegistrationCancelled['previousStatus'],
): RegistrationCancelled => ({ type: 'RegistrationCancelled', ...about(signedUp, sequence), previousStatus });
