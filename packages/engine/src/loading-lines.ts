import {
  addToWorkingSet,
  changesMax,
  registrationIdFor,
  rolesSharing,
  type Command,
  type EventState,
  type ExistingEvent,
  type MoveBetweenRoles,
  type RegistrationId,
  type RoleId,
  type SignUp,
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
  const freeing = commands.filter(mayFreeSeat);
  // Nearly all batches only sign people up.
  if (freeing.length === 0) return;
  const { registrations } = state.working;
  const makers = makersIn(commands);
  const freed = new Set<RoleId>();
  const mayBeFreed = (roleId: RoleId | undefined) => {
    if (roleId !== undefined) for (const sharing of rolesSharing(current, roleId)) freed.add(sharing);
  };
  for (const command of freeing) {
    const { registrationId } = command;
    const registration = registrations.get(registrationId);
    mayBeFreed((registration ?? makers.get(registrationId))?.roleId);
    // Accepting may give up another seat.
    const replaced = registration?.status === 'waitlist' ? registration.replaces : undefined;
    if (replaced !== undefined) mayBeFreed(registrations.get(replaced)?.roleId);
    // Moved on within the same batch.
    if (command.type === 'MoveBetweenRoles') mayBeFreed(command.roleId);
  }
  await Promise.all([...freed].map((roleId) => loadLine(store, state, current, roleId, freeing.length)));
}

/** The commands that may make a registration, by its id. */
export function makersIn(commands: readonly Command[]): ReadonlyMap<RegistrationId, SignUp | MoveBetweenRoles> {
  const makers = new Map<RegistrationId, SignUp | MoveBetweenRoles>();
  for (const command of commands) {
    if (command.type === 'SignUp' || command.type === 'MoveBetweenRoles') {
      makers.set(registrationIdFor(command.commandId), command);
    }
  }
  return makers;
}

type Freeing = Extract<
  Command,
  {
    type: 'CancelSignup' | 'RemoveFromRole' | 'MoveBetweenRoles' | 'AcceptOffer' | 'DeclineOffer' | 'ExpireOffer';
  }
>;

/** What is imported frees no seats either: nobody is promoted for it. */
function mayFreeSeat(command: Command): command is Freeing {
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
    case 'EraseUser':
    case 'ImportEvent':
    case 'ImportRegistration':
    case 'FinishImport':
    case 'ResumeImport':
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
