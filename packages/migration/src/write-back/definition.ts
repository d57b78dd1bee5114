import type { Role } from '@rollcall/domain';
import { roleIdOf } from '../ids.ts';
import { legacyIdOf, type LegacyDocument } from '../legacy.ts';
import { dayAndTimeAt } from '../settle/times.ts';
import { fieldOf, isDocument } from '../settle/values.ts';
import type { HeldEvent, WantedEvent } from '../wanted.ts';
import type { Mapping } from '../mapping/schema.ts';
import { documentOf, withFields } from './documents.ts';
import { listOf } from './ids.ts';

/** Stands for any number of seats where the old system has to have a number: as many as can be. */
const unlimitedSeats = 1_000_000;

type Fields = [string | null, unknown][];

/** The event's own document as it is to be; the same one where settings and roles are as Rollcall has them. */
export function writtenDefinition(
  event: LegacyDocument,
  wanted: WantedEvent,
  held: HeldEvent,
  mapping: Mapping,
): LegacyDocument {
  const names = mapping.event;
  const fields: Fields = [];
  if (wanted.settings.title !== held.settings.title) fields.push([names.title, held.settings.title]);
  if (wanted.settings.location !== held.settings.location) fields.push([names.location, held.settings.location]);
  if (held.status !== 'draft' && held.status !== wanted.status) {
    fields.push([names.status, mapping.eventStates[held.status][0]]);
  }
  fields.push(...timeFields(event, wanted, held, mapping));
  fields.push([names.roles, rolesWritten(event, wanted, held, mapping)]);
  return withFields(event, fields);
}

function timeFields(event: LegacyDocument, wanted: WantedEvent, held: HeldEvent, mapping: Mapping): Fields {
  const { settings } = held;
  const names = mapping.event;
  const sameZone = wanted.settings.timeZone === settings.timeZone;
  const timeZone = names.timeZone === null ? wanted.settings.timeZone : settings.timeZone;
  const zoneChanges = !sameZone && names.timeZone !== null;
  const starts = zoneChanges || wanted.settings.startsAt !== settings.startsAt;
  const ends = starts || wanted.settings.endsAt !== settings.endsAt;
  const start = dayAndTimeAt(settings.startsAt, timeZone);
  const end = dayAndTimeAt(settings.endsAt, timeZone);
  // An end on another day needs a date of its own, unless there was one anyway.
  const datedEnd = fieldOf(event, names.endDate) !== undefined || end.day !== start.day;
  return [
    ...(zoneChanges ? ([[names.timeZone, timeZone]] as Fields) : []),
    ...(starts
      ? ([
          [names.date, start.day],
          [names.time, start.time],
        ] as Fields)
      : []),
    ...(ends ? ([[names.endTime, end.time], ...(datedEnd ? [[names.endDate, end.day]] : [])] as Fields) : []),
  ];
}

/** The list of roles: those that stay with what changed of them, and new ones behind them. */
function rolesWritten(event: LegacyDocument, wanted: WantedEvent, held: HeldEvent, mapping: Mapping): unknown {
  const names = mapping.role;
  const before = fieldOf(event, mapping.event.roles);
  const wantedRoles = new Map(wanted.roles.map((role) => [role.roleId, role]));
  const heldRoles = new Map(held.roles.map((role) => [role.roleId, role]));
  const used = new Set(wanted.registrations.map(({ roleId }) => roleId));
  const there = new Set<string>();
  const roles = listOf(before).flatMap((raw) => {
    if (!isDocument(raw)) return [raw];
    const roleId = roleIdOf(legacyIdOf(fieldOf(raw, names.id)) ?? '');
    there.add(roleId);
    const [is, was] = [heldRoles.get(roleId), wantedRoles.get(roleId)];
    // One that Rollcall no longer has goes with the last who is named with it.
    if (is === undefined) return used.has(roleId) || listOf(fieldOf(raw, names.signups)).length > 0 ? [raw] : [];
    return was === undefined ? [raw] : [withFields(raw, roleChanges(raw, is, was, mapping))];
  });
  const added = held.roles
    .filter(({ roleId }) => !there.has(roleId))
    .map((role) =>
      documentOf([
        [names.id, wanted.legacyRoleIds.get(role.roleId) ?? role.roleId],
        [names.name, role.name],
        [names.capacity[0] ?? null, role.capacity ?? unlimitedSeats],
        [names.signups, []],
      ]),
    );
  return before === undefined && added.length === 0 ? undefined : [...roles, ...added];
}

function roleChanges(raw: LegacyDocument, is: Role, was: Role, { role: names }: Mapping): Fields {
  const capacity = names.capacity.find((name) => fieldOf(raw, name) !== undefined) ?? names.capacity[0] ?? null;
  return [
    ...(is.name === was.name ? [] : ([[names.name, is.name]] as Fields)),
    ...(is.capacity === was.capacity ? [] : ([[capacity, is.capacity ?? unlimitedSeats]] as Fields)),
  ];
}
