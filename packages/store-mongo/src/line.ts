import type { EventId, RoleId } from '@rollcall/domain';
import type { AggregateOptions, Collection, FindOptions } from 'mongodb';
import { offered } from './counting.ts';
import { indexes } from './indexes.ts';
import type { RegistrationDocument } from './registration-document.ts';

type Registrations = Collection<RegistrationDocument>;
type ReadOptions = Pick<FindOptions & AggregateOptions, 'session' | 'readConcern' | 'maxTimeMS'>;

interface LineQuery {
  readonly eventId: EventId;
  readonly roleId: RoleId;
}

export interface PlacesQuery extends LineQuery {
  readonly sequences: readonly number[];
}

/**
 * The places in line of those who wait with these sequences, by one walk over the line up to the last of them: to ask for
 * 500 costs what it costs to ask for one. What commits while the line is read makes whoever decides by it stale.
 */
export async function findPlaces(
  registrations: Registrations,
  { eventId, roleId, sequences }: PlacesQuery,
  options: ReadOptions,
): Promise<ReadonlyMap<number, number>> {
  const places = new Map<number, number>();
  if (sequences.length === 0) return places;
  const asked = new Set(sequences);
  const line = await readSequences(registrations, { eventId, roleId, upTo: Math.max(...asked) }, options);
  for (const [index, sequence] of line.entries()) {
    // Whoever does not wait, or no longer, has no place.
    if (asked.has(sequence)) places.set(sequence, index + 1);
  }
  return places;
}

/** How many sequences share a document of the answer: 1.5 MB at most, so that no line is too long for documents of 16 MB. */
const stretchSize = 100_000;

/**
 * The sequences of those in line, in order, from keys alone: first those of the few who have been offered a seat, to leave
 * them out. They come as arrays, in a third of the time of a document for each (80 ms and 250 ms for 50,000, at best, on a
 * busy machine). Exact where `options` hold a snapshot.
 */
export async function readSequences(
  registrations: Registrations,
  { eventId, roleId, upTo = Number.MAX_SAFE_INTEGER }: LineQuery & { readonly upTo?: number },
  options: ReadOptions,
): Promise<readonly number[]> {
  const ofRole = { eventId, roleId, sequence: { $lte: upTo } };
  const left = new Set<number>();
  const offers = registrations
    .find({ ...ofRole, ...offered }, { ...options, hint: indexes.offers })
    .project<Pick<RegistrationDocument, 'sequence'>>({ _id: 0, sequence: 1 });
  for await (const { sequence } of offers) left.add(sequence);
  const stretches = await registrations
    .aggregate<{ readonly sequences: readonly number[] }>(
      [
        { $match: { ...ofRole, status: 'waitlist' } },
        {
          $group: { _id: { $floor: { $divide: ['$sequence', stretchSize] } }, sequences: { $push: '$sequence' } },
        },
      ],
      { ...options, hint: indexes.line },
    )
    .toArray();
  return stretches
    .flatMap(({ sequences }) => sequences)
    .filter((sequence) => !left.has(sequence))
    .toSorted((a, b) => a - b);
}
