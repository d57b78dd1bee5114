import type { EventCounts, EventId, RegistrationId, RoleCounts, RoleId, UserId } from '@rollcall/domain';
import { answerOf } from '@rollcall/domain';
import type { EventListQuery, EventQueries, EventView, Page, RegistrationView } from '@rollcall/engine';
import type { Filter, WithId } from 'mongodb';
import type { Collections } from './connect.ts';
import {
  active,
  countActive,
  countByRole,
  countsPerRole,
  findPlaces,
  type ActiveCounts,
  type Counted,
} from './counting.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import {
  eventView,
  journalEntry,
  registrationView,
  type EventDocument,
  type RegistrationDocument,
} from './documents.ts';

/**
 * The read side of the store.
 *
 * @param readMsMax how long the server works on a query before it gives up, in ms: whoever asked has given up by then
 */
export function createEventQueries(collections: Collections, readMsMax: number): EventQueries {
  const bounded = { maxTimeMS: readMsMax };
  const { client, events, registrations, journal } = collections;

  async function listEvents({ status, from, draftsOf, cursor, limit }: EventListQuery): Promise<Page<EventView>> {
    const conditions: Filter<EventDocument>[] = [
      status === undefined ? { status: { $in: ['open', 'closed', 'cancelled'] } } : { status },
    ];
    if (status === 'draft') conditions.push({ organizerId: { $in: [...draftsOf] } });
    if (from !== undefined) conditions.push({ startsAt: { $gte: new Date(from) } });
    if (cursor !== undefined) {
      const { time, id } = decodeCursor(cursor);
      conditions.push(
        { startsAt: { $gte: time } },
        { $or: [{ startsAt: { $gt: time } }, { startsAt: time, _id: { $gt: id as EventId } }] },
      );
    }
    const documents = await events
      .find({ $and: conditions }, bounded)
      .sort({ startsAt: 1, _id: 1 })
      .limit(limit + 1)
      .toArray();
    return page(documents, limit, eventView, ({ startsAt, _id }) => encodeCursor({ time: startsAt, id: _id }));
  }

  async function countEvent(eventId: EventId): Promise<EventCounts | undefined> {
    // One snapshot: the counts are those of the version that they carry.
    return client.withSession({ snapshot: true }, async (session) => {
      const document = await events.findOne({ _id: eventId }, { ...bounded, session });
      if (document === null) return undefined;
      return countsOf(
        document,
        await countActive(
          registrations,
          { eventId, roleIds: document.roles.map(({ roleId }) => roleId) },
          { ...bounded, session },
        ),
      );
    });
  }

  async function countEvents(eventIds: readonly EventId[]): Promise<ReadonlyMap<EventId, EventCounts>> {
    type Row = WithId<EventDocument> & { readonly rows: readonly Counted[] };
    const documents = await client.withSession({ snapshot: true }, (session) =>
      events
        .aggregate<Row>(
          [
            { $match: { _id: { $in: eventIds } } },
            {
              $lookup: {
                from: registrations.collectionName,
                localField: '_id',
                foreignField: 'eventId',
                pipeline: countByRole,
                as: 'rows',
              },
            },
          ],
          { ...bounded, session },
        )
        .toArray(),
    );
    return new Map(documents.map((document) => [document._id, countsOf(document, countsPerRole(document.rows))]));
  }

  async function withPlace(document: RegistrationDocument): Promise<RegistrationView> {
    const view = registrationView(document);
    if (document.status !== 'waitlist') return view;
    const { eventId, roleId, sequence } = document;
    const waitlistPosition = (await findPlaces(registrations, { eventId, roleId, sequences: [sequence] }, bounded)).get(
      sequence,
    );
    return waitlistPosition === undefined ? view : { ...view, waitlistPosition };
  }

  return {
    async findEvent(eventId) {
      const document = await events.findOne({ _id: eventId }, bounded);
      return document === null ? undefined : eventView(document);
    },
    listEvents,
    countEvent,
    countEvents,
    async findRegistration(eventId: EventId, registrationId: RegistrationId) {
      const document = await registrations.findOne({ _id: registrationId, eventId }, bounded);
      return document === null ? undefined : withPlace(document);
    },
    async listRegistrationsOfUser(userId: UserId, cursor: string | undefined, limit: number) {
      const conditions: Filter<RegistrationDocument>[] = [{ userId }];
      if (cursor !== undefined) {
        const { time, id } = decodeCursor(cursor);
        conditions.push(
          { registrationDate: { $lte: time } },
          {
            $or: [{ registrationDate: { $lt: time } }, { registrationDate: time, _id: { $lt: id as RegistrationId } }],
          },
        );
      }
      const documents = await registrations
        .find({ $and: conditions }, bounded)
        .sort({ registrationDate: -1, _id: -1 })
        .limit(limit + 1)
        .toArray();
      const { items, nextCursor } = page(documents, limit, withPlace, ({ registrationDate, _id }) =>
        encodeCursor({ time: registrationDate, id: _id }),
      );
      return { items: await Promise.all(items), nextCursor };
    },
    async findAnswers(eventId, commandIds) {
      const documents = await journal.find({ eventId, commandId: { $in: [...commandIds] } }, bounded).toArray();
      return documents.map((document) => answerOf(journalEntry(document)));
    },
    async getRoleAvailability(eventId, roleId) {
      const document = await events.findOne({ _id: eventId }, bounded);
      const role = document?.roles.find((candidate) => candidate.roleId === roleId);
      if (role === undefined) return undefined;
      const counts = await countActive(registrations, { eventId, roleIds: [roleId] }, bounded);
      const { confirmed, waitlist } = counts.get(roleId) ?? { confirmed: 0, waitlist: 0 };
      return { capacity: role.capacity, confirmed, waitlist, available: Math.max(0, role.capacity - confirmed) };
    },
    async getEventSignupCounts(eventId) {
      const document = await events.findOne({ _id: eventId }, bounded);
      return countActive(
        registrations,
        { eventId, roleIds: document?.roles.map(({ roleId }) => roleId) ?? [] },
        bounded,
      );
    },
    getUserSignupCount: (eventId, userId) => registrations.countDocuments({ eventId, userId, status: active }, bounded),
  };
}

function countsOf(document: EventDocument, counts: ReadonlyMap<RoleId, ActiveCounts>): EventCounts {
  const roles = new Map<RoleId, RoleCounts>();
  for (const { roleId, capacity } of document.roles) {
    const { confirmed, waitlist } = counts.get(roleId) ?? { confirmed: 0, waitlist: 0 };
    roles.set(roleId, { capacity, confirmed, waitlist });
  }
  return { eventId: document._id, version: document.version, commitId: document.commitId, roles };
}

/** One more than the page was read, to know whether there is a next one. */
function page<Document, Item>(
  documents: readonly Document[],
  limit: number,
  toItem: (document: Document) => Item,
  cursorOf: (document: Document) => string,
): Page<Item> {
  const shown = documents.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    nextCursor: documents.length > limit && last !== undefined ? cursorOf(last) : undefined,
  };
}
