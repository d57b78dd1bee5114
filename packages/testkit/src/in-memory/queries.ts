import {
  standingOf,
  type ActiveRegistration,
  type ExistingEvent,
  type Registration,
  type RoleId,
  type RoleState,
  type Standing,
} from '@rollcall/domain';
import type { StandingCounts } from '@rollcall/engine';
import { copyOf } from './copy.ts';

const none: StandingCounts = { confirmed: 0, waitlist: 0, offered: 0 };

const isActive = (registration: Registration): registration is ActiveRegistration =>
  registration.status !== 'cancelled';

export function countPerRole(registrations: readonly Registration[]): ReadonlyMap<RoleId, StandingCounts> {
  const counts = new Map<RoleId, StandingCounts>();
  for (const registration of registrations.filter(isActive)) {
    const ofRole = counts.get(registration.roleId) ?? none;
    const standing = standingOf(registration);
    counts.set(registration.roleId, { ...ofRole, [standing]: ofRole[standing] + 1 });
  }
  return counts;
}

/** A role's registrations of one standing, by sequence. */
export function standingIn(
  registrations: readonly Registration[],
  roleId: RoleId,
  standing: Standing,
): readonly ActiveRegistration[] {
  return registrations
    .filter(isActive)
    .filter((registration) => registration.roleId === roleId && standingOf(registration) === standing)
    .toSorted((a, b) => a.sequence - b.sequence);
}

/** The event with these counts; a role that is not among them has nobody. */
export function withCounts(current: ExistingEvent, counts: ReadonlyMap<RoleId, StandingCounts>): ExistingEvent {
  const roles = new Map<RoleId, RoleState>();
  for (const [roleId, { role }] of current.roles) roles.set(roleId, { role, ...(counts.get(roleId) ?? none) });
  return copyOf({ ...current, roles });
}

/** An event document holds no counts, so those that it is written with are not there when it is read. */
export const withoutCounts = (current: ExistingEvent): ExistingEvent => withCounts(current, new Map());
