import type { Actor, DomainEvent, JournalEntry, Reason } from '@rollcall/domain';
import type { Folded } from './folded.ts';
import { isImport } from './history.ts';
import type { Watch } from './watch.ts';

/**
 * Nobody does what is not theirs to do, or not at that time: windows are judged by the moment at which the mailbox took
 * the command.
 */
export const watchAllowed = (): Watch => ({
  check: 'allowed',
  fact(before, fact, entry) {
    const { actor } = entry;
    if (isOfImport(fact)) {
      return isImport(entry) && actor?.kind === 'system' ? undefined : `${fact.type} by ${entry.commandType}`;
    }
    // Only what was asked for: others are promoted, demoted and cancelled in consequence.
    const isAskedFor = entry.decision.outcome === 'accepted' && entry.decision.domainEvents[0] === fact;
    if (!isAskedFor || actor === undefined || !('registrationId' in fact)) return undefined;
    const why = mistake(before, fact, actor) ?? wrongTime(before, fact, entry, actor);
    return why && `${fact.registrationId}: ${fact.type} by ${actor.kind}, and ${why}`;
  },
  decision(after, entry) {
    const { commandType, decision } = entry;
    if (!after.importing || isImport(entry)) return undefined;
    if (decision.outcome === 'rejected' && whileImporting.has(decision.rejection.reason)) return undefined;
    return `${commandType} was decided, and the system before leads the event`;
  },
});

/** What is answered to everybody while the system before leads the event. */
const whileImporting: ReadonlySet<Reason> = new Set<Reason>(['event-importing', 'unprocessable']);

const isOfImport = ({ type }: DomainEvent): boolean =>
  type === 'EventImported' || type === 'RegistrationImported' || type === 'ImportFinished' || type === 'ImportResumed';

type About = Extract<DomainEvent, { registrationId: string }>;

function mistake({ settings }: Folded, fact: About, actor: Actor): string | undefined {
  const byStaffAlone =
    (fact.type === 'RegistrationConfirmed' && fact.override === true) ||
    (fact.type === 'RegistrationCancelled' && (fact.cause === 'staff' || fact.reasonCode !== undefined)) ||
    (fact.type === 'RegistrationMoved' && settings?.usersMayMove !== true) ||
    (fact.type === 'RegistrationWaitlisted' && fact.replaces !== undefined && settings?.usersMayMove !== true) ||
    fact.type === 'RegistrationCheckedIn' ||
    fact.type === 'RegistrationCheckInUndone';
  switch (actor.kind) {
    case 'staff':
      return undefined;
    case 'user':
      if (actor.userId !== fact.userId) return 'it is somebody else’s';
      return byStaffAlone ? 'only staff may' : undefined;
    case 'system': {
      const isExpiry = fact.type === 'RegistrationCancelled' && fact.cause === 'expired';
      // Steps of obligations do what the command could not.
      return isExpiry || consequences.has(fact.type) ? undefined : 'only people may';
    }
  }
}

const consequences: ReadonlySet<DomainEvent['type']> = new Set([
  'RegistrationPromoted',
  'RegistrationOffered',
  'RegistrationDemoted',
  'RegistrationCancelled',
] as const);

function wrongTime(
  { status, settings }: Folded,
  fact: About,
  { acceptedAt }: JournalEntry,
  { kind }: Actor,
): string | undefined {
  if (settings === undefined) return 'there is no event';
  const { endsAt, signupOpensAt = -Infinity, signupClosesAt = Infinity, cancelClosesAt = Infinity } = settings;
  const isOver = acceptedAt >= endsAt;
  switch (fact.type) {
    case 'RegistrationConfirmed':
    case 'RegistrationWaitlisted':
    case 'RegistrationMoved':
      if (isOver) return 'the event is over';
      if (status === 'cancelled') return 'the event is cancelled';
      if (kind !== 'user') return undefined;
      if (status !== 'open') return 'the event is not open';
      return acceptedAt < signupOpensAt || acceptedAt >= signupClosesAt ? 'signups are closed' : undefined;
    case 'RegistrationCancelled':
      if (kind !== 'user' || fact.cause !== 'user') return undefined;
      if (isOver) return 'the event is over';
      return fact.previousStanding === 'confirmed' && acceptedAt >= cancelClosesAt ? 'it is too late' : undefined;
    case 'RegistrationUpdated':
      return kind === 'user' && isOver ? 'the event is over' : undefined;
    case 'RegistrationOffered':
    case 'RegistrationPromoted':
    case 'RegistrationDemoted':
    case 'RegistrationCheckedIn':
    case 'RegistrationCheckInUndone':
    case 'RegistrationImported':
      return undefined;
  }
}
