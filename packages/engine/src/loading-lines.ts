import {
  addToWorkingSet,
  changesMax,
  registrationIdFor,
  rolesSharing,
  type Command,
  type EventState,
  type ExistingEvent,
  type RegistrationId,
  type RoleId,
  type WaitingRegistration,
} from '@rollcall/domain';
import type { EventStore } from './ports.ts';

type Reads = Pick<EventStore, 'findStanding'>;

/** Enough for whatever one decision may do, and one more to know that something is left. */
export const deepLine = changesMax + 1;

/** Each of these frees at most one seat by itself, so as many heads are enough unless one promotion leads to the next. */
export async function loadLinesOf(
  store: Reads,
  state: EventState,
  current: ExistingEvent,
  commands: readonly Command[],
): Promise<void> {
  const made = new Map<RegistrationId, RoleId>();
  for (const command of commands) {
    if (command.type === 'SignUp' || command.type === 'MoveBetweenRoles') {
      made.set(registrationIdFor(command.commandId), command.roleId);
    }
  }
  const freed = new Set<RoleId>();
  let frees = 0;
  for (const command of commands) {
    if (!mayFreeSeat(command)) continue;
    frees += 1;
    const roleId = state.working.registrations.get(command.registrationId)?.roleId ?? made.get(command.registrationId);
    if (roleId !== undefined) for (const sharing of rolesSharing(current, roleId)) freed.add(sharing);
    // Accepting may give up another seat.
    const registration = state.working.registrations.get(command.registrationId);
    const replaced = registration?.status === 'waitlist' ? registration.replaces : undefined;
    const given = replaced === undefined ? undefined : state.working.registrations.get(replaced)?.roleId;
    if (given !== undefined) for (const sharing of rolesSharing(current, given)) freed.add(sharing);
    // Moved on within the same batch.
    if (command.type === 'MoveBetweenRoles') {
      for (const sharing of rolesSharing(current, command.roleId)) freed.add(sharing);
    }
  }
  await Promise.all([...freed].map((roleId) => loadLine(store, state, current, roleId, frees)));
}

function mayFreeSeat(command: Command): command is Extract<Command, { registrationId: RegistrationId }> {
  switch (command.type) {
    case 'CancelSignup':
    case 'RemoveFromRole':
    case 'MoveBetweenRoles':
    case 'AcceptOffer':
    case 'DeclineOffer':
    case 'ExpireOffer':
      return true;
    case 'CreateEvent':
    case 'ChangeEventSettings':
    case 'AddRole':
    case 'ChangeRole':
    case 'DeleteRole':
    case 'SignUp':
    case 'UpdateRegistration':
    case 'CheckIn':
    case 'UndoCheckIn':
      return false;
  }
}

export async function loadAllLines(store: Reads, state: EventState, current: ExistingEvent): Promise<void> {
  await Promise.all([...current.roles.keys()].map((roleId) => loadLine(store, state, current, roleId, deepLine)));
}

async function loadLine(
  store: Reads,
  state: EventState,
  current: ExistingEvent,
  roleId: RoleId,
  countMax: number,
): Promise<void> {
  if ((current.roles.get(roleId)?.waitlist ?? 0) === 0) return;
  const { eventId, working } = state;
  const line = await store.findStanding({ eventId, roleId, standing: 'waitlist', from: 'first', countMax });
  for (const registration of line) addToWorkingSet(working, registration);
  const waiting = line.map(({ registrationId }) => working.registrations.get(registrationId));
  working.waiting.set(
    roleId,
    waiting.filter((registration): registration is WaitingRegistration => registration?.status === 'waitlist'),
  );
}
