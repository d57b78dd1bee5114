import {
  addToWorkingSet,
  changesMax,
  rolesUnder,
  type ActiveRegistration,
  type ChangeEventSettings,
  type ChangeRole,
  type Command,
  type EventState,
  type ExistingEvent,
  type ImportRegistration,
  type MoveBetweenRoles,
  type Obligation,
  type Registration,
  type RegistrationId,
  type RoleId,
  type SignUp,
  type UserId,
} from '@rollcall/domain';
import { deepLine, loadAllLines, loadLinesOf, makersIn } from './loading-lines.ts';
import type { EventStore } from './ports.ts';

type Reads = Pick<EventStore, 'findRegistrations' | 'findStanding' | 'findPlaces' | 'findTraces'>;

/** Changes of limits can give seats to any role, or take them from any: they are loaded for alone, and deeply. */
function isFarReaching(command: Command): command is ChangeRole | ChangeEventSettings {
  return command.type === 'ChangeRole' || command.type === 'ChangeEventSettings';
}

/** Whoever waits anywhere may get a seat. */
const reachesAllLines = (command: Command): boolean => isFarReaching(command) || command.type === 'FinishImport';

/** What else this user holds at the event matters to it. */
const namesUser = (command: Command): command is SignUp | ImportRegistration =>
  command.type === 'SignUp' || command.type === 'ImportRegistration';

/** These need much, or rewrite what others in their batch would add to. */
export function isDecidedAlone(command: Command): boolean {
  return command.type === 'EraseUser' || command.type === 'FinishImport' || isFarReaching(command);
}

/**
 * Loads into the state the registrations that these commands can touch: see WorkingSet.
 *
 * @param deep for one command whose chain of promotions goes further than was loaded
 */
export async function loadWorkingSet(
  store: Reads,
  state: EventState,
  commands: readonly Command[],
  deep = false,
): Promise<void> {
  const { current, eventId, working } = state;
  if (current === undefined) return;
  for (const command of commands) {
    // Read after the event's version, so whatever they lack was decided after it, and then the commit is refused.
    if (command.type === 'EraseUser') {
      working.traces.set(command.userId, await store.findTraces(eventId, command.userId));
    }
  }
  const named = commands.flatMap((command) => ('registrationId' in command ? [command.registrationId] : []));
  const userIds = new Set(commands.flatMap((command) => (namesUser(command) ? [command.userId] : [])));
  if (named.length > 0 || userIds.size > 0) {
    keep(state, await store.findRegistrations(eventId, [...userIds], named));
    await loadMovers(store, state, commands, userIds);
    await loadReplaced(store, state);
  }
  if (deep || commands.some(reachesAllLines)) await loadAllLines(store, state, current);
  else await loadLinesOf(store, state, current, commands);
  for (const command of commands) {
    if (!isFarReaching(command)) continue;
    if (command.ifOver === 'demote') await loadSeats(store, state, [...current.roles.keys()]);
    const cancels = command.type === 'ChangeEventSettings' && command.status === 'cancelled';
    // Whom it would cancel; what it does cancel is left to an obligation.
    if (cancels && command.dryRun) await loadSomeActive(store, state, current);
  }
  await loadReplaced(store, state);
  if (working.activeByUser.size > 0) await loadPlaces(store, state, commands);
}

/** Loads what a step of an obligation can touch. */
export async function loadForObligation(store: Reads, state: EventState, obligation: Obligation): Promise<void> {
  const { current } = state;
  if (current === undefined) return;
  if (obligation.kind === 'cancel') return loadSomeActive(store, state, current);
  await loadAllLines(store, state, current);
  const roleIds = (obligation.limits ?? []).flatMap((limit) => rolesUnder(current, limit));
  await loadSeats(store, state, [...new Set(roleIds)]);
  await loadReplaced(store, state);
}

function keep({ working }: EventState, registrations: readonly Registration[]): void {
  for (const registration of registrations) addToWorkingSet(working, registration);
}

/** Whoever moves may hold more at the event than what is moved. */
async function loadMovers(
  store: Reads,
  state: EventState,
  commands: readonly Command[],
  known: ReadonlySet<UserId>,
): Promise<void> {
  const users = new Set<UserId>();
  for (const command of commands) {
    if (command.type !== 'MoveBetweenRoles') continue;
    const userId = state.working.registrations.get(command.registrationId)?.userId;
    if (userId !== undefined && !known.has(userId)) users.add(userId);
  }
  if (users.size > 0) keep(state, await store.findRegistrations(state.eventId, [...users], []));
}

type Maker = SignUp | MoveBetweenRoles;

/** Whose registration a command is about, also where that is made in the same batch. */
function userOf(
  { working }: EventState,
  command: Maker,
  makers: ReadonlyMap<RegistrationId, Maker>,
): UserId | undefined {
  if (command.type === 'SignUp') return command.userId;
  const loaded = working.registrations.get(command.registrationId);
  if (loaded !== undefined) return loaded.userId;
  const maker = makers.get(command.registrationId);
  return maker?.type === 'SignUp' ? maker.userId : undefined;
}

async function loadSeats(store: Reads, state: EventState, roleIds: readonly RoleId[]): Promise<void> {
  const { eventId, working } = state;
  await Promise.all(
    roleIds.map(async (roleId) => {
      const standings = (['confirmed', 'offered'] as const).map((standing) =>
        store.findStanding({ eventId, roleId, standing, from: 'last', countMax: deepLine }),
      );
      const seats = (await Promise.all(standings)).flat().toSorted((a, b) => b.sequence - a.sequence);
      keep(state, seats);
      working.seated.set(roleId, seats);
    }),
  );
}

async function loadSomeActive(store: Reads, state: EventState, current: ExistingEvent): Promise<void> {
  const { eventId } = state;
  let missing = changesMax;
  for (const [roleId, roleState] of current.roles) {
    for (const standing of ['confirmed', 'offered', 'waitlist'] as const) {
      if (missing <= 0 || roleState[standing] === 0) continue;
      const some = await store.findStanding({ eventId, roleId, standing, from: 'first', countMax: missing });
      keep(state, some);
      missing -= some.length;
    }
  }
}

/** What waits for a move gives up another registration when its turn comes. */
async function loadReplaced(store: Reads, state: EventState): Promise<void> {
  const { eventId, working } = state;
  const missing = new Set<RegistrationId>();
  for (const registration of working.registrations.values()) {
    if (registration.status !== 'waitlist' || registration.replaces === undefined) continue;
    if (!working.registrations.has(registration.replaces)) missing.add(registration.replaces);
  }
  if (missing.size > 0) keep(state, await store.findRegistrations(eventId, [], [...missing]));
}

/** Who asks again for a role that they wait for is told their place. */
async function loadPlaces(store: Reads, state: EventState, commands: readonly Command[]): Promise<void> {
  const { eventId, working } = state;
  const asked = new Map<RoleId, Map<number, RegistrationId>>();
  const makers = makersIn(commands);
  for (const command of commands) {
    if (command.type !== 'SignUp' && command.type !== 'MoveBetweenRoles') continue;
    const userId = userOf(state, command, makers);
    const active: readonly ActiveRegistration[] = (userId && working.activeByUser.get(userId)) ?? [];
    for (const held of active) {
      if (held.status !== 'waitlist' || held.offer !== undefined || held.roleId !== command.roleId) continue;
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
