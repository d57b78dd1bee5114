import type { AddRole, ChangeEventSettings, ChangeRole, DeleteRole } from '@rollcall/domain';
import { demote, refusedToLower } from './naive-limits.ts';
import { cancelRow } from './naive-promoting.ts';
import {
  accept,
  holdsSeat,
  isActive,
  refuse,
  standsInLine,
  type NaiveEvent,
  type NaiveMoment,
  type NaiveOutcome,
  type NaiveWorld,
} from './naive-rows.ts';
import { brokenRule, isWhole, mayBecome, mergePatch, patchPools, patchSettings } from './naive-settings.ts';

/** How many there may be. The rules say that there is a limit, and leave to the caller which. */
export interface NaiveMaxima {
  readonly rolesMax: number;
  readonly poolsMax: number;
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export function changeEventSettings(
  world: NaiveWorld,
  event: NaiveEvent,
  command: ChangeEventSettings,
  moment: NaiveMoment,
  { poolsMax }: NaiveMaxima,
): NaiveOutcome {
  const status = command.status ?? event.status;
  if (!mayBecome[event.status].includes(status)) {
    return refuse({ reason: 'status-change-refused', from: event.status, to: status });
  }
  const settings = patchSettings(event.settings, command.settings);
  const pools = patchPools(event.pools, command.pools);
  const changed = !isSame(settings, event.settings) || !isSame(pools, event.pools);
  if (event.status === 'cancelled' && changed) return refuse({ reason: 'event-cancelled' });
  const rule = brokenRule(settings, event.roles, pools);
  if (rule !== undefined) return refuse({ reason: 'settings-invalid', rule });
  if (pools.length > poolsMax) return refuse({ reason: 'too-many-pools', poolsMax });

  const after: NaiveEvent = { ...event, status, settings, pools: pools.filter(isWhole) };
  if (status === 'cancelled') {
    // Nobody keeps a seat, so no limit has more taken than it allows.
    world.event = after;
    for (const row of world.rows.filter(isActive)) cancelRow(row, moment, 'event-cancelled');
    return accept({ kind: 'changed' });
  }
  const refused = refusedToLower(world, event, after, command.ifOver);
  if (refused !== undefined) return refuse(refused);
  world.event = after;
  if (command.ifOver === 'demote') demote(world, event, after, moment);
  return accept({ kind: 'changed' });
}

export function addRole(
  world: NaiveWorld,
  event: NaiveEvent,
  { role }: AddRole,
  { rolesMax }: NaiveMaxima,
): NaiveOutcome {
  if (event.status === 'cancelled') return refuse({ reason: 'event-cancelled' });
  const { name } = role;
  const namesake = event.roles.find((other) => other.name === name);
  if (namesake !== undefined) return refuse({ reason: 'role-name-taken', roleId: namesake.roleId, name });
  if (event.roles.some((other) => other.roleId === role.roleId)) {
    return refuse({ reason: 'settings-invalid', rule: 'role-ids-differ' });
  }
  if (event.roles.length >= rolesMax) return refuse({ reason: 'too-many-roles', rolesMax });
  world.event = { ...event, roles: [...event.roles, role] };
  return accept({ kind: 'role-added', roleId: role.roleId });
}

export function changeRole(
  world: NaiveWorld,
  event: NaiveEvent,
  { roleId, changes, ifOver }: ChangeRole,
  moment: NaiveMoment,
): NaiveOutcome {
  if (event.status === 'cancelled') return refuse({ reason: 'event-cancelled' });
  const role = event.roles.find((candidate) => candidate.roleId === roleId);
  if (role === undefined) return refuse({ reason: 'role-not-found', roleId });
  const { name = role.name, capacity = role.capacity, ...rest } = changes;
  const namesake = event.roles.find((other) => other.name === name && other !== role);
  if (namesake !== undefined) return refuse({ reason: 'role-name-taken', roleId: namesake.roleId, name });

  // Null means no limit here, not that the capacity is removed.
  const patched = { ...mergePatch(role, rest), name, capacity };
  const after = { ...event, roles: event.roles.map((other) => (other === role ? patched : other)) };
  const refused = refusedToLower(world, event, after, ifOver);
  if (refused !== undefined) return refuse(refused);
  world.event = after;
  if (ifOver === 'demote') demote(world, event, after, moment);
  return accept({ kind: 'changed' });
}

export function deleteRole(world: NaiveWorld, event: NaiveEvent, { roleId }: DeleteRole): NaiveOutcome {
  if (event.status === 'cancelled') return refuse({ reason: 'event-cancelled' });
  if (!event.roles.some((role) => role.roleId === roleId)) return refuse({ reason: 'role-not-found', roleId });
  const active = world.rows.filter((row) => row.roleId === roleId && isActive(row));
  if (active.length > 0) {
    const confirmed = active.filter(({ status }) => status === 'confirmed').length;
    const offered = active.filter(holdsSeat).length - confirmed;
    return refuse({ reason: 'role-in-use', roleId, confirmed, waitlist: active.filter(standsInLine).length, offered });
  }
  world.event = {
    ...event,
    roles: event.roles.filter((role) => role.roleId !== roleId),
    pools: event.pools.map((pool) => ({ ...pool, roleIds: pool.roleIds.filter((id) => id !== roleId) })),
  };
  return accept({ kind: 'changed' });
}
