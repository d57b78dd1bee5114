import type { UserId } from '@rollcall/domain';
import { isErasedId, parseUserId } from '@rollcall/domain';
import { legacyIdOf, type LegacyEvent, type LegacyId } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import { lineOf, proseOf, withLineFeeds } from './texts.ts';
import type { FindingFacts, Findings } from './findings.ts';
import { fieldOf, typeOf } from './values.ts';

/** What every part of settling one event looks at. */
export interface Context {
  readonly legacy: LegacyEvent;
  readonly mapping: Mapping;
  readonly findings: Findings;
  /** Where the event is. */
  readonly timeZone: string;
  /** Undefined for one who can be nobody in Rollcall. */
  readonly userIdOf: (legacyId: LegacyId) => UserId | undefined;
}

/** Who they are in Rollcall. Remembered, because everybody is named in several places. */
export function usersOf({ users }: LegacyEvent, { users: { subject } }: Mapping): Context['userIdOf'] {
  const known = new Map<LegacyId, UserId | undefined>();
  const find = (legacyId: LegacyId): UserId | undefined => {
    if (subject === 'id') return usable(legacyId);
    const user = users?.get(legacyId);
    const text = user && legacyIdOf(fieldOf(user, subject.field));
    return text && usable(text);
  };
  return (legacyId) => {
    if (!known.has(legacyId)) known.set(legacyId, find(legacyId));
    return known.get(legacyId);
  };
}

function usable(text: string): UserId | undefined {
  const userId = parseUserId(text);
  return userId === undefined || isErasedId(userId) ? undefined : userId;
}

/** The user of a signup; undefined for none, and for one who is dropped. What is wrong with them is noted. */
export function signupUser(
  { legacy, findings, userIdOf }: Context,
  value: unknown,
  facts: FindingFacts,
): UserId | undefined {
  const legacyId = legacyIdOf(value);
  const userId = legacyId && userIdOf(legacyId);
  if (legacyId === undefined || userId === undefined) {
    findings.found('user-id-unusable', { ...facts, ...(legacyId && { userId: legacyId }), value: typeOf(value) });
    return undefined;
  }
  if (legacy.users === undefined || legacy.users.has(legacyId)) return userId;
  return findings.found('unknown-user', { ...facts, userId }) === 'drop' ? undefined : userId;
}

/** A text as Rollcall takes it; undefined for none. That it is no text, or was cut, is noted. */
export function textOf(
  { findings }: Context,
  value: unknown,
  {
    field,
    lengthMax,
    lines = 'one',
  }: { readonly field: string; readonly lengthMax: number; readonly lines?: 'one' | 'many' },
  facts: FindingFacts,
): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') {
    findings.found('field-unusable', { ...facts, field, value: typeOf(value) });
    return undefined;
  }
  const text = lines === 'one' ? lineOf(value, lengthMax) : proseOf(value, lengthMax);
  if (text !== (lines === 'one' ? value : withLineFeeds(value))) {
    findings.found('text-changed', { ...facts, field, value: value.length });
  }
  return text === '' ? undefined : text;
}
