import type { Instant, LegacyAction, RoleId, UserId } from '@rollcall/domain';
import type { LegacyDocument, LegacyId } from '../legacy.ts';

/** An entry of a role's list of signups. */
export interface Entry {
  readonly userId: UserId;
  readonly roleId: RoleId;
  /** Of the role among the event's, and its own within the list. */
  readonly roleIndex: number;
  readonly index: number;
  readonly raw: LegacyDocument;
}

/** What a registration document says, or an entry where there is no document. */
export interface Claim {
  readonly legacyId: LegacyId | undefined;
  readonly document: LegacyDocument | undefined;
  readonly userId: UserId;
  readonly registeredBy: UserId;
  readonly history: readonly LegacyAction[];
  /** Only while it is confirmed. */
  readonly attendedAt?: Instant;
  roleId: RoleId;
  status: 'confirmed' | 'waitlist' | 'cancelled';
  date: Instant;
  /** When it was last changed: if it is over, then since then. */
  changedAt: Instant;
  /** The entry that says the same. */
  entry?: Entry;
  /** Where it stands among those of the same date. */
  place: Place;
}

/** Behind (or, below 0, before) the document with that id; without one, in the lists of the event as they are. */
export interface Place {
  readonly anchor: LegacyId | '';
  readonly roleIndex: number;
  readonly offset: number;
}

/** By date, then by the id of the document. Total: no two claims have the same place. */
export function byOrder(a: Claim, b: Claim): number {
  return (
    a.date - b.date ||
    compare(a.place.anchor, b.place.anchor) ||
    a.place.roleIndex - b.place.roleIndex ||
    a.place.offset - b.place.offset
  );
}

const compare = (a: string, b: string): number => {
  if (a === b) return 0;
  return a < b ? -1 : 1;
};
