import {
  addToWorkingSet,
  emptyWorkingSet,
  standingOf,
  type ActiveRegistration,
  type Registration,
  type RegistrationId,
  type RoleId,
  type WaitingRegistration,
  type WorkingSet,
} from '@rollcall/domain';

/** A working set with everything in it: what an engine loads of it is the engine's business. */
export function wholeWorkingSet(all: Iterable<Registration>): WorkingSet {
  const working = emptyWorkingSet();
  const bySequence = [...all].toSorted((a, b) => a.sequence - b.sequence);
  for (const registration of bySequence) {
    addToWorkingSet(working, registration);
    if (registration.status === 'cancelled') continue;
    if (registration.status === 'waitlist' && registration.offer === undefined) {
      const line = listOf<WaitingRegistration>(working.waiting, registration.roleId);
      line.push(registration);
      working.placeAtLoad.set(registration.registrationId, line.length);
    } else {
      listOf<ActiveRegistration>(working.seated, registration.roleId).unshift(registration);
    }
  }
  return working;
}

function listOf<Item>(lists: Map<RoleId, Item[]>, roleId: RoleId): Item[] {
  const list = lists.get(roleId) ?? [];
  lists.set(roleId, list);
  return list;
}

/** Who waits for the role and has no offer, first in line first. */
export function lineOf(all: ReadonlyMap<RegistrationId, Registration>, roleId: RoleId): readonly Registration[] {
  return [...all.values()]
    .filter(
      (registration) =>
        registration.roleId === roleId &&
        registration.status !== 'cancelled' &&
        standingOf(registration) === 'waitlist',
    )
    .toSorted((a, b) => a.sequence - b.sequence);
}
