import { changeLimits } from './changing-limits.ts';
import type { AddRole, ChangeRole, DeleteRole, Instant, Role } from './command.ts';
import { accept, reject, type Decision, type Rejection } from './decision.ts';
import type { Limit } from './shortage.ts';
import type { DomainEvent, WaitlistRules } from './domain-event.ts';
import type { RoleId } from './ids.ts';
import { rolesMax } from './limits.ts';
import { sameJson } from './settings.ts';
import type { EventState, ExistingEvent } from './state.ts';

export function addRole(current: ExistingEvent, { role }: AddRole): Decision {
  if (current.status === 'cancelled') return reject({ reason: 'event-cancelled' });
  const refusal = nameTaken(current, role.name);
  if (refusal !== undefined) return reject(refusal);
  if (current.roles.has(role.roleId)) return reject({ reason: 'settings-invalid', rule: 'role-ids-differ' });
  if (current.roles.size >= rolesMax) return reject({ reason: 'too-many-roles', rolesMax });
  return accept({ type: 'RoleAdded', role });
}

export function changeRole(
  state: EventState,
  current: ExistingEvent,
  command: ChangeRole,
  decidedAt: Instant,
): Decision {
  const { roleId, changes } = command;
  if (current.status === 'cancelled') return reject({ reason: 'event-cancelled' });
  const before = current.roles.get(roleId);
  if (before === undefined) return reject({ reason: 'role-not-found', roleId });
  const role = patchedRole(before.role, changes);
  const refusal = nameTaken(current, role.name, roleId);
  if (refusal !== undefined) return reject(refusal);

  const next: ExistingEvent = { ...current, roles: new Map(current.roles).set(roleId, { ...before, role }) };
  const limits: Limit[] = [{ limit: 'role', roleId }];
  return changeLimits(state, { current, next, limits, facts: roleFacts(before.role, role), command, decidedAt });
}

function patchedRole(role: Role, { waitlistMax, ...changes }: ChangeRole['changes']): Role {
  const { waitlistMax: before, ...rest } = role;
  const after = waitlistMax === undefined ? before : (waitlistMax ?? undefined);
  return { ...rest, ...changes, ...(after === undefined ? {} : { waitlistMax: after }) };
}

function roleFacts(before: Role, after: Role): readonly DomainEvent[] {
  const { roleId } = before;
  const facts: DomainEvent[] = [];
  if (before.name !== after.name) {
    facts.push({ type: 'RoleRenamed', roleId, before: before.name, after: after.name });
  }
  if (before.capacity !== after.capacity) {
    facts.push({ type: 'RoleCapacityChanged', roleId, before: before.capacity, after: after.capacity });
  }
  const [rules, newRules] = [waitlistRules(before), waitlistRules(after)];
  if (!sameJson(rules, newRules)) facts.push({ type: 'RoleWaitlistChanged', roleId, before: rules, after: newRules });
  return facts;
}

const waitlistRules = ({ waitlist, waitlistMax, offerMs }: Role): WaitlistRules => ({
  waitlist,
  ...(waitlistMax === undefined ? {} : { waitlistMax }),
  offerMs,
});

function nameTaken(current: ExistingEvent, name: string, except?: RoleId): Rejection | undefined {
  for (const { role } of current.roles.values()) {
    if (role.name === name && role.roleId !== except) return { reason: 'role-name-taken', roleId: role.roleId, name };
  }
  return undefined;
}

export function deleteRole(current: ExistingEvent, { roleId }: DeleteRole): Decision {
  if (current.status === 'cancelled') return reject({ reason: 'event-cancelled' });
  const roleState = current.roles.get(roleId);
  if (roleState === undefined) return reject({ reason: 'role-not-found', roleId });
  const { role, confirmed, waitlist, offered } = roleState;
  if (confirmed + waitlist + offered > 0)
    return reject({ reason: 'role-in-use', roleId, confirmed, waitlist, offered });
  return accept({ type: 'RoleDeleted', role });
}
