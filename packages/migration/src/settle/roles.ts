import { rolesMax, type Role, type RoleId } from '@rollcall/domain';
import { roleIdOf } from '../ids.ts';
import { legacyIdOf, type LegacyDocument } from '../legacy.ts';
import { textOf, type Context } from './context.ts';
import { textLengthMax } from './texts.ts';
import { fieldOf, isDocument, numberOf, typeOf } from './values.ts';

/** Seats that Rollcall can give: the same as in packages/contracts/src/http/limits.ts. */
const capacityMax = 1_000_000;

export interface KnownRole {
  readonly role: Role;
  /** Its entries, whatever they are. */
  readonly signups: readonly unknown[];
  /** A document named it, and the event did not have it. */
  readonly added: boolean;
}

/** The roles of an event, by the old system's ids of them. */
export type Roles = Map<string, KnownRole>;

export function rolesOf(context: Context): Roles {
  const { legacy, mapping, findings } = context;
  const roles: Roles = new Map();
  const list = fieldOf(legacy.event, mapping.event.roles);
  if (!Array.isArray(list)) {
    findings.found('field-unusable', { field: mapping.event.roles, value: typeOf(list) });
    return roles;
  }
  if (list.length > rolesMax) {
    findings.found('too-many-roles', { value: list.length, expected: rolesMax });
    return roles;
  }
  const taken = { ids: new Set<RoleId>(), names: new Set<string>() };
  for (const value of list as readonly unknown[]) addRole(context, roles, value, taken);
  return roles;
}

interface Taken {
  readonly ids: Set<RoleId>;
  readonly names: Set<string>;
}

function addRole(context: Context, roles: Roles, value: unknown, taken: Taken): void {
  const { mapping, findings } = context;
  const legacyRoleId = isDocument(value) ? legacyIdOf(fieldOf(value, mapping.role.id)) : undefined;
  if (!isDocument(value) || legacyRoleId === undefined) {
    findings.found('role-missing-id', { value: typeOf(value) });
    return;
  }
  const roleId = roleIdOf(legacyRoleId);
  if (taken.ids.has(roleId)) {
    findings.found('role-id-repeat', { roleId });
    return;
  }
  taken.ids.add(roleId);
  const name = nameOf(context, fieldOf(value, mapping.role.name), roleId);
  if (taken.names.has(name)) findings.found('role-name-repeat', { roleId });
  roles.set(legacyRoleId, {
    role: roleWith(context, {
      roleId,
      name: unusedName(name, taken.names),
      capacity: capacityOf(context, value, roleId),
    }),
    signups: signupsOf(context, value, roleId),
    added: false,
  });
}

function nameOf(context: Context, value: unknown, roleId: RoleId): string {
  const field = context.mapping.role.name;
  if (value === undefined) context.findings.found('field-unusable', { field, roleId, value: 'missing' });
  return textOf(context, value, { field, lengthMax: textLengthMax.roleName }, { roleId }) ?? `Role ${roleId}`;
}

/** With a number behind it if another role is called so; taken from then on. */
export function unusedName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) {
    const suffix = ` (${number})`;
    free = `${Array.from(name)
      .slice(0, textLengthMax.roleName - suffix.length)
      .join('')}${suffix}`;
  }
  taken.add(free);
  return free;
}

function capacityOf({ mapping, findings }: Context, role: LegacyDocument, roleId: RoleId): number | null {
  const value = mapping.role.capacity.map((name) => fieldOf(role, name)).find((found) => found !== undefined);
  const seats = numberOf(value);
  if (seats !== undefined && Number.isInteger(seats) && seats >= 0 && seats <= capacityMax) return seats;
  findings.found('capacity-unusable', { roleId, value: seats ?? typeOf(value) });
  return null;
}

function signupsOf({ mapping, findings }: Context, role: LegacyDocument, roleId: RoleId): readonly unknown[] {
  const list = fieldOf(role, mapping.role.signups);
  if (Array.isArray(list)) return list as readonly unknown[];
  if (list !== undefined)
    findings.found('field-unusable', { field: mapping.role.signups, roleId, value: typeOf(list) });
  return [];
}

/** A role that only registration documents know: its people stay, and it has no seats to give. */
export function addUnknownRole(
  context: Context,
  roles: Roles,
  legacyRoleId: string,
  name: unknown,
): KnownRole | undefined {
  const roleId = roleIdOf(legacyRoleId);
  const others = [...roles.values()];
  if (roles.size >= rolesMax) {
    context.findings.found('too-many-roles', { value: roles.size + 1, expected: rolesMax });
    return undefined;
  }
  if (others.some(({ role }) => role.roleId === roleId)) {
    context.findings.found('role-id-repeat', { roleId });
    return undefined;
  }
  const field = { field: 'roleName', lengthMax: textLengthMax.roleName };
  const wanted = textOf(context, name, field, { roleId }) ?? `Role ${roleId}`;
  const free = unusedName(wanted, new Set(others.map(({ role }) => role.name)));
  const added = { role: roleWith(context, { roleId, name: free, capacity: 0 }), signups: [], added: true };
  roles.set(legacyRoleId, added);
  return added;
}

function roleWith({ mapping }: Context, parts: Pick<Role, 'roleId' | 'name' | 'capacity'>): Role {
  return { ...parts, waitlist: mapping.defaults.waitlist, offerMs: mapping.defaults.offerMs };
}
