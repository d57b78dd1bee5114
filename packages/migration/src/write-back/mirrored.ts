import type { RoleId } from '@rollcall/domain';
import { roleIdOf } from '../ids.ts';
import { legacyIdOf, type LegacyDocument, type LegacyEvent, type LegacyId } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import { fieldOf, isDocument } from '../settle/values.ts';
import type { HeldEvent, HeldRegistration } from '../wanted.ts';
import { documentsNamingUsers, listOf, rawIdsOf, type ObjectIdOf } from './ids.ts';
import { entryOf } from './shapes.ts';

export interface Mirrored {
  /** For each of the event's roles, as they are listed, the entries of its list of signups. */
  readonly signups: readonly (readonly unknown[])[];
  readonly signedUp: number;
}

interface MirrorOptions {
  readonly objectIdOf: ObjectIdOf;
  readonly users?: LegacyEvent['users'];
}

/**
 * The lists of signups as Rollcall has them, for old readers: who has a seat, in the order in which they came to it. Entries
 * of those who are in the list already stay as they are. `legacyRoles`: the roles of the event's document.
 */
export function mirrored(
  held: HeldEvent,
  legacyRoles: unknown,
  mapping: Mapping,
  { objectIdOf, users }: MirrorOptions,
): Mirrored {
  const naming = documentsNamingUsers([], legacyRoles, mapping);
  const rawIds = rawIdsOf(naming, users, { mapping, objectIdOf });
  const seated = held.registrations.filter(({ status }) => status === 'confirmed');
  const ofRole = Map.groupBy(
    seated.toSorted((a, b) => a.sequence - b.sequence),
    ({ roleId }) => roleId,
  );
  const signups = listOf(legacyRoles).map((raw) => {
    if (!isDocument(raw)) return [];
    const roleId: RoleId = roleIdOf(legacyIdOf(fieldOf(raw, mapping.role.id)) ?? '');
    const known = entriesByUser(raw, mapping);
    return (ofRole.get(roleId) ?? []).flatMap((one: HeldRegistration): unknown[] => {
      const userId = rawIds.user(one.userId);
      const legacyId = legacyIdOf(userId);
      if (legacyId === undefined) return [];
      return [known.get(legacyId) ?? entryOf({ mapping }, userId, one)];
    });
  });
  return { signups, signedUp: signups.reduce((sum, list) => sum + list.length, 0) };
}

function entriesByUser(role: LegacyDocument, mapping: Mapping): ReadonlyMap<LegacyId, LegacyDocument> {
  const known = new Map<LegacyId, LegacyDocument>();
  for (const entry of listOf(fieldOf(role, mapping.role.signups))) {
    const legacyId = isDocument(entry) ? legacyIdOf(fieldOf(entry, mapping.signup.userId)) : undefined;
    if (isDocument(entry) && legacyId !== undefined && !known.has(legacyId)) known.set(legacyId, entry);
  }
  return known;
}
