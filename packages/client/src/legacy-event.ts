import type { Availability, EventDocument, RegistrationDocument } from '@rollcall/contracts/http';
import { legacyTimes } from './legacy-times.ts';
import type { Plain } from './plain.ts';

/** An event as the system before gave it to its front ends; computed, and never written back to Rollcall. */
export interface LegacyEvent {
  /** That of the system before for an event that comes from there, else the `eventId`. */
  readonly _id: string;
  /** What Rollcall's calls take. */
  readonly eventId: string;
  /** What it is computed from: `withCounts` drops counts that are older. */
  readonly version: number;
  readonly title: string;
  /** "YYYY-MM-DD", as the two times "HH:MM" by the clocks of the event's time zone. */
  readonly date: string;
  readonly time: string;
  /** Another day than `date` for an event that goes on past midnight. */
  readonly endDate: string;
  readonly endTime: string;
  readonly timeZone: string;
  /** Empty where there is none. */
  readonly location: string;
  readonly organizer: string;
  readonly status: LegacyEventStatus;
  readonly roles: readonly LegacyEventRole[];
  /** Confirmed registrations of all roles. */
  readonly signedUp: number;
  /** Seats of all roles, or of the event where it has fewer; `unlimitedSlots` where neither is limited. */
  readonly totalSlots: number;
  /** The event's own limit, if it has one. */
  readonly capacity?: number;
}

export type LegacyEventStatus = 'draft' | 'upcoming' | 'ongoing' | 'completed' | 'cancelled';

export interface LegacyEventRole {
  readonly id: string;
  /** What Rollcall's calls take. */
  readonly roleId: string;
  readonly name: string;
  /** `unlimitedSlots` for a role without a limit. */
  readonly maxParticipants: number;
  /** Those with a seat, as far as the registrations were given: empty for the public. */
  readonly currentSignups: readonly LegacySignup[];
  /** Known to everybody, unlike who they are. */
  readonly signedUp: number;
  /** Seats that are free, also by the limits that roles share; `unlimitedSlots` where there is none. */
  readonly available: number;
}

export interface LegacySignup extends LegacyName {
  readonly userId: string;
  /** What Rollcall's calls take. */
  readonly registrationId: string;
  /** Of the registration in the system before, where it comes from there. */
  readonly _id?: string;
  readonly notes?: string;
  readonly specialRequirements?: string;
}

/** What a front end knows of a user from elsewhere; further fields come with it as they are. */
export interface LegacyName {
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
}

export interface LegacyEventOptions {
  /** Who somebody is; else it is split from the registration's display name, and of who has none the user id is shown. */
  readonly names?: (userId: string) => LegacyName | undefined;
  /** By which an event is upcoming, ongoing or completed: ms since 1970; by default the clock of this machine. */
  readonly now?: number;
  /** The organizer's name in the place of the `organizerId`. */
  readonly organizer?: string;
  /** What the system before calls a role, such as `dashedRoleId`; by default what Rollcall calls it. */
  readonly legacyRoleId?: (roleId: string) => string;
}

/** Which id the system before gave it, where the API tells. */
interface FromBefore {
  readonly legacyId?: string;
}

/**
 * A number that every other fits below: old front ends compare `currentSignups.length < maxParticipants`, which null would
 * turn into "full", and JSON has no Infinity.
 */
export const unlimitedSlots = Number.MAX_SAFE_INTEGER;

/** The uuid that the migration took the dashes from; any other id as it is. */
export function dashedRoleId(roleId: string): string {
  return /^[0-9a-f]{32}$/.test(roleId) ? roleId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : roleId;
}

/**
 * What `getEvent` answered, in the structure of the system before. With `registrations`, as `listParticipants` gives them to
 * staff, those with a seat stand in `currentSignups`; without, there are only numbers, which come from the event's counts either way.
 * @throws RangeError for a time zone that this machine does not know.
 */
