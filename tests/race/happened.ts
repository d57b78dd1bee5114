import type { JournalEntry } from '@rollcall/domain';
import { expect } from 'vitest';

/** Everything that must have happened in a race, or it has shown nothing. */
const kinds = [
  'promoted',
  'offered',
  'offer accepted',
  'offer declined',
  'offer expired',
  'moved at once',
  'queued for a move',
  'moved when it was their turn',
  'demoted',
  'left',
  'removed by staff',
  'seated by override',
  'notes changed',
  'previewed',
  'role raised',
  'role lowered',
  'pool changed',
  'event limit changed',
  'more than one decision may change',
  'refused: already-registered',
  'refused: limit-reached',
  'refused: role-full',
  'refused: capacity-below-taken',
] as const;
type Kind = (typeof kinds)[number];

/** How often each kind of thing happened. */
function whatHappened(entries: readonly JournalEntry[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const entry of entries) {
    for (const kind of kindsOf(entry)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** A race that goes quiet would find nothing for ever. */
export function expectEverythingHappened(entries: readonly JournalEntry[]): void {
  const counts = whatHappened(entries);
  const missing = kinds.filter((kind) => !counts.has(kind));
  expect({ missing, counts: missing.length === 0 ? undefined : counts }).toEqual({ missing: [], counts: undefined });
  // What nobody could decide is for unreadable commands, and there were none.
  expect(counts.get('refused: unprocessable')).toBeUndefined();
}

function kindsOf({ decision }: JournalEntry): readonly string[] {
  if (decision.outcome === 'rejected') return [`refused: ${decision.rejection.reason}`];
  return decision.domainEvents.flatMap((fact): readonly Kind[] => {
    switch (fact.type) {
      case 'RegistrationPromoted':
        return [fact.previousStanding === 'waitlist' ? 'promoted' : 'offer accepted'];
      case 'RegistrationOffered':
        return ['offered'];
      case 'RegistrationMoved':
        return ['moved at once'];
      case 'RegistrationWaitlisted':
        return fact.replaces === undefined ? [] : ['queued for a move'];
      case 'RegistrationDemoted':
        return ['demoted'];
      case 'RegistrationConfirmed':
        return fact.override === true ? ['seated by override'] : [];
      case 'RegistrationUpdated':
        return ['notes changed'];
      case 'RegistrationCancelled':
        return leftBy[fact.cause];
      case 'ChangePreviewed':
        return ['previewed'];
      case 'RoleCapacityChanged':
        return [(fact.after ?? Infinity) > (fact.before ?? Infinity) ? 'role raised' : 'role lowered'];
      case 'PoolsChanged':
        return ['pool changed'];
      case 'EventSettingsChanged':
        return 'capacity' in fact.after || 'capacity' in fact.before ? ['event limit changed'] : [];
      case 'ObligationIncurred':
        return ['more than one decision may change'];
      case 'EventImported':
      case 'RegistrationImported':
      case 'ImportFinished':
      case 'ImportResumed':
      case 'EventCreated':
      case 'EventOpened':
      case 'EventClosed':
      case 'EventCancelled':
      case 'RoleAdded':
      case 'RoleRenamed':
      case 'RoleWaitlistChanged':
      case 'RoleDeleted':
      case 'RegistrationCheckedIn':
      case 'RegistrationCheckInUndone':
      case 'ObligationDischarged':
      case 'UserErased':
        return [];
    }
  });
}

const leftBy = {
  user: ['left'],
  staff: ['removed by staff'],
  declined: ['offer declined'],
  expired: ['offer expired'],
  moved: ['moved when it was their turn'],
  'event-cancelled': [],
  imported: [],
} as const;
