import type { RegistrationImported, RegistrationWaitlisted } from '@rollcall/domain';
import { firstInLine, nextInLine, standing, waiting, type Folded } from './folded.ts';
import type { Watch } from './watch.ts';

/**
 * Whoever is promoted, or offered a seat, is the first in their line, and the earliest of the first of all lines for whom
 * all limits have room; and nobody is when the event is cancelled or over.
 */
export const watchPromotions = (): Watch => ({
  check: 'promotions',
  fact(before, fact, { acceptedAt }) {
    if (fact.type !== 'RegistrationPromoted' && fact.type !== 'RegistrationOffered') return undefined;
    const { registrationId, roleId } = fact;
    const what = fact.type === 'RegistrationPromoted' ? 'was promoted' : 'was offered a seat';
    if (before.importing) return `${registrationId} ${what}, and the system before leads the event`;
    if (before.status === 'cancelled') return `${registrationId} ${what}, and the event is cancelled`;
    if (acceptedAt >= (before.settings?.endsAt ?? 0)) return `${registrationId} ${what}, and the event is over`;
    const stands = standing(before.registrations.get(registrationId));
    // An offer that is accepted was judged when it was made.
    if (fact.type === 'RegistrationPromoted' && stands === 'offered') return undefined;
    if (stands !== 'waitlist') return `${registrationId} ${what}, and does not wait`;
    const first = firstInLine(before, roleId)?.registrationId;
    if (first !== registrationId) return `${registrationId} ${what}, and first in line was ${first ?? 'nobody'}`;
    const next = nextInLine(before)?.registrationId;
    if (next !== registrationId) return `${registrationId} ${what}, and next was ${next ?? 'nobody'}`;
    const isOffered = before.roles.get(roleId)?.waitlist === 'offer';
    return isOffered === (fact.type === 'RegistrationOffered')
      ? undefined
      : `${registrationId} ${what}, and ${roleId} ${isOffered ? 'offers seats' : 'confirms at once'}`;
  },
});

/**
 * Who joins a role's line, or gets a seat in it, gets the version of that decision as sequence, and keeps it until they
 * leave the role; who is sent to the end of a line is told their true place, and only where there is a line for them.
 */
export const watchLineOrder = (): Watch => ({
  check: 'line-order',
  fact(before, fact, { version }) {
    if (!('registrationId' in fact)) return undefined;
    const { registrationId, sequence } = fact;
    const isNew = fact.type === 'RegistrationConfirmed' || fact.type === 'RegistrationWaitlisted';
    if (fact.type === 'RegistrationImported' && keepsPlace(before, fact)) return undefined;
    const due =
      isNew || fact.type === 'RegistrationMoved' || fact.type === 'RegistrationImported'
        ? version
        : before.registrations.get(registrationId)?.sequence;
    if (sequence !== due) return `${registrationId} has sequence ${sequence} instead of ${due ?? 'none'}`;
    return fact.type === 'RegistrationWaitlisted' ? wrongPlace(before, fact) : undefined;
  },
});

/** Unless an import sends it to the end of the line, whoever stays in the role has the sequence that they had. */
function keepsPlace({ registrations }: Folded, { registrationId, roleId, sequence }: RegistrationImported): boolean {
  const registration = registrations.get(registrationId);
  return registration?.roleId === roleId && registration.sequence === sequence;
}

function wrongPlace(
  before: Folded,
  { registrationId, roleId, waitlistPosition }: RegistrationWaitlisted,
): string | undefined {
  const [role, length] = [before.roles.get(roleId), waiting(before, roleId)];
  if (waitlistPosition !== length + 1) {
    return `${registrationId} was told place ${waitlistPosition} and has ${length + 1}`;
  }
  if (role?.waitlist === 'off') return `${registrationId} waits for ${roleId}, which has no waitlist`;
  return role?.waitlistMax !== undefined && length >= role.waitlistMax
    ? `${registrationId} waits for ${roleId} behind ${length}, and no more than ${role.waitlistMax} may`
    : undefined;
}
