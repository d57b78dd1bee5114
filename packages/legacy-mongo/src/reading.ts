import {
  inGroups,
  LegacyProblem,
  legacyIdOf,
  type LegacyDocument,
  type LegacyEvent,
  type LegacyEventId,
  type LegacyId,
  type LegacyPosition,
} from '@rollcall/migration';
import { BSON, type Document } from 'mongodb';
import { allVariantsOf } from './ids.ts';
import { at, atOneMoment, itemsOf, type Legacy, type SnapshotOptions } from './legacy.ts';

const idsPerPage = 1_000;
/** Users that are asked for at once. */
const usersAtOnce = 5_000;

/** Page by page: the server forgets a cursor while somebody works on a large event for 10 minutes. */
export async function* readEventIds(
  { events }: Legacy,
  after: LegacyPosition | undefined,
): AsyncGenerator<LegacyEventId> {
  let last = after;
  for (;;) {
    // A comparison finds ids of one type only; the bounds of an index go through all of them.
    const from = last === undefined ? {} : { min: { _id: decode(last) } };
    const found = await events
      .find({}, { ...from, hint: { _id: 1 }, sort: { _id: 1 }, projection: idAndSize, limit: idsPerPage + 1 })
      .toArray();
    const page = found.map(({ _id, bytes }) => ({
      legacyId: legacyIdOf(_id),
      position: encode(_id),
      bytes: Number(bytes),
    }));
    if (page[0]?.position === last) page.shift();
    if (page.length === 0) return;
    yield* page;
    last = page.at(-1)?.position;
  }
}

const idAndSize = { _id: 1, bytes: { $bsonSize: '$$ROOT' } };

/** In an object, for an `_id` may be a value that is no document. */
const encode = (id: unknown) => BSON.EJSON.stringify({ id }, { relaxed: false }) as LegacyPosition;

function decode(position: LegacyPosition): unknown {
  try {
    return (BSON.EJSON.parse(position, { relaxed: false }) as Document)['id'];
  } catch (error) {
    throw new LegacyProblem('the position that was stored can not be read', { cause: error });
  }
}

export async function readExisting({ events }: Legacy, ids: readonly LegacyId[]): Promise<ReadonlySet<LegacyId>> {
  const found = events.find({ _id: { $in: allVariantsOf(ids) } } as Document, { projection: { _id: 1 } });
  return new Set((await found.toArray()).flatMap(({ _id }) => legacyIdOf(_id) ?? []));
}

export function readEvents(legacy: Legacy, ids: readonly LegacyId[]): Promise<readonly LegacyEvent[]> {
  if (ids.length === 0) return Promise.resolve([]);
  const { client, events, registrations, names } = legacy;
  return atOneMoment(client, async (options) => {
    const wanted = allVariantsOf(ids);
    const found = new Map<LegacyId, { readonly event: Document; readonly registrations: LegacyDocument[] }>();
    for await (const event of events.find({ _id: { $in: wanted } } as Document, options)) {
      const legacyId = legacyIdOf(event._id);
      if (legacyId === undefined) continue;
      if (found.has(legacyId)) throw new LegacyProblem(clash(names.collections.events, legacyId));
      found.set(legacyId, { event, registrations: [] });
    }
    for await (const registration of registrations.find({ [names.registration.eventId]: { $in: wanted } }, options)) {
      const legacyId = legacyIdOf(at(registration, names.registration.eventId));
      if (legacyId !== undefined) found.get(legacyId)?.registrations.push(registration);
    }
    const users = await readUsers(legacy, found.values(), options);
    return [...found].map(([legacyId, about]) => ({ legacyId, ...about, users }));
  });
}

export async function findUsers(
  { users }: Legacy,
  field: string,
  texts: readonly string[],
): Promise<ReadonlyMap<LegacyId, LegacyDocument>> {
  const found = new Map<LegacyId, LegacyDocument>();
  if (users === undefined) return found;
  for (const some of inGroups(texts, usersAtOnce)) {
    const filter: Document = { [field]: { $in: allVariantsOf(some) } };
    for await (const user of users.find(filter, { projection: { [field]: 1 } })) {
      const id = legacyIdOf(user._id);
      if (id !== undefined) found.set(id, user);
    }
  }
  return found;
}

const clash = (collection: string, id: LegacyId) =>
  `${collection} has two documents whose _id reads ${id}, one as text and one not: only one of them can be moved`;

/** Who made it, and who did something to it. */
function* actorsOf(registration: LegacyDocument, { actors }: Legacy['names']): Generator<unknown, void> {
  if (actors === undefined) return;
  const { registeredBy, actionHistory, performedBy } = actors;
  if (registeredBy !== null) yield at(registration, registeredBy);
  if (actionHistory === null || performedBy === null) return;
  for (const line of itemsOf(at(registration, actionHistory))) yield at(line, performedBy);
}

async function readUsers(
  { users, names }: Legacy,
  events: Iterable<Pick<LegacyEvent, 'event' | 'registrations'>>,
  options: SnapshotOptions,
): Promise<ReadonlyMap<LegacyId, LegacyDocument> | undefined> {
  if (users === undefined) return undefined;
  const wanted = new Set<LegacyId>();
  const add = (value: unknown) => {
    const id = legacyIdOf(value);
    if (id !== undefined) wanted.add(id);
  };
  for (const { event, registrations } of events) {
    for (const registration of registrations) {
      add(at(registration, names.registration.userId));
      for (const actor of actorsOf(registration, names)) add(actor);
    }
    for (const role of itemsOf(at(event, names.event.roles))) {
      for (const signup of itemsOf(at(role, names.role.signups))) add(at(signup, names.signup.userId));
    }
  }
  const known = new Map<LegacyId, LegacyDocument>();
  const projection = Object.fromEntries(['_id', ...names.userFields].map((field) => [field, 1]));
  for (const ids of inGroups(wanted, usersAtOnce)) {
    const filter: Document = { _id: { $in: allVariantsOf(ids) } };
    for await (const user of users.find(filter, { ...options, projection })) {
      const id = legacyIdOf(user._id);
      if (id !== undefined) known.set(id, user);
    }
  }
  return known;
}
