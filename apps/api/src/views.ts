import type { Availability, EventDocument, RegistrationDocument } from '@rollcall/contracts/http';
import { roleCountsOf, type EventCounts, type RoleCounts, type RoleId } from '@rollcall/domain';
import type { EventView, RegistrationView } from '@rollcall/engine';
import { given } from './given.ts';
import { maybeTimestamp, timestamp } from './timestamp.ts';

/** The version is that of the counts, for they change most; the settings may be of an earlier one. */
export function eventDocument(
  view: Omit<EventView, 'version'>,
  counts: Pick<EventCounts, 'version' | 'roles'>,
): EventDocument {
  const { eventId, status, settings, roles, pools } = view;
  const { startsAt, endsAt, signupOpensAt, signupClosesAt, cancelClosesAt, ...others } = settings;
  const countsOf = (roleId: RoleId) => counts.roles.get(roleId) ?? countsOfNewRole(view, counts.roles, roleId);
  return {
    eventId,
    version: counts.version,
    status,
    ...others,
    startsAt: timestamp(startsAt),
    endsAt: timestamp(endsAt),
    ...given({
      signupOpensAt: maybeTimestamp(signupOpensAt),
      signupClosesAt: maybeTimestamp(signupClosesAt),
      cancelClosesAt: maybeTimestamp(cancelClosesAt),
    }),
    roles: roles.map(({ roleId, name, waitlist, waitlistMax, offerMs }) => {
      const { capacity, ...seats } = countsOf(roleId);
      return {
        roleId,
        name,
        capacity,
        waitlist,
        ...given({ waitlistMax }),
        offerSeconds: offerMs / 1000,
        counts: seats,
      };
    }),
    pools: Object.fromEntries(
      pools.map(({ poolId, capacity, roleIds }) => [poolId, { capacity, roleIds: [...roleIds] }]),
    ),
  };
}

const none = { confirmed: 0, waitlist: 0, offered: 0 };

/** Nobody has signed up for a role that is newer than the counts. */
function countsOfNewRole(
  { status, settings, roles, pools }: Omit<EventView, 'version'>,
  counted: EventCounts['roles'],
  roleId: RoleId,
): RoleCounts {
  const states = roles.map((role) => [role.roleId, { role, ...(counted.get(role.roleId) ?? none) }] as const);
  const counts = roleCountsOf({ status, settings, pools, roles: new Map(states) }).get(roleId);
  if (counts === undefined) throw new Error(`${roleId} is none of the roles`);
  return counts;
}

export function availabilityOf({ eventId, version, roles }: EventCounts): Availability {
  return { eventId, version, roles: [...roles].map(([roleId, counts]) => ({ roleId, ...counts })) };
}

/** `waitlistPosition`: its place, while it stands in line. */
export function registrationDocument(
  view: RegistrationView,
  waitlistPosition: number | undefined,
): RegistrationDocument {
  const { registrationDate, sequence: _sequence, offer, attendedAt, cancelledAt, ...same } = view;
  return {
    ...same,
    registrationDate: timestamp(registrationDate),
    ...given({
      waitlistPosition,
      offer: offer && { expiresAt: timestamp(offer.expiresAt) },
      attendedAt: maybeTimestamp(attendedAt),
      cancelledAt: maybeTimestamp(cancelledAt),
    }),
  };
}
