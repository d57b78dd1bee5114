import { legacyIdOf, type LegacyOrphans } from '@rollcall/migration';
import type { Legacy } from './legacy.ts';
import { readExisting } from './reading.ts';

/** Ids of events that are looked for at once. */
const idsAtOnce = 1_000;

interface Group {
  readonly _id: unknown;
  readonly count: number;
}

/** Registrations of events that are not there: the index is read once, and grouped by the server. */
export async function* findOrphans(legacy: Legacy, examplesMax: number): AsyncGenerator<LegacyOrphans> {
  const { registrations, names } = legacy;
  const field = names.registration.eventId;
  const groups = registrations.aggregate<Group>(
    [{ $sort: { [field]: 1 } }, { $group: { _id: `$${field}`, count: { $sum: 1 } } }],
    { allowDiskUse: true },
  );
  let page: Group[] = [];
  for await (const group of groups) {
    page.push(group);
    if (page.length < idsAtOnce) continue;
    yield* orphansAmong(legacy, page, examplesMax);
    page = [];
  }
  yield* orphansAmong(legacy, page, examplesMax);
}

async function* orphansAmong(
  legacy: Legacy,
  groups: readonly Group[],
  examplesMax: number,
): AsyncGenerator<LegacyOrphans> {
  const { registrations, names } = legacy;
  const ids = groups.map(({ _id }) => legacyIdOf(_id)).filter((id) => id !== undefined);
  const existing = await readExisting(legacy, ids);
  for (const { _id, count } of groups) {
    const eventId = legacyIdOf(_id);
    if (eventId !== undefined && existing.has(eventId)) continue;
    const examples =
      examplesMax === 0
        ? []
        : await registrations
            .find({ [names.registration.eventId]: { $eq: _id } }, { projection: { _id: 1 }, limit: examplesMax })
            .toArray();
    yield { eventId, count, examples: examples.map((found) => legacyIdOf(found._id)).filter((id) => id !== undefined) };
  }
}
