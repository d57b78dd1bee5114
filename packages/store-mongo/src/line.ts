import type { EventId, RoleId } from '@rollcall/domain';
import type { AggregateOptions, Collection, FindOptions } from 'mongodb';
import { offered } from './counting.ts';
import { indexes } from './indexes.ts';
import type { RegistrationDocument } from './registration-document.ts';

type Registrations = Collection<RegistrationDocument>;

export interface PlacesQuery {
  readonly eventId: EventId;
  readonly roleId: RoleId;
  readonly sequences: readonly number[];
}

/** Either a stretch of those with the status `waitlist`, or one of them who has left the line for an offer. */
type Row = { readonly _id: number; readonly count: number; readonly last: number } | { readonly offered: number };

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
  const upToLast = { eventId, roleId, sequence: { $lte: last } };
  const rows = await registrations
    .aggregate<Row>(
      [
        { $match: { ...upToLast, status: 'waitlist' } },
        // A bucket ends with each sequence that is asked for.
        {
          $bucket: {
            groupBy: '$sequence',
            boundaries: [0, ...sorted.map((sequence) => sequence + 1)],
            output: { count: { $sum: 1 }, last: { $max: '$sequence' } },
          },
        },
        {
          $unionWith: {
            coll: registrations.collectionName,
            pipeline: [{ $match: { ...upToLast, ...offered } }, { $project: { _id: 0, offered: '$sequence' } }],
          },
        },
      ],
      { ...options, hint: indexes.line },
    )
    .toArray();
  const buckets = new Map(rows.flatMap((row) => ('_id' in row ? [[row._id, row] as const] : [])));
  const left = rows.flatMap((row) => ('offered' in row ? [row.offered] : [])).toSorted((a, b) => a - b);
  let waiting = 0;
  let leftBefore = 0;
  let lower = 0;
  for (const sequence of sorted) {
    const bucket = buckets.get(lower);
    waiting += bucket?.count ?? 0;
    lower = sequence + 1;
    while ((left[leftBefore] ?? lower) < sequence) leftBefore += 1;
    // Whoever does not wait, or no longer, has no place.
    if (bucket?.last === sequence && left[leftBefore] !== sequence) places.set(sequence, waiting - leftBefore);
  }
  return places;
}

/** More of these small documents at once cost the server no more than a few. */
const batchSize = 10_000;

/**
 * The sequences of those in line, in order, from keys alone: first those of the few who have been offered a seat, to leave
 * them out. Exact where `options` hold a snapshot.
 */
export async function readSequences(
  registrations: Registrations,
  { eventId, roleId }: { readonly eventId: EventId; readonly roleId: RoleId },
  options: FindOptions,
): Promise<readonly number[]> {
  const sequencesOf = (filter: object, hint: string) =>
    registrations
      .find({ eventId, roleId, ...filter }, { ...options, hint, batchSize })
      .sort({ sequence: 1 })
      .project<Pick<RegistrationDocument, 'sequence'>>({ _id: 0, sequence: 1 });
  const left = new Set<number>();
  for await (const { sequence } of sequencesOf(offered, indexes.offers)) left.add(sequence);
  const sequences: number[] = [];
  for await (const { sequence } of sequencesOf({ status: 'waitlist' }, indexes.line)) {
    if (!left.has(sequence)) sequences.push(sequence);
  }
  return sequences;
}
