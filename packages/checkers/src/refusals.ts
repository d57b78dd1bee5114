import {
  isErasedId,
  type JournalEntry,
  type Registration,
  type RegistrationId,
  type Rejection,
} from '@rollcall/domain';
import { replacedBy, standing, waiting, type Folded } from './folded.ts';
import { keyOf } from './limits.ts';
import { openOffer } from './offers.ts';
import { isTrueShortage } from './shortage.ts';
import { countedOf } from './users.ts';

type RefusedFor = Pick<JournalEntry, 'acceptedAt' | 'actor' | 'commandType'>;

/** Whether the facts behind a refusal are so, as far as they can be seen without the command. */
export function isTrueRefusal(
  folded: Folded,
  rejection: Rejection,
  { acceptedAt, actor, commandType }: RefusedFor,
): boolean {
  const { status, settings, roles, registrations } = folded;
  switch (rejection.reason) {
    case 'event-not-found':
      return status === undefined;
    case 'event-exists':
      return status !== undefined;
    case 'event-not-open':
      return status !== 'open' && status === rejection.status;
    case 'event-cancelled':
      return status === 'cancelled';
    case 'event-over':
      return rejection.endsAt === settings?.endsAt && acceptedAt >= rejection.endsAt;
    case 'status-change-refused':
      return status === rejection.from;
    case 'signups-not-open-yet':
      return rejection.signupOpensAt === settings?.signupOpensAt && acceptedAt < rejection.signupOpensAt;
    case 'signups-closed':
      return rejection.signupClosesAt === settings?.signupClosesAt && acceptedAt >= rejection.signupClosesAt;
    case 'cancels-closed':
      return rejection.cancelClosesAt === settings?.cancelClosesAt && acceptedAt >= rejection.cancelClosesAt;
    case 'role-not-found':
      return !roles.has(rejection.roleId);
    case 'role-name-taken':
      return roles.get(rejection.roleId)?.name === rejection.name;
    case 'role-in-use': {
      const row = folded.rows.get(rejection.roleId);
      const { confirmed, waitlist, offered } = rejection;
      const isSame = confirmed === row?.confirmed && waitlist === row.waitlist && offered === row.offered;
      return isSame && row.active > 0;
    }
    case 'capacity-below-taken':
      return isTrueOver(folded, rejection);
    case 'role-full':
    case 'pool-full':
    case 'event-full':
    case 'others-waiting':
      return isTrueShortage(folded, rejection);
    case 'waitlist-full': {
      const { roleId, waitlist, waitlistMax } = rejection;
      const isSame = waitlist === waiting(folded, roleId) && waitlistMax === roles.get(roleId)?.waitlistMax;
      return isSame && waitlist >= waitlistMax;
    }
    case 'already-registered':
      return standsAs(folded, rejection);
    case 'limit-reached': {
      const { registrations: held, registrationsPerUserMax } = rejection;
      // Whom staff wanted to sign up the journal does not say, and who was erased may be several since.
      const isUnknown = actor?.kind !== 'user' || isErasedId(actor.userId);
      const isSame = isUnknown || held === countedOf(folded, actor.userId);
      return isSame && registrationsPerUserMax === settings?.registrationsPerUserMax && held >= registrationsPerUserMax;
    }
    case 'registration-not-found': {
      const registration = registrations.get(rejection.registrationId);
      // Whose it would be by an import the journal does not say.
      if (registration === undefined || commandType === 'ImportRegistration') return true;
      return actor?.kind === 'user' && actor.userId !== registration.userId;
    }
    case 'already-cancelled':
      return registrations.get(rejection.registrationId)?.status === 'cancelled';
    case 'moves-by-staff-only':
      return settings?.usersMayMove === false;
    case 'same-role':
      return roles.has(rejection.roleId);
    case 'move-pending': {
      const registration = registrations.get(rejection.registrationId);
      return registration !== undefined && replacedBy(folded, registration) !== undefined;
    }
    case 'no-offer':
      return registrations.get(rejection.registrationId)?.status === rejection.status;
    case 'offer-expired':
    case 'offer-still-open': {
      const { registrationId, expiresAt } = rejection;
      const isPast = acceptedAt >= expiresAt;
      return openOffer(folded, registrationId) === expiresAt && isPast === (rejection.reason === 'offer-expired');
    }
    case 'not-confirmed':
      return registrations.get(rejection.registrationId)?.status === 'waitlist';
    case 'already-checked-in':
      return attendedAt(folded, rejection.registrationId) === rejection.attendedAt;
    case 'not-checked-in':
      return attendedAt(folded, rejection.registrationId) === undefined;
    case 'event-importing':
      return folded.importing;
    case 'not-importing':
      return status !== undefined && !folded.importing;
    // These are about what the command was to make, and the journal does not keep that.
    case 'settings-invalid':
    case 'too-many-roles':
    case 'too-many-pools':
    case 'waitlist-off':
    case 'unprocessable':
      return true;
  }
}

function isTrueOver(folded: Folded, rejection: Extract<Rejection, { reason: 'capacity-below-taken' }>): boolean {
  const { capacity, taken, over, limit, roleId, poolId } = rejection;
  if (over <= 0 || over !== taken - capacity) return false;
  // A change of a pool may give it other roles.
  if (limit === 'pool') return poolId !== undefined;
  const key = limit === 'event' ? keyOf({ limit }) : roleId && keyOf({ limit, roleId });
  const counted = folded.limits.all.find((candidate) => candidate.key === key);
  const seats = [...folded.rows.values()].reduce((sum, row) => sum + row.confirmed + row.offered, 0);
  return taken === (counted?.taken ?? seats);
}

function standsAs(folded: Folded, rejection: Extract<Rejection, { reason: 'already-registered' }>): boolean {
  const { registrationId, status, waitlistPosition } = rejection;
  const registration = folded.registrations.get(registrationId);
  if (registration?.status !== status) return false;
  const [row, slot] = [folded.rows.get(registration.roleId), folded.registrations.slotOf(registrationId)];
  // Nobody is told a place while the system before leads the event.
  const waits = standing(registration) === 'waitlist' && slot !== undefined && !folded.importing;
  const place = waits ? row?.placeInLine(slot) : undefined;
  return waitlistPosition === place;
}

const attendedAt = ({ registrations }: Folded, registrationId: RegistrationId) => {
  const registration: Registration | undefined = registrations.get(registrationId);
  return registration?.status === 'confirmed' ? registration.attendedAt : undefined;
};
