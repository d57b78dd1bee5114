import type { UserId } from '@rollcall/domain';
import { legacyIdOf, type LegacyDocument, type LegacyEvent, type LegacyId } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import { fieldOf, isDocument } from '../settle/values.ts';

/** Makes the driver's ObjectId of 24 hexadecimal digits. */
export type ObjectIdOf = (hex: string) => unknown;

const objectIdPattern = /^[0-9a-f]{24}$/;

/** The values under which the old system keeps ids. */
export interface RawIds {
  /** Undefined for a user whom the old system does not know and whose id there does not follow from the one here. */
  user(userId: UserId): unknown;
  of(legacyId: LegacyId): unknown;
}

/** Ids are written as the documents have them, which are read for it; those that none has as ObjectIds if they can be. */
export function rawIdsOf(
  documents: Iterable<LegacyDocument>,
  users: LegacyEvent['users'],
  { mapping, objectIdOf }: { readonly mapping: Mapping; readonly objectIdOf: ObjectIdOf },
): RawIds {
  const values = new Map<LegacyId, unknown>();
  const names = [mapping.registration.userId, mapping.registration.registeredBy, mapping.signup.userId];
  for (const document of documents) {
    for (const name of names) {
      const value = fieldOf(document, name);
      const legacyId = legacyIdOf(value);
      if (legacyId !== undefined && !values.has(legacyId)) values.set(legacyId, value);
    }
  }
  const { subject } = mapping.users;
  const legacyIds = new Map<string, LegacyId>();
  if (subject !== 'id') {
    for (const [legacyId, user] of users ?? []) {
      const text = legacyIdOf(fieldOf(user, subject.field));
      if (text !== undefined) legacyIds.set(text, legacyId);
    }
  }
  const of = (legacyId: LegacyId) =>
    values.get(legacyId) ?? (objectIdPattern.test(legacyId) ? objectIdOf(legacyId) : legacyId);
  return {
    of,
    user(userId) {
      const legacyId = subject === 'id' ? legacyIdOf(userId) : legacyIds.get(userId);
      return legacyId && of(legacyId);
    },
  };
}

/** All documents of an event that name users: its registrations and the entries of its lists. */
export function* documentsNamingUsers(
  registrations: readonly LegacyDocument[],
  roles: unknown,
  mapping: Mapping,
): Iterable<LegacyDocument> {
  yield* registrations.filter(isDocument);
  for (const role of listOf(roles)) {
    if (isDocument(role)) yield* listOf(fieldOf(role, mapping.role.signups)).filter(isDocument);
  }
}

export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]) : [];
