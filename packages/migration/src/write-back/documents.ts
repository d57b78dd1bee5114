import { isObjectId, legacyIdOf, type LegacyDocument, type LegacyId } from '../legacy.ts';
import { isDocument } from '../settle/values.ts';

/** What is to be set and removed in one document of the old system. */
export interface DocumentChange {
  /** As the document has it. */
  readonly id: unknown;
  readonly set: LegacyDocument;
  readonly unset: readonly string[];
}

/** The same document where all fields are so already; undefined removes one, and a field named null is none. */
export function withFields(
  document: LegacyDocument,
  fields: readonly (readonly [name: string | null, value: unknown])[],
): LegacyDocument {
  const changed: Record<string, unknown> = { ...document };
  let differs = false;
  for (const [name, value] of fields) {
    if (name === null || equal(changed[name], value)) continue;
    differs = true;
    if (value === undefined) delete changed[name];
    else changed[name] = value;
  }
  return differs ? changed : document;
}

/** A new document with the fields that there are. */
export function documentOf(fields: readonly (readonly [name: string | null, value: unknown])[]): LegacyDocument {
  return withFields({}, fields);
}

/** What leads from one document to the other; undefined where they are equal. */
export function changeOf(before: LegacyDocument, after: LegacyDocument): DocumentChange | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !equal(before[name], after[name]),
  );
  if (names.length === 0) return undefined;
  const set = names.filter((name) => after[name] !== undefined).map((name) => [name, after[name]] as const);
  return {
    id: before['_id'],
    set: Object.fromEntries(set),
    unset: names.filter((name) => after[name] === undefined),
  };
}

/** Documents by their ids as text, without those whose id is none or that of another too. */
export function byLegacyId(documents: readonly LegacyDocument[]): ReadonlyMap<LegacyId, LegacyDocument> {
  const found = new Map<LegacyId, LegacyDocument>();
  for (const document of documents) {
    const legacyId = legacyIdOf(document['_id']);
    if (legacyId !== undefined) found.set(legacyId, document);
  }
  return found;
}

function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Date || b instanceof Date) {
    return a instanceof Date && b instanceof Date && Object.is(a.getTime(), b.getTime());
  }
  if (isObjectId(a) || isObjectId(b)) return isObjectId(a) && isObjectId(b) && a.toHexString() === b.toHexString();
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => equal(item, b[index]));
  }
  if (!isDocument(a) || !isDocument(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => equal(a[name], b[name]));
}
