import type { DomainEvent, RegistrationImported, RoleId } from '@rollcall/domain';
import { firstInLine, limitsOf, obstacle, replacedBy, seatOf, standing, waiting, type Folded } from './folded.ts';
import { factsOf } from './history.ts';
import { fullLimit } from './limits.ts';
import type { Watch } from './watch.ts';

/**
 * Nobody is given a seat that one of the limits has no room for, except by a recorded override or an import that says so. So what is over-full (by
 * an override, or because a limit was lowered) may stay so and not grow.
 */
export const watchCapacity = (): Watch => ({
  check: 'capacity',
  fact(before, fact) {
    const given = seatGiven(before, fact);
    if (given === undefined) return undefined;
    const full = fullLimit(limitsOf(before, given.roleId), given.vacated);
    if (full === undefined) return undefined;
    const { key, taken, capacity } = full;
    return `${given.registrationId} got a seat in ${given.roleId}, and of ${key} ${taken} of ${capacity} were taken`;
  },
});

interface Given {
  readonly registrationId: string;
  readonly roleId: RoleId;
  /** Where a seat is given up for it in the same moment. */
  readonly vacated: RoleId | undefined;
}

function seatGiven(before: Folded, fact: DomainEvent): Given | undefined {
  if (
    fact.type !== 'RegistrationConfirmed' &&
    fact.type !== 'RegistrationPromoted' &&
    fact.type !== 'RegistrationOffered' &&
    fact.type !== 'RegistrationMoved' &&
    fact.type !== 'RegistrationImported'
  ) {
    return undefined;
  }
  const { registrationId, roleId } = fact;
  const registration = before.registrations.get(registrationId);
  switch (fact.type) {
    case 'RegistrationConfirmed':
      return fact.override === true ? undefined : { registrationId, roleId, vacated: undefined };
    case 'RegistrationOffered':
      return { registrationId, roleId, vacated: undefined };
    case 'RegistrationMoved':
      return { registrationId, roleId, vacated: seatOf(registration) };
    case 'RegistrationImported':
      // Over a limit it is marked, and who has a seat in the role keeps it.
      return takesSeat(before, fact) && fact.overLimit !== true
        ? { registrationId, roleId, vacated: seatOf(registration) }
        : undefined;
    case 'RegistrationPromoted': {
      // The seat of an offer is taken already.
      if (standing(registration) === 'offered') return undefined;
      const replaced = registration === undefined ? undefined : replacedBy(before, registration);
      return { registrationId, roleId, vacated: seatOf(replaced) };
    }
  }
}

/** Whether an import gives a seat that its registration had not before. */
export function takesSeat(
  { registrations }: Folded,
  { registrationId, roleId, status }: RegistrationImported,
): boolean {
  return status === 'confirmed' && seatOf(registrations.get(registrationId)) !== roleId;
}

/**
 * After no decision does anybody wait beside a seat that they could have: the first of a line for whom all limits have
 * room. Nobody is promoted while an obligation is open, which does it later, or when the event is cancelled or over.
 */
export function watchFreeSeats(): Watch {
  // Clocks may be set back; who was passed over when the event was over stays where they are.
  let latest = 0;
  return {
    check: 'free-seats',
    decision(after, entry) {
      latest = Math.max(latest, entry.acceptedAt);
      // While the system before leads the event, it says who has a seat.
      if (factsOf(entry).length === 0 || after.obligation !== undefined || after.importing) return undefined;
      if (after.status === 'cancelled' || latest >= (after.settings?.endsAt ?? 0)) return undefined;
      for (const roleId of after.roles.keys()) {
        const head = firstInLine(after, roleId);
        if (head === undefined || obstacle(after, head) !== undefined) continue;
        return `${roleId}: ${head.registrationId} waits, first of ${waiting(after, roleId)}, while there is a seat for it`;
      }
      return undefined;
    },
  };
}

/** Nobody gets a seat past people who wait for the same role, except by a recorded override. */
export const watchNobodyPassed = (): Watch => ({
  check: 'nobody-passed',
  fact(before, fact) {
    if (fact.type !== 'RegistrationConfirmed' && fact.type !== 'RegistrationMoved') return undefined;
    if (fact.type === 'RegistrationConfirmed' && fact.override === true) return undefined;
    const passed = waiting(before, fact.roleId);
    return passed === 0 ? undefined : `${fact.registrationId} got a seat in ${fact.roleId} past ${passed} who wait`;
  },
});
