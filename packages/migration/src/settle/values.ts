import type { Instant } from '@rollcall/domain';
import { DateTime } from 'luxon';
import { isObjectId, type LegacyDocument } from '../legacy.ts';

/** Dates before and after are mistakes, and no store has to take them. */
const instantMin: Instant = 0;
const instantMax: Instant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
/** No ISO 8601 date is longer, and nothing longer is looked at. */
const dateTextLengthMax = 64;

export function isDocument(value: unknown): value is LegacyDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** What stands in a field; undefined where there is none, also for null. `name` null: the old system has no such field. */
export function fieldOf(document: LegacyDocument, name: string | null): unknown {
  if (name === null || !Object.hasOwn(document, name)) return undefined;
  return document[name] ?? undefined;
}

export function inRange(instant: Instant): boolean {
  return instant >= instantMin && instant <= instantMax;
}

/** A number as the old system may have stored one; undefined for what is none. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' ? value : undefined;
}

interface ReadDate {
  readonly at: Instant;
  /** It was a text or a number rather than a date. */
  readonly asText: boolean;
}

/** Undefined for what is no date between 1970 and 9999. `timeZone`: of texts without an offset. */
export function readDate(value: unknown, timeZone: string): ReadDate | undefined {
  const asText = !(value instanceof Date);
  const at = instantOf(value, timeZone);
  return at === undefined || !inRange(at) ? undefined : { at, asText };
}

export function dateOf(value: unknown, timeZone: string): Instant | undefined {
  return readDate(value, timeZone)?.at;
}

function instantOf(value: unknown, timeZone: string): Instant | undefined {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : undefined;
  if (typeof value !== 'string' || value.length > dateTextLengthMax) return undefined;
  const parsed = DateTime.fromISO(value.trim().replace(' ', 'T'), { zone: timeZone });
  return parsed.isValid ? parsed.toMillis() : undefined;
}

/** When an ObjectId was made, to the second; undefined for another id. */
export function timeWithin(id: unknown): Instant | undefined {
  if (!isObjectId(id)) return undefined;
  const at = Number.parseInt(id.toHexString().slice(0, 8), 16) * 1000;
  return inRange(at) ? at : undefined;
}

/** What kind of value it is, for those who look for the mistake: never the value, which may be somebody's. */
export function typeOf(value: unknown): string {
  if (value === undefined || value === null) return 'missing';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : 'date';
  if (isObjectId(value)) return 'ObjectId';
  if (typeof value === 'string') return value === '' ? 'empty text' : 'text';
  return typeof value === 'object' ? 'document' : typeof value;
}
