import {
  registrationIdFor,
  type FinishImport,
  type ImportCommand,
  type ImportEvent,
  type ImportRegistration,
} from '@rollcall/domain';
import type { NaiveMaxima } from './naive-organizing.ts';
import { cancelRow } from './naive-promoting.ts';
import {
  accept,
  holdsSeat,
  isActive,
  note,
  refuse,
  standsInLine,
  type NaiveEvent,
  type NaiveMoment,
  type NaiveOutcome,
  type NaiveWorld,
} from './naive-rows.ts';
import { brokenRule } from './naive-settings.ts';

const changed = accept({ kind: 'changed' });

export const isImport = (type: string): type is ImportCommand['type'] =>
  ['ImportEvent', 'ImportRegistration', 'FinishImport', 'ResumeImport'].includes(type);

/** What the system before says is so. */
export function importEvent(
  world: NaiveWorld,
  { legacyId, settings, roles, pools }: ImportEvent,
  { rolesMax, poolsMax }: NaiveMaxima,
): NaiveOutcome {
  const { event } = world;
  if (event !== undefined && event.importing === undefined) return refuse({ reason: 'not-importing' });
  const rule = brokenRule(settings, roles, pools);
  if (rule !== undefined) return refuse({ reason: 'settings-invalid', rule });
  if (roles.length > rolesMax) return refuse({ reason: 'too-many-roles', rolesMax });
  if (pools.length > poolsMax) return refuse({ reason: 'too-many-pools', poolsMax });
  for (const { roleId } of event?.roles ?? []) {
    if (roles.some((role) => role.roleId === roleId)) continue;
    const active = world.rows.filter((row) => row.roleId === roleId && isActive(row));
    if (active.length === 0) continue;
    const confirmed = active.filter(({ status }) => status === 'confirmed').length;
    const offered = active.filter(holdsSeat).length - confirmed;
    return refuse({ reason: 'role-in-use', roleId, confirmed, waitlist: active.filter(standsInLine).length, offered });
  }
  world.event = { status: 'draft', settings, roles, pools, legacyId, importing: true };
  return changed;
}

export function importRegistration(
  world: NaiveWorld,
  event: NaiveEvent,
  command: ImportRegistration,
  moment: NaiveMoment,
): NaiveOutcome {
  const { userId, roleId, status, requeue, attendedAt } = command;
  if (event.importing === undefined) return refuse({ reason: 'not-importing' });
  if (!event.roles.some((role) => role.roleId === roleId)) return refuse({ reason: 'role-not-found', roleId });
  const registrationId = command.registrationId ?? registrationIdFor(command.commandId);
  const before = world.rows.find((row) => row.registrationId === command.registrationId);
  if (command.registrationId !== undefined) {
    if (before?.userId !== userId) return refuse({ reason: 'registration-not-found', registrationId });
    const comesBack = before.status === 'cancelled' && status !== 'cancelled';
    if (comesBack) return refuse({ reason: 'already-cancelled', registrationId });
  }
  const other = world.rows.find(
    (row) => row !== before && row.userId === userId && row.roleId === roleId && isActive(row),
  );
  if (status !== 'cancelled' && other !== undefined && other.status !== 'cancelled') {
    return refuse({ reason: 'already-registered', registrationId: other.registrationId, status: other.status });
  }
  const isKept = before !== undefined && before.roleId === roleId && !requeue;
  const row = {
    registrationId,
    userId,
    replaces: undefined,
    roleId,
    status,
    sequence: isKept ? before.sequence : moment.version,
    offerExpiresAt: undefined,
    attendedAt: status === 'confirmed' ? attendedAt : undefined,
  };
  if (before === undefined) world.rows.push(row);
  else world.rows[world.rows.indexOf(before)] = row;
  note(moment, 'imported', row);
  return changed;
}

export function finishImport(
  world: NaiveWorld,
  event: NaiveEvent,
  { status }: FinishImport,
  moment: NaiveMoment,
): NaiveOutcome {
  if (event.importing === undefined) return refuse({ reason: 'not-importing' });
  const { importing: _, ...led } = event;
  world.event = { ...led, status };
  if (status === 'cancelled') {
    for (const row of world.rows.filter(isActive)) cancelRow(row, moment, 'event-cancelled');
  }
  return changed;
}

export function resumeImport(world: NaiveWorld, event: NaiveEvent): NaiveOutcome {
  if (event.legacyId === undefined) return refuse({ reason: 'not-importing' });
  world.event = { ...event, status: 'draft', importing: true };
  return changed;
}
