import {
  addToWorkingSet,
  emptyWorkingSet,
  registrationIdFor,
  type Command,
  type Registration,
  type RegistrationId,
  type RoleId,
  type WorkingSet,
} from '@rollcall/domain';

/**
 * The working set of a batch, taken from all registrations of the event: exactly what WorkingSet asks for and not one
 * more, so that a rule that needs more is found out.
 */
export function workingSetFor(
  all: ReadonlyMap<RegistrationId, Registration>,
  commands: readonly Command[],
): WorkingSet {
  const working = emptyWorkingSet();
  const signUps = commands.filter((command) => command.type === 'SignUp');
  const cancels = commands.filter((command) => command.type === 'CancelSignup');

  const users = new Set(signUps.map(({ userId }) => userId));
  const named = new Set(cancels.map(({ registrationId }) => registrationId));
  for (const registration of all.values()) {
    const activeOfUser = users.has(registration.userId) && registration.status !== 'cancelled';
    if (activeOfUser || named.has(registration.registrationId)) addToWorkingSet(working, registration);
  }

  const cancelRoles = new Set<RoleId>();
  for (const registrationId of named) {
    const roleId =
      all.get(registrationId)?.roleId ??
      signUps.find(({ commandId }) => registrationIdFor(commandId) === registrationId)?.roleId;
    if (roleId !== undefined) cancelRoles.add(roleId);
  }
  for (const roleId of cancelRoles) {
    const head = lineOf(all, roleId).slice(0, cancels.length);
    // An empty line is left out, as a loader does that knows the count: the rules must start it themselves.
    if (head.length > 0) working.waiting.set(roleId, head);
    for (const registration of head) addToWorkingSet(working, registration);
  }

  for (const { userId, roleId } of signUps) {
    const line = lineOf(all, roleId);
    const place = line.findIndex((waiting) => waiting.userId === userId);
    const waiting = line[place];
    if (waiting !== undefined) working.placeAtLoad.set(waiting.registrationId, place + 1);
  }
  return working;
}

/** Who waits for the role, first in line first. */
export function lineOf(all: ReadonlyMap<RegistrationId, Registration>, roleId: RoleId): Registration[] {
  return [...all.values()]
    .filter((registration) => registration.roleId === roleId && registration.status === 'waitlist')
    .toSorted((a, b) => a.sequence - b.sequence);
}