export function toLegacyEvent(
  event: Plain<EventDocument> & FromBefore,
  registrations: readonly (Plain<RegistrationDocument> & FromBefore)[] = [],
  options: LegacyEventOptions = {},
): LegacyEvent {
  const { eventId, version, title, timeZone, capacity } = event;
  const signups = signupsByRole(registrations, options);
  const roles = event.roles.map(({ roleId, name, capacity: seats, counts }): LegacyEventRole => ({
    id: options.legacyRoleId?.(roleId) ?? roleId,
    roleId,
    name,
    maxParticipants: seats ?? unlimitedSlots,
    currentSignups: signups.get(roleId) ?? [],
    signedUp: counts.confirmed,
    available: counts.available ?? unlimitedSlots,
  }));
  const startsAt = Date.parse(event.startsAt);
  const endsAt = Date.parse(event.endsAt);
  return {
    _id: event.legacyId ?? eventId,
    eventId,
    version,
    title,
    ...legacyTimes(startsAt, endsAt, timeZone),
    timeZone,
    location: event.location ?? '',
    organizer: options.organizer ?? event.organizerId,
    status: statusOf(event.status, startsAt, endsAt, options.now ?? Date.now()),
    roles,
    ...sumsOf(roles, capacity),
    ...(capacity === undefined ? {} : { capacity }),
  };
}

/**
 * The event with newer numbers, as `followCounts` and `getAvailability` give them; as it was when they are older. Who has
 * signed up stays as it was: only numbers are live. A role that came since needs the event to be read again.
 * @throws Error for counts of another event.
 */
export function withCounts(legacyEvent: LegacyEvent, counts: Plain<Availability>): LegacyEvent {
  const { eventId, version } = counts;
  if (eventId !== legacyEvent.eventId) throw new Error(`these are counts of ${eventId}, not of ${legacyEvent.eventId}`);
  if (version < legacyEvent.version) return legacyEvent;
  const newer = new Map(counts.roles.map((role) => [role.roleId, role]));
  const roles = legacyEvent.roles.flatMap((role): LegacyEventRole[] => {
    const now = newer.get(role.roleId);
    if (now === undefined) return [];
    const { confirmed, available, capacity } = now;
    const maxParticipants = capacity ?? unlimitedSlots;
    return [{ ...role, maxParticipants, signedUp: confirmed, available: available ?? unlimitedSlots }];
  });
  return { ...legacyEvent, version, roles, ...sumsOf(roles, legacyEvent.capacity) };
}

function sumsOf(
  roles: readonly LegacyEventRole[],
  capacity: number | undefined,
): Pick<LegacyEvent, 'signedUp' | 'totalSlots'> {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const slots = sum(roles.map(({ maxParticipants }) => maxParticipants));
  return {
    signedUp: sum(roles.map(({ signedUp }) => signedUp)),
    totalSlots: Math.min(slots, capacity ?? unlimitedSlots, unlimitedSlots),
  };
}

/** Signups can be closed long before, and nobody need close them after the end. */
function statusOf(status: EventDocument['status'], startsAt: number, endsAt: number, now: number): LegacyEventStatus {
  switch (status) {
    case 'draft':
    case 'cancelled':
      return status;
    case 'open':
    case 'closed':
      if (now < startsAt) return 'upcoming';
      return now < endsAt ? 'ongoing' : 'completed';
  }
}

function signupsByRole(
  registrations: readonly (Plain<RegistrationDocument> & FromBefore)[],
  { names }: LegacyEventOptions,
): ReadonlyMap<string, readonly LegacySignup[]> {
  const byRole = new Map<string, LegacySignup[]>();
  for (const registration of registrations) {
    if (registration.status !== 'confirmed') continue;
    const { roleId, registrationId, userId, profile, notes, specialRequirements, legacyId } = registration;
    const signups = byRole.get(roleId) ?? [];
    byRole.set(roleId, signups);
    signups.push({
      ...(names?.(userId) ?? nameOf(profile?.displayName ?? userId)),
      userId,
      registrationId,
      ...(legacyId === undefined ? {} : { _id: legacyId }),
      ...(notes === undefined ? {} : { notes }),
      ...(specialRequirements === undefined ? {} : { specialRequirements }),
    });
  }
  return byRole;
}

/** Up to the first space it is the first name: of names in one text nobody knows more. */
function nameOf(displayName: string): LegacyName {
  const [firstName = '', ...rest] = displayName.trim().split(/\s+/);
  return { username: displayName, firstName, lastName: rest.join(' ') };
}
