import type { Registration, RegistrationId, UserId } from '@rollcall/domain';
import type { AttemptPorts } from './attempt.ts';
import type { RegistrationWrite } from './ports.ts';

/** More than these of one event are asked for rather than kept in memory. */
const keptMax = 200_000;

/**
 * All registrations of an event that an import has just made: while nobody else has committed, the store has no others, and
 * need not be asked who holds what. Whoever commits in between makes the next commit of the import stale, and then all of
 * this is forgotten.
 */
export interface KnownRegistrations {
  /** The store, with what is known answered from here. */
  over(store: AttemptPorts['store']): AttemptPorts['store'];
  /** These have been written. */
  wrote(writes: readonly RegistrationWrite[]): void;
  forget(): void;
}

export function createKnownRegistrations(isNewEvent: boolean): KnownRegistrations {
  let isWhole = isNewEvent;
  const registrations = new Map<RegistrationId, Registration>();
  const ofUsers = new Map<UserId, RegistrationId[]>();

  function forget(): void {
    isWhole = false;
    registrations.clear();
    ofUsers.clear();
  }

  function* find(userIds: readonly UserId[], named: readonly RegistrationId[]): Generator<Registration, void> {
    const ids = userIds.flatMap((userId) => ofUsers.get(userId) ?? []);
    for (const id of ids) {
      const registration = registrations.get(id);
      if (registration !== undefined && registration.status !== 'cancelled') yield registration;
    }
    for (const id of named) {
      const registration = registrations.get(id);
      if (registration !== undefined) yield registration;
    }
  }

  return {
    over: (store) => ({
      loadEvent: (eventId) => store.loadEvent(eventId),
      commit: (batch) => store.commit(batch),
      findRegistrations: async (eventId, userIds, named) =>
        isWhole ? [...new Set(find(userIds, named))] : store.findRegistrations(eventId, userIds, named),
      findStanding: (query) => store.findStanding(query),
      findPlaces: (eventId, roleId, sequences) => store.findPlaces(eventId, roleId, sequences),
      findTraces: (eventId, userId) => store.findTraces(eventId, userId),
    }),
    wrote(writes) {
      if (!isWhole) return;
      for (const { registration, before } of writes) {
        const { registrationId, userId } = registration;
        registrations.set(registrationId, registration);
        if (before !== undefined) continue;
        const ofUser = ofUsers.get(userId);
        if (ofUser === undefined) ofUsers.set(userId, [registrationId]);
        else ofUser.push(registrationId);
      }
      if (registrations.size > keptMax) forget();
    },
    forget,
  };
}
