import type { CheckIn, UndoCheckIn, UpdateRegistration } from './command.ts';
import { accept, reject, type Decision } from './decision.ts';
import { findActive } from './leaving.ts';
import { about } from './plan.ts';
import type { EventState, ExistingEvent } from './state.ts';

/** Texts decide nothing: the journal says which have changed, the registration what they say. */
export function updateRegistration(state: EventState, current: ExistingEvent, command: UpdateRegistration): Decision {
  const { actor, notes, specialRequirements } = command;
  const found = findActive(state, command.registrationId, actor);
  if (found.kind === 'refused') return reject(found.rejection);
  const { endsAt } = current.settings;
  if (actor.kind === 'user' && command.acceptedAt >= endsAt) return reject({ reason: 'event-over', endsAt });
  const fields = [
    ...(notes === undefined ? [] : (['notes'] as const)),
    ...(specialRequirements === undefined ? [] : (['specialRequirements'] as const)),
  ];
  if (fields.length === 0) return accept();
  return accept({ type: 'RegistrationUpdated', ...about(found.registration), fields });
}

export function checkIn(state: EventState, { registrationId, actor, acceptedAt }: CheckIn): Decision {
  const found = findActive(state, registrationId, actor);
  if (found.kind === 'refused') return reject(found.rejection);
  const { registration } = found;
  if (registration.status !== 'confirmed') return reject({ reason: 'not-confirmed', registrationId });
  const { attendedAt } = registration;
  if (attendedAt !== undefined) return reject({ reason: 'already-checked-in', registrationId, attendedAt });
  return accept({ type: 'RegistrationCheckedIn', ...about(registration), attendedAt: acceptedAt });
}

export function undoCheckIn(state: EventState, { registrationId, actor }: UndoCheckIn): Decision {
  const found = findActive(state, registrationId, actor);
  if (found.kind === 'refused') return reject(found.rejection);
  const { registration } = found;
  if (registration.status !== 'confirmed' || registration.attendedAt === undefined) {
    return reject({ reason: 'not-checked-in', registrationId });
  }
  const { attendedAt } = registration;
  return accept({ type: 'RegistrationCheckInUndone', ...about(registration), attendedAt });
}
