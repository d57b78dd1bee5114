import type { Availability, EventDocument, RegistrationDocument } from '@rollcall/contracts/http';
import type { EventCounts } from '@rollcall/domain';
import type { EventView, RegistrationView } from '@rollcall/engine';

const timestamp = (instant: number) => new Date(instant).toISOString();

/** Seats that are neither taken nor, after a capacity was lowered, owed. */
const availableOf = (capacity: number, confirmed: number) => Math.max(0, capacity - confirmed);

/** The version is that of the counts, for they change most; the settings may be of an earlier one. */
export function eventDocument(
  { eventId, status, settings, roles }: Omit<EventView, 'version'>,
  counts: Pick<EventCounts, 'version' | 'roles'>,
): EventDocument {
  const { startsAt, endsAt, signupOpensAt, signupClosesAt, ...texts } = settings;
  return {
    eventId,
    version: counts.version,
    status,
    ...texts,
    startsAt: timestamp(startsAt),
    endsAt: timestamp(endsAt),
    ...(signupOpensAt === undefined ? {} : { signupOpensAt: timestamp(signupOpensAt) }),
    ...(signupClosesAt === undefined ? {} : { signupClosesAt: timestamp(signupClosesAt) }),
    roles: roles.map(({ roleId, name, waitlist, ...role }) => {
      // Nobody has signed up for a role that is newer than the counts.
      const counted = counts.roles.get(roleId) ?? { capacity: role.capacity, confirmed: 0, waitlist: 0 };
      const { capacity, confirmed, waitlist: waiting } = counted;
      return {
        roleId,
        name,
        capacity,
        waitlist,
        counts: { confirmed, waitlist: waiting, available: availableOf(capacity, confirmed) },
      };
    }),
  };
}

export function availabilityOf({ eventId, version, roles }: EventCounts): Availability {
  return {
    eventId,
    version,
    roles: [...roles].map(([roleId, { capacity, confirmed, waitlist }]) => ({
      roleId,
      capacity,
      confirmed,
      waitlist,
      available: availableOf(capacity, confirmed),
    })),
  };
}

export function registrationDocument({
  registrationDate,
  cancelledAt,
  ...same
}: RegistrationView): RegistrationDocument {
  return {
    ...same,
    registrationDate: timestamp(registrationDate),
    ...(cancelledAt === undefined ? {} : { cancelledAt: timestamp(cancelledAt) }),
  };
}
