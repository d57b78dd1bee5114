import type { EventSettings, EventStatus, Role } from './command.ts';
import type { EventId, RegistrationId, RoleId, UserId } from './ids.ts';

/** What the rules need to know of a registration. Its texts and profile decide nothing and live in the store alone. */
export interface Registration {
  readonly registrationId: RegistrationId;
  readonly userId: UserId;
  readonly roleId: RoleId;
  readonly status: 'confirmed' | 'waitlist' | 'cancelled';
  readonly sequence: number;
}

/** A role with its exact counts at the state's version. */
export interface RoleState {
  readonly role: Role;
  confirmed: number;
  waitlist: number;
}

/** An event without its registrations: enough to count, small enough to keep in memory for every busy event. */
export interface ExistingEvent {
  readonly status: EventStatus;
  readonly settings: EventSettings;
  readonly roles: ReadonlyMap<RoleId, RoleState>;
}

/**
 * The registrations that a batch of commands can touch, loaded for it: those of its users, those it names, and of each
 * role from which it cancels the first in line, at least as many as it cancels.
 */
export interface WorkingSet {
  readonly registrations: Map<RegistrationId, Registration>;
  /** The active registrations of each user of the batch. */
  readonly activeByUser: Map<UserId, Registration[]>;
  /** Per role the head of its waitlist, in line order. */
  readonly waiting: Map<RoleId, Registration[]>;
  /** The place in line of waiting registrations as it was when the set was loaded. */
  readonly placeAtLoad: Map<RegistrationId, number>;
  /** Per role the sequences of those who left its line since then. */
  readonly departed: Map<RoleId, number[]>;
}

/** `current` is undefined until the event is created. */
export interface EventState {
  readonly eventId: EventId;
  /** The number of decisions so far. */
  version: number;
  current: ExistingEvent | undefined;
  readonly working: WorkingSet;
}

export function emptyWorkingSet(): WorkingSet {
  return {
    registrations: new Map(),
    activeByUser: new Map(),
    waiting: new Map(),
    placeAtLoad: new Map(),
    departed: new Map(),
  };
}

/** The state of an event that nobody has created. */
export function initialState(eventId: EventId): EventState {
  return { eventId, version: 0, current: undefined, working: emptyWorkingSet() };
}

/** Adds a loaded registration to the working set; harmless when it is there already. */
export function addToWorkingSet(working: WorkingSet, registration: Registration): void {
  if (working.registrations.has(registration.registrationId)) return;
  working.registrations.set(registration.registrationId, registration);
  if (registration.status === 'cancelled') return;
  const active = working.activeByUser.get(registration.userId);
  if (active === undefined) working.activeByUser.set(registration.userId, [registration]);
  else active.push(registration);
}

/** The place in line now, from 1, of a waiting registration whose place at load is known. */
export function waitlistPosition(working: WorkingSet, registration: Registration): number | undefined {
  const place = working.placeAtLoad.get(registration.registrationId);
  if (place === undefined) return undefined;
  const departed = working.departed.get(registration.roleId) ?? [];
  return place - departed.filter((sequence) => sequence < registration.sequence).length;
}
