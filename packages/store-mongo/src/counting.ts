import type { EventId, RoleId } from '@rollcall/domain';
import type { AggregateOptions, Collection } from 'mongodb';
import type { RegistrationDocument } from './documents.ts';
import { indexes } from './indexes.ts';

type Registrations = Collection<RegistrationDocument>;

export interface ActiveCounts {
  readonly confirmed: number;
  readonly waitlist: number;
}

export interface CountScope {
  readonly eventId: EventId;
  readonly roleIds: readonly RoleId[];
}

/** How many registrations a role has in a status. */
export interface Counted {
  readonly roleId: RoleId;
  readonly status: 'confirmed' | 'waitlist';
  readonly count: number;
}

/**
 * Counts active registrations per role, in one query and from the index alone. A count for each role and status is a mere
 * walk over its keys, where grouping them would build an object for each. It grows with how many there are
 * (docs/adr/0001).
 */
export async function countActive(
  registrations: Registrations,
  { eventId, roleIds }: CountScope,
  options: AggregateOptions,
): Promise<ReadonlyMap<RoleId, ActiveCounts>> {
  const [first, ...others] = roleIds.flatMap((roleId) =>
    (['confirmed', 'waitlist'] as const).map((status) => [
      { $match: { eventId, roleId, status } },
      { $count: 'count' },
      { $set: { roleId, status } },
    ]),
  );
  if (first === undefined) return new Map();
  const coll = registrations.collectionName;
  const rows = await registrations
    .aggregate<Counted>([...first, ...others.map((pipeline) => ({ $unionWith: { coll, pipeline } }))], options)
    .toArray();
  return countsPerRole(rows);
}

export const active = { $in: ['confirmed', 'waitlist'] } as const;

/** Of registrations that another stage found, as in a lookup: their counts as `countActive` reads them. */
export const countByRole = [
  { $match: { status: active } },
  { $group: { _id: { roleId: '$roleId', status: '$status' }, count: { $sum: 1 } } },
  { $project: { _id: 0, roleId: '$_id.roleId', status: '$_id.status', count: 1 } },
];

export function countsPerRole(rows: readonly Counted[]): ReadonlyMap<RoleId, ActiveCounts> {
  const counts = new Map<RoleId, ActiveCounts>();
  for (const { roleId, status, count } of rows) {
    counts.set(roleId, { ...(counts.get(roleId) ?? { confirmed: 0, waitlist: 0 }), [status]: count });
  }
  return counts;
}

export interface PlacesQuery {
  readonly eventId: EventId;
  readonly roleId: RoleId;
  readonly sequences: readonly number[];
}

/** The places in line of those who wait with these sequences, by one walk over the line up to the last of them. */
export async function findPlaces(
  registrations: Registrations,
  { eventId, roleId, sequences }: PlacesQuery,
  options: AggregateOptions,
): Promise<ReadonlyMap<number, number>> {
  const sorted = [...new Set(sequences)].toSorted((a, b) => a - b);
  const last = sorted.at(-1);
  const places = new Map<number, number>();
  if (last === undefined) return places;
  const buckets = await registrations
    .aggregate<{ _id: number; count: number; last: number }>(
      [
        { $match: { eventId, roleId, status: 'waitlist', sequence: { $lte: last } } },
        // A bucket ends with each sequence that is asked for.
        {
          $bucket: {
            groupBy: '$sequence',
            boundaries: [0, ...sorted.map((sequence) => sequence + 1)],
            output: { count: { $sum: 1 }, last: { $max: '$sequence' } },
          },
        },
      ],
      { ...options, hint: indexes.line },
    )
    .toArray();
  const byLower = new Map(buckets.map((bucket) => [bucket._id, bucket]));
  let place = 0;
  let lower = 0;
  for (const sequence of sorted) {
    const bucket = byLower.get(lower);
    place += bucket?.count ?? 0;
    lower = sequence + 1;
    // Whoever does not wait has no place.
    if (bucket?.last === sequence) places.set(sequence, place);
  }
  return places;
}
