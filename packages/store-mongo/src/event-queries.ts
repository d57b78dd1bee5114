import { answerOf, type EventId, type RegistrationId, type UserId } from '@rollcall/domain';
import type { EventListQuery, EventQueries, EventView, Page, RegistrationView } from '@rollcall/engine';
import type { Filter } from 'mongodb';
import type { Collections } from './connect.ts';
import { decodeTimeCursor, encodeTimeCursor, pageOf } from './cursor.ts';
import { createEventCounts } from './event-counts.ts';
import { eventView, type EventDocument } from './event-document.ts';
import { findDecisions, readSteps } from './journal-document.ts';
import { createJournalReads } from './journal-reads.ts';
import { readSequences } from './line.ts';
import { createParticipants } from './participants.ts';
import { registrationView, type RegistrationDocument } from './registration-document.ts';
import { inSnapshot } from './snapshot.ts';

const headFields = { _id: 0, version: 1, commitId: 1 } as const;
type HeadDocument = Pick<EventDocument, 'version' | 'commitId'>;

/**
 * The read side of the store.
 *
 * @param readMsMax how long the server works on a query before it gives up, in ms: whoever asked has given up by then.
 * Streams alone have no such end.
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
      const { time, id } = decodeTimeCursor(cursor);
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
    return pageOf(documents, {
      limit,
      toItem: eventView,
      cursorOf: ({ startsAt, _id }) => encodeTimeCursor({ time: startsAt, id: _id }),
    });
  }

  async function listRegistrationsOfUser(
    userId: UserId,
    cursor: string | undefined,
    limit: number,
  ): Promise<Page<RegistrationView>> {
    const conditions: Filter<RegistrationDocument>[] = [{ userId }];
    if (cursor !== undefined) {
      const { time, id } = decodeTimeCursor(cursor);
      conditions.push(
        { registrationDate: { $lte: time } },
        { $or: [{ registrationDate: { $lt: time } }, { registrationDate: time, _id: { $lt: id as RegistrationId } }] },
      );
    }
    const documents = await registrations
      .find({ $and: conditions }, bounded)
      .sort({ registrationDate: -1, _id: -1 })
      .limit(limit + 1)
      .toArray();
    return pageOf(documents, {
      limit,
      toItem: registrationView,
      cursorOf: ({ registrationDate, _id }) => encodeTimeCursor({ time: registrationDate, id: _id }),
    });
  }

  return {
    ...createEventCounts(collections, bounded),
    ...createParticipants(collections, bounded),
    ...createJournalReads(collections, bounded),
    listEvents,
    listRegistrationsOfUser,
    async findEvent(eventId) {
      const document = await events.findOne({ _id: eventId }, bounded);
      return document === null ? undefined : eventView(document);
    },
    async findRegistration(eventId, registrationId) {
      const document = await registrations.findOne({ _id: registrationId, eventId }, bounded);
      return document === null ? undefined : registrationView(document);
    },
    async findRegistrations(eventId, registrationIds) {
      const named = { _id: { $in: [...registrationIds] }, eventId };
      const documents = await registrations.find(named, bounded).toArray();
      return documents.map(registrationView);
    },
    // One snapshot: the line is that of the version that it carries.
    readLine: (eventId, roleId) =>
      inSnapshot(client, async (snapshot) => {
        const options = { ...bounded, ...snapshot };
        const head = await events.findOne<HeadDocument>({ _id: eventId }, { ...options, projection: headFields });
        return head === null
          ? undefined
          : { ...head, sequences: await readSequences(registrations, { eventId, roleId }, options) };
      }),
    readHead: async (eventId) =>
      (await events.findOne<HeadDocument>({ _id: eventId }, { ...bounded, projection: headFields })) ?? undefined,
    readSteps: async (eventId, fromVersion, toVersion) =>
      (await readSteps(journal, [{ eventId, fromVersion, toVersion }], bounded)).flat(),
    findAnswers: async (eventId, commandIds) =>
      (await findDecisions(journal, [{ eventId, commandIds }], bounded)).flat().map(answerOf),
  };
}
