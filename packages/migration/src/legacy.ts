/** A document as the driver reads it: dates are Date, ids have `toHexString`, and nothing else is known of it. */
export type LegacyDocument = Readonly<Record<string, unknown>>;

/** An id of the old system as text: of an ObjectId its 24 hexadecimal digits, of a number its digits. */
declare const brand: unique symbol;
export type LegacyId = string & { readonly [brand]: 'LegacyId' };

/** An event of the old system with all that it says of its signups, read at one moment. */
export interface LegacyEvent {
  readonly legacyId: LegacyId;
  readonly event: LegacyDocument;
  /** Its registrations, in any order. */
  readonly registrations: readonly LegacyDocument[];
  /**
   * Of the users that it names those who are known, by their ids as text, with their document as far as the mapping asks for
   * it; undefined where no collection of users is mapped.
   */
  readonly users: ReadonlyMap<LegacyId, LegacyDocument> | undefined;
}

/** Undefined for what can't be an id: neither text, nor a number, nor an ObjectId. */
export function legacyIdOf(value: unknown): LegacyId | undefined {
  if (typeof value === 'string') return value === '' ? undefined : (value as LegacyId);
  if (typeof value === 'number') return Number.isFinite(value) ? (String(value) as LegacyId) : undefined;
  if (typeof value === 'bigint') return String(value) as LegacyId;
  if (!isObjectId(value)) return undefined;
  return value.toHexString() as LegacyId;
}

export const isObjectId = (value: unknown): value is { readonly toHexString: () => string } =>
  typeof value === 'object' && value !== null && 'toHexString' in value && typeof value.toHexString === 'function';
