import type { ExistingEvent, Registration, RoleId, RoleState } from '@rollcall/domain';

export function countPerRole(
  registrations: readonly Registration[],
): ReadonlyMap<RoleId, { confirmed: number; waitlist: number }> {
  const counts = new Map<RoleId, { confirmed: number; waitlist: number }>();
  for (const { roleId, status } of registrations) {
    if (status === 'cancelled') continue;
    const ofRole = counts.get(roleId) ?? { confirmed: 0, waitlist: 0 };
    ofRole[status] += 1;
    counts.set(roleId, ofRole);
  }
  return counts;
}

export function lineOfRole(registrations: readonly Registration[], roleId: RoleId): readonly Registration[] {
  return registrations
    .filter((registration) => registration.roleId === roleId && registration.status === 'waitlist')
    .toSorted((a, b) => a.sequence - b.sequence);
}

/** An event document holds no counts, so those that it is written with are not there when it is read. */
export function withoutCounts(current: ExistingEvent): ExistingEvent {
  const roles = new Map<RoleId, RoleState>();
  for (const [roleId, { role }] of current.roles) roles.set(roleId, { role, confirmed: 0, waitlist: 0 });
  return structuredClone({ ...current, roles });
}
