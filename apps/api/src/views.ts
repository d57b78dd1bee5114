import type { Availability, EventDocument, RegistrationDocument } from '@rollcall/contracts/http';
import type { EventCounts, RoleCounts } from '@rollcall/domain';
import type { EventView, RegistrationView } from '@rollcall/engine';

const timestamp = (instant: number) => new Date(instant).toISOString();

/** Seats that are neither taken nor, after a capacity was lowered, owed. */
const availableOf = (capacity: number, confirmed: number) => Math.max(0, capacity - confirmed);

/** Without counts, as for an event that is only just being created, nobody has signed up. */
export function eventDocument(
  { eventId, version, status, settings, roles }: EventView,
  counts: EventCounts | undefined,
): EventDocument {
  const { startsAt, endsAt, signupOpensAt, signupClosesAt, ...texts } = settings;
  return {
    eventId,
    version,
    status,
    ...texts,
    startsAt: timestamp(startsAt),
    endsAt: timestamp(endsAt),
    ...(signupOpensAt === undefined ? {} : { signupOpensAt: timestamp(signupOpensAt) }),
    ...(signupClosesAt === undefined ? {} : { signupClosesAt: timestamp(signupClosesAt) }),
    roles: roles.map(({ roleId, name, capacity, waitlist }) => {
      const { confirmed = 0, waitlist: waiting = 0 }: Partial<RoleCounts> = counts?.roles.get(roleId) ?? {};
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
