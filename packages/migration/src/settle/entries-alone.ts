import type { Instant } from '@rollcall/domain';
import type { Claim, Entry, Place } from './claim.ts';
import type { Context } from './context.ts';

interface Lists {
  readonly entries: readonly (readonly Entry[])[];
  /** The claims of the entries that a document stands behind. */
  readonly claimOf: ReadonlyMap<Entry, Claim>;
  /** Those that are no signup of their own. */
  readonly explained: ReadonlySet<Entry>;
  readonly eventCreatedAt: Instant;
}

/**
 * Signups that only a list knows. They stand where the list has them: behind the entry before them that has a document, at
 * its date; those before the first such entry in front of it; and where no entry has one, when the event was created.
 */
export function claimsOfEntriesAlone({ findings }: Context, lists: Lists): Claim[] {
  const claims: Claim[] = [];
  for (const list of lists.entries) {
    let anchor = list.find((entry) => lists.claimOf.has(entry));
    for (const entry of list) {
      if (lists.claimOf.has(entry)) {
        anchor = entry;
        continue;
      }
      const { userId, roleId } = entry;
      if (lists.explained.has(entry) || findings.found('array-only', { userId, roleId }) === 'drop') continue;
      claims.push(claimOfEntry(entry, standing(lists, entry, anchor)));
    }
  }
  return claims;
}

interface Standing {
  readonly date: Instant;
  readonly place: Place;
}

function standing({ claimOf, eventCreatedAt }: Lists, entry: Entry, anchor: Entry | undefined): Standing {
  const claim = anchor && claimOf.get(anchor);
  if (anchor === undefined || claim?.legacyId === undefined) {
    return { date: eventCreatedAt, place: { anchor: '', roleIndex: entry.roleIndex, offset: entry.index } };
  }
  return { date: claim.date, place: { anchor: claim.legacyId, roleIndex: 0, offset: entry.index - anchor.index } };
}

function claimOfEntry(entry: Entry, { date, place }: Standing): Claim {
  const { userId, roleId } = entry;
  return {
    legacyId: undefined,
    document: undefined,
    userId,
    registeredBy: userId,
    history: [],
    roleId,
    status: 'confirmed',
    date,
    changedAt: date,
    entry,
    place,
  };
}
