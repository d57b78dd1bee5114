import type { EventSettings, EventStatus, Instant, Pool, Role } from './command.ts';
import type { Obligation, Standing } from './domain-event.ts';
import type { UserTraces } from './traces.ts';
import type { EventId, RegistrationId, RoleId, UserId } from './ids.ts';

interface RegistrationBase {
  readonly registrationId: RegistrationId;
  readonly userId: UserId;
  readonly roleId: RoleId;
  readonly sequence: number;
}

export interface ConfirmedRegistration extends RegistrationBase {
  readonly status: 'confirmed';
  readonly attendedAt?: Instant;
}

export interface WaitingRegistration extends RegistrationBase {
  readonly status: 'waitlist';
  /** A seat is held until then. */
  readonly offer?: { readonly expiresAt: Instant };
  /** The registration that is given up when this one gets its seat. */
  readonly replaces?: RegistrationId;
}

export interface CancelledRegistration extends RegistrationBase {
  readonly status: 'cancelled';
}

/** What the rules need to know of a registration. Its texts and profile decide nothing and live in the store alone. */
export type ActiveRegistration = ConfirmedRegistration | WaitingRegistration;
export type Registration = ActiveRegistration | CancelledRegistration;

/** How counts see an active registration. */
export function standingOf(registration: ActiveRegistration): Standing {
  if (registration.status === 'confirmed') return 'confirmed';
  return registration.offer === undefined ? 'waitlist' : 'offered';
}

/** A role with its exact counts at the state's version. */
export interface RoleState {
  readonly role: Role;
  confirmed: number;
  /** Those in line; who has been offered a seat has left it. */
  waitlist: number;
  offered: number;
}

/** An event without its registrations: enough to count, small enough to keep in memory for every busy event. */
export interface ExistingEvent {
  readonly status: EventStatus;
  readonly settings: EventSettings;
  readonly pools: readonly Pool[];
  readonly obligation?: Obligation;
  /** What the system before calls it, if it came from there. */
  readonly legacyId?: string;
  /** The system before leads it: Rollcall follows, and decides nothing of its own. */
  readonly importing?: true;
  readonly roles: ReadonlyMap<RoleId, RoleState>;
}

/**
 * The registrations that a batch of commands can touch, loaded for it: those of its users, those it names, and of each
 * role that may get a free seat the first in line. Where that turns out to be too little, `decide` throws
 * NotLoadedError.
 */
export interface WorkingSet {
  readonly registrations: Map<RegistrationId, Registration>;
  /** The active registrations of each user of the batch. */
  readonly activeByUser: Map<UserId, ActiveRegistration[]>;
  /** Per role the head of its waitlist, in line order, without those who have an offer. */
  readonly waiting: Map<RoleId, WaitingRegistration[]>;
  /** Per role those who took a seat last, confirmed or offered, the last first: for demotions, and only as it was loaded. */
  readonly seated: Map<RoleId, ActiveRegistration[]>;
  /** The place in line of waiting registrations as it was when the set was loaded. */
  readonly placeAtLoad: Map<RegistrationId, number>;
  /** Per role who has left its line since then or has come back into it, by sequence; joins at the end move nobody. */
  readonly lineShifts: Map<RoleId, LineShift[]>;
  /** Of each user who is to be erased, all that names them. */
  readonly traces: Map<UserId, UserTraces>;
}

interface LineShift {
  readonly sequence: number;
  readonly by: 1 | -1;
}

/** `current` is undefined until the event is created. */
export interface EventState {
  readonly eventId: EventId;
  /** The number of decisions so far. */
  version: number;
  current: ExistingEvent | undefined;
  readonly working: WorkingSet;
  /** How many registrations one decision may change; 500 unless a test says fewer, at least 2. */
  readonly changesMax?: number;
}

/** The working set lacks what the rules need: the batch ends before this command, and the next one is loaded for it alone. */
export class NotLoadedError extends Error {
  override readonly name = 'NotLoadedError';
}

export function emptyWorkingSet(): WorkingSet {
  return {
    registrations: new Map(),
    activeByUser: new Map(),
    waiting: new Map(),
    seated: new Map(),
    placeAtLoad: new Map(),
    lineShifts: new Map(),
    traces: new Map(),
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
  return place + shiftBefore(working, registration.roleId, registration.sequence);
}

/** By how many places those have moved since the load who have this sequence. */
export function shiftBefore(working: WorkingSet, roleId: RoleId, before: number): number {
  let shift = 0;
  for (const { sequence, by } of working.lineShifts.get(roleId) ?? []) if (sequence < before) shift += by;
  return shift;
}
