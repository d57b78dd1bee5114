import { hash } from 'node:crypto';

/** A strong tag that follows from the text: equal texts of all processes have the same. */
export const etagOf = (text: string): string => `"${hash('sha256', text, 'base64url').slice(0, 22)}"`;

const tag = /(?:W\/)?("[\x21\x23-\x7E\x80-\xFF]*")/g;

/**
 * Whether an `If-None-Match` names what is there: `*`, or a list with its tag. Weak tags count (RFC 9110, 13.1.2: the
 * comparison is the weak one), and a comma may stand within a tag.
 */
export function isNamed(etag: string, ifNoneMatch: string): boolean {
  if (ifNoneMatch === etag) return true;
  if (ifNoneMatch.trim() === '*') return true;
  for (const [, opaque] of ifNoneMatch.matchAll(tag)) if (opaque === etag) return true;
  return false;
}
