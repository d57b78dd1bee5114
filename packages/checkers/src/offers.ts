import type { DomainEvent, Instant, JournalEntry, RegistrationId } from '@rollcall/domain';
import type { Folded } from './folded.ts';
import type { Watch } from './watch.ts';

/**
 * An offer runs from the moment when it is made as long as its role says, and never past the end of the event. It is
 * accepted only before it runs out, and expires only then, by the time at which the mailbox took the command.
 */
export const watchOffers = (): Watch => ({
  check: 'offers',
  fact(before, fact, entry) {
    if (fact.type === 'RegistrationOffered') {
      const due = expiryDue(before, fact, entry);
      if (due === fact.expiresAt) return undefined;
      return `${fact.registrationId} has its offer until ${fact.expiresAt} instead of ${due ?? 'none'}`;
    }
    const end = offerEnd(fact);
    if (end === undefined) return undefined;
    const { registrationId, how } = end;
    const expiresAt = openOffer(before, registrationId);
    if (expiresAt === undefined) {
      return how === 'accepted' ? undefined : `${registrationId} had no offer, and it was ${how}`;
    }
    const isInTime = entry.acceptedAt < expiresAt;
    if (how === 'accepted' && !isInTime) return `${registrationId} accepted at ${entry.acceptedAt}, after ${expiresAt}`;
    if (how === 'expired' && isInTime) return `${registrationId} expired at ${entry.acceptedAt}, before ${expiresAt}`;
    return undefined;
  },
});

function offerEnd(
  fact: DomainEvent,
): { readonly registrationId: RegistrationId; readonly how: 'accepted' | 'declined' | 'expired' } | undefined {
  if (fact.type === 'RegistrationPromoted') return { registrationId: fact.registrationId, how: 'accepted' };
  if (fact.type !== 'RegistrationCancelled') return undefined;
  const { registrationId, cause } = fact;
  return cause === 'declined' || cause === 'expired' ? { registrationId, how: cause } : undefined;
}

export function openOffer({ registrations }: Folded, registrationId: RegistrationId): Instant | undefined {
  const registration = registrations.get(registrationId);
  return registration?.status === 'waitlist' ? registration.offer?.expiresAt : undefined;
}

function expiryDue(
  { roles, settings }: Folded,
  { roleId }: Extract<DomainEvent, { type: 'RegistrationOffered' }>,
  { acceptedAt, decidedAt }: JournalEntry,
): Instant | undefined {
  const role = roles.get(roleId);
  if (role === undefined || settings === undefined) return undefined;
  return Math.min(Math.max(acceptedAt, decidedAt) + role.offerMs, settings.endsAt);
}
