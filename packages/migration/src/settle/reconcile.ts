import type { Instant, RoleId, UserId } from '@rollcall/domain';
import { byOrder, type Claim, type Entry } from './claim.ts';
import type { Context } from './context.ts';
import { claimsOfEntriesAlone } from './entries-alone.ts';
import type { FindingFacts } from './findings.ts';

/**
 * Brings together what the documents and the lists say: one active claim per user and role, in the order in which they
 * came. Claims are changed in place, and those that only the lists know are added.
 */
export function reconcile(
  context: Context,
  documents: readonly Claim[],
  entries: readonly (readonly Entry[])[],
  eventCreatedAt: Instant,
): Claim[] {
  const active = onePerRole(context, documents);
  const claimOf = matchEntries(context, active, entries);
  const explained = settleRoles(context, active, entries, claimOf);
  for (const claim of documentsAlone(active)) {
    if (explained.claims.has(claim)) continue;
    if (context.findings.found('document-only', factsOf(claim)) === 'cancel') claim.status = 'cancelled';
  }
  const added = claimsOfEntriesAlone(context, { entries, claimOf, explained: explained.entries, eventCreatedAt });
  return [...documents, ...added].toSorted(byOrder);
}

/** By role, then by user. */
type ActiveClaims = ReadonlyMap<RoleId, Map<UserId, Claim>>;

/** Of documents that repeat each other one stays, and one with a seat rather than one that waits. */
function onePerRole({ findings }: Context, documents: readonly Claim[]): ActiveClaims {
  const active = new Map<RoleId, Map<UserId, Claim>>();
  for (const claim of documents.toSorted(byOrder)) {
    if (claim.status === 'cancelled') continue;
    const ofRole = active.get(claim.roleId) ?? new Map<UserId, Claim>();
    active.set(claim.roleId, ofRole);
    const other = ofRole.get(claim.userId);
    if (other === undefined) {
      ofRole.set(claim.userId, claim);
      continue;
    }
    const rule = findings.found('document-repeat', factsOf(claim));
    const later = other.status === claim.status ? rule === 'keep-last' : claim.status === 'confirmed';
    (later ? other : claim).status = 'cancelled';
    if (later) ofRole.set(claim.userId, claim);
  }
  return active;
}

/** The claims that say the same as an entry. */
function matchEntries(
  { findings }: Context,
  active: ActiveClaims,
  entries: readonly (readonly Entry[])[],
): Map<Entry, Claim> {
  const claimOf = new Map<Entry, Claim>();
  for (const entry of entries.flat()) {
    const claim = active.get(entry.roleId)?.get(entry.userId);
    if (claim === undefined) continue;
    claim.entry = entry;
    claimOf.set(entry, claim);
    if (claim.status === 'waitlist' && findings.found('status-differs', factsOf(claim)) === 'array') {
      claim.status = 'confirmed';
    }
  }
  return claimOf;
}

interface Explained {
  readonly claims: ReadonlySet<Claim>;
  readonly entries: ReadonlySet<Entry>;
}

/** One entry and one document for another role, and nothing besides that is alone of that user: they are the same seat. */
function settleRoles(
  { findings }: Context,
  active: ActiveClaims,
  entries: readonly (readonly Entry[])[],
  claimOf: Map<Entry, Claim>,
): Explained {
  const entriesAlone = Map.groupBy(
    entries.flat().filter((entry) => !claimOf.has(entry)),
    ({ userId }) => userId,
  );
  const claimsAlone = Map.groupBy(documentsAlone(active), ({ userId }) => userId);
  const explained = { claims: new Set<Claim>(), entries: new Set<Entry>() };
  for (const [userId, [entry, ...moreEntries]] of entriesAlone) {
    const [claim, ...moreClaims] = claimsAlone.get(userId) ?? [];
    if (entry === undefined || claim === undefined || moreEntries.length + moreClaims.length > 0) continue;
    explained.claims.add(claim);
    explained.entries.add(entry);
    if (findings.found('role-differs', { ...factsOf(claim), expected: entry.roleId }) !== 'array') continue;
    claim.roleId = entry.roleId;
    claim.entry = entry;
    claimOf.set(entry, claim);
  }
  return explained;
}

/** Active documents with a seat that no list knows. */
function* documentsAlone(active: ActiveClaims): Iterable<Claim> {
  for (const ofRole of active.values()) {
    for (const claim of ofRole.values()) {
      if (claim.status === 'confirmed' && claim.entry === undefined) yield claim;
    }
  }
}

export function factsOf({ legacyId, userId, roleId }: Claim): FindingFacts {
  return { ...(legacyId === undefined ? {} : { legacyId }), userId, roleId };
}
