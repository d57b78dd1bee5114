import type { EventId, RoleId } from '@rollcall/domain';
import type { StandingCounts } from '@rollcall/engine';
import type { AggregateOptions, Collection } from 'mongodb';
import type { RegistrationDocument } from './registration-document.ts';

type Registrations = Collection<RegistrationDocument>;

export interface CountScope {
  readonly eventId: EventId;
  readonly roleIds: readonly RoleId[];
}

/** How many registrations a role has in a status, or with an open offer: those have the status `waitlist` too. */
export interface Counted {
  readonly roleId: RoleId;
  readonly counted: 'confirmed' | 'waitlist' | 'offered';
  readonly count: number;
}

export const active = { $in: ['confirmed', 'waitlist'] } as const;

/** That there is an open offer, as bounds of an index: `$exists` would look at each document. */
export const offered = { 'offer.expiresAt': { $gte: new Date(-8_640_000_000_000_000) } } as const;

/** Of registrations that another stage found: their open offers as `countActive` reads them. */
export const countOffersByRole = [
  { $match: offered },
  { $group: { _id: '$roleId', count: { $sum: 1 } } },
  { $project: { _id: 0, roleId: '$_id', counted: 'offered', count: 1 } },
];

/** The same of those who are confirmed or have the status `waitlist`. */
export const countByRole = [
  { $match: { status: active } },
  { $group: { _id: { roleId: '$roleId', status: '$status' }, count: { $sum: 1 } } },
  { $project: { _id: 0, roleId: '$_id.roleId', counted: '$_id.status', count: 1 } },
];

/**
 * Counts active registrations per role, in one query and from indexes alone. A count for each role and status is a mere
 * walk over its keys, where grouping them would build an object for each. It grows with how many there are
 * (docs/adr/0001). Open offers are few: for them grouping is good enough.
 */
export async function countActive(
  registrations: Registrations,
  { eventId, roleIds }: CountScope,
  options: AggregateOptions,
): Promise<ReadonlyMap<RoleId, StandingCounts>> {
  if (roleIds.length === 0) return new Map();
  const counts = roleIds.flatMap((roleId) =>
    (['confirmed', 'waitlist'] as const).map((status) => [
      { $match: { eventId, roleId, status } },
      { $count: 'count' },
      { $set: { roleId, counted: status } },
    ]),
  );
  const offers = [{ $match: { eventId, roleId: { $in: roleIds } } }, ...countOffersByRole];
  const coll = registrations.collectionName;
  const rows = await registrations
    .aggregate<Counted>([...offers, ...counts.map((pipeline) => ({ $unionWith: { coll, pipeline } }))], options)
    .toArray();
  return countsPerRole(rows);
}

export function countsPerRole(rows: readonly Counted[]): ReadonlyMap<RoleId, StandingCounts> {
  const counts = new Map<RoleId, StandingCounts>();
  for (const { roleId, counted, count } of rows) {
    const ofRole = counts.get(roleId) ?? { confirmed: 0, waitlist: 0, offered: 0 };
    // Who has been offered a seat has left the line.
    const left = counted === 'offered' ? { waitlist: ofRole.waitlist - count } : {};
    counts.set(roleId, { ...ofRole, [counted]: ofRole[counted] + count, ...left });
  }
  return counts;
}
