import {
  addToWorkingSet,
  registrationIdFor,
  type Command,
  type EventState,
  type RegistrationId,
  type RoleId,
  type UserId,
} from '@rollcall/domain';
import type { EventStore } from './ports.ts';

/** Loads into the state the registrations that these commands can touch: see WorkingSet. */
export async function loadWorkingSet(
  store: EventStore,
  state: EventState,
  commands: readonly Command[],
): Promise<void> {
  if (state.current === undefined) return;
  const { eventId, working } = state;
  const userIds = new Set<UserId>();
  const cancelled = new Set<RegistrationId>();
  let cancelCount = 0;
  for (const command of commands) {
    if (command.type === 'SignUp') userIds.add(command.userId);
    if (command.type === 'CancelSignup') {
      cancelCount += 1;
      cancelled.add(command.registrationId);
    }
  }
  if (userIds.size === 0 && cancelCount === 0) return;

  const found = await store.findRegistrations(eventId, [...userIds], [...cancelled]);
  for (const registration of found) addToWorkingSet(working, registration);

  // Each cancel takes at most one out of a line, by leaving it or by freeing a seat, so as many heads are enough.
  for (const roleId of rolesOfCancels(state, commands, cancelled)) {
    if ((state.current.roles.get(roleId)?.waitlist ?? 0) === 0) continue;
    const waiting = await store.findWaiting(eventId, roleId, cancelCount);
    for (const registration of waiting) addToWorkingSet(working, registration);
    working.waiting.set(
      roleId,
      waiting.map(({ registrationId }) => registered(state, registrationId)),
    );
  }
  await loadPlaces(store, state, commands);
}

function registered(state: EventState, registrationId: RegistrationId) {
  const registration = state.working.registrations.get(registrationId);
  if (registration === undefined) throw new Error(`${registrationId} was loaded and is not there`);
  return registration;
}

function rolesOfCancels(
  state: EventState,
  commands: readonly Command[],
  cancelled: ReadonlySet<RegistrationId>,
): ReadonlySet<RoleId> {
  const roles = new Set<RoleId>();
  for (const registrationId of cancelled) {
    const registration = state.working.registrations.get(registrationId);
    if (registration !== undefined) roles.add(registration.roleId);
  }
  for (const command of commands) {
    // Signed up and cancelled within one batch.
    if (command.type === 'SignUp' && cancelled.has(registrationIdFor(command.commandId))) roles.add(command.roleId);
  }
  return roles;
}

/** Who signs up again for a role that they wait for is told their place. */
async function loadPlaces(store: EventStore, state: EventState, commands: readonly Command[]): Promise<void> {
  const { eventId, working } = state;
  const asked = new Map<RoleId, Map<number, RegistrationId>>();
  for (const command of commands) {
    if (command.type !== 'SignUp') continue;
    for (const held of working.activeByUser.get(command.userId) ?? []) {
      if (held.status !== 'waitlist' || held.roleId !== command.roleId) continue;
      const ofRole = asked.get(held.roleId) ?? new Map<number, RegistrationId>();
      asked.set(held.roleId, ofRole.set(held.sequence, held.registrationId));
    }
  }
  for (const [roleId, bySequence] of asked) {
    const places = await store.findPlaces(eventId, roleId, [...bySequence.keys()]);
    for (const [sequence, place] of places) {
      const registrationId = bySequence.get(sequence);
      if (registrationId !== undefined) working.placeAtLoad.set(registrationId, place);
    }
  }
}
