import { namingDecision, type EventId, type NamingDecision, type UserId, type UserTraces } from '@rollcall/domain';
import type { StoreTraces } from '@rollcall/engine';
import type { ObjectId } from 'mongodb';
import type { Causal } from './causal.ts';
import type { Collections } from './connect.ts';
import type { JournalDocument } from './journal-document.ts';

/** Decisions per question: a server answers each in well under the time that a connection may be silent. */
const decisionsPerLook = 5_000;
const decisionsPerBatch = 100;

interface OfUser {
  readonly eventId: EventId;
  readonly userId: UserId;
}

const namedIn = (userId: UserId) => [
  { 'actor.userId': userId },
  { 'domainEvents.userId': userId },
  { 'domainEvents.effects.userId': userId },
  { 'domainEvents.registeredBy': userId },
  { 'domainEvents.history.performedBy': userId },
];

/** Stretch by stretch: there is no index of whom a decision names, for every decision would have to pay for it. */
export async function findTraces(
  { registrations, journal }: Collections,
  { eventId, userId }: OfUser,
  causal: Causal,
): Promise<UserTraces> {
  const stored = await causal((session) =>
    registrations.find({ eventId, userId }, { session, projection: { _id: 1 } }).toArray(),
  );
  const newest = await causal((session) =>
    journal.findOne({ eventId }, { session, sort: { version: -1 }, projection: { version: 1 } }),
  );
  const decisions: NamingDecision[] = [];
  for (let after = 0; after < (newest?.version ?? 0); after += decisionsPerLook) {
    const version = { $gt: after, $lte: after + decisionsPerLook };
    await causal(async (session) => {
      const documents = journal
        .find({ eventId, version, $or: namedIn(userId) }, { session, hint: { eventId: 1, version: 1 } })
        .sort({ version: 1 })
        // A decision may say 500 facts, of which one names the user.
        .batchSize(decisionsPerBatch)
        .project<Pick<JournalDocument, 'version' | 'actor' | 'domainEvents'>>({
          _id: 0,
          version: 1,
          actor: 1,
          domainEvents: 1,
        });
      for await (const { version: of, actor, domainEvents = [] } of documents) {
        const naming = namingDecision({ version: of, actor, domainEvents }, userId);
        if (naming !== undefined) decisions.push(naming);
      }
    });
  }
  return { registrationIds: stored.map(({ _id }) => _id), decisions };
}

interface Look {
  readonly last: ObjectId;
  readonly eventIds: readonly EventId[];
}

/** Walks the journal of all events, and asks the registrations by their index. */
export function createStoreTraces({ registrations, journal }: Collections): StoreTraces {
  async function* looksFor(userId: UserId): AsyncGenerator<Look, void, undefined> {
    let last: ObjectId | undefined;
    for (;;) {
      const [look] = await journal.aggregate<Look>(nextLook(userId, last)).toArray();
      if (look === undefined) return;
      yield look;
      ({ last } = look);
    }
  }
  return {
    async findEventsOf(userId, signal) {
      const isOver = () => signal?.aborted === true;
      if (isOver()) return [];
      const found = new Set<EventId>(await registrations.distinct('eventId', { userId }));
      for await (const { eventIds } of looksFor(userId)) {
        for (const eventId of eventIds) found.add(eventId);
        if (isOver()) break;
      }
      return [...found];
    },
  };
}

/** Of the next decisions in the order of their ids: the last id, and the events of those that name the user. */
function nextLook(userId: UserId, last: ObjectId | undefined): object[] {
  // Of a path through arrays the operator gives a list; of effects and histories, lists of lists.
  const listed = (path: string) => ({ $ifNull: [path, []] });
  const within = (path: string, field: string) => ({
    $reduce: { input: listed(path), initialValue: [], in: together(field) },
  });
  // An id may look like a path.
  const named = { $literal: userId };
  const isNamed = {
    $or: [
      { $eq: ['$actor.userId', named] },
      { $in: [named, listed('$domainEvents.userId')] },
      { $in: [named, within('$domainEvents.effects', 'userId')] },
      { $in: [named, listed('$domainEvents.registeredBy')] },
      { $in: [named, within('$domainEvents.history', 'performedBy')] },
    ],
  };
  return [
    ...(last === undefined ? [] : [{ $match: { _id: { $gt: last } } }]),
    { $sort: { _id: 1 } },
    { $limit: decisionsPerLook },
    { $project: { eventId: { $cond: [isNamed, '$eventId', '$$REMOVE'] } } },
    { $group: { _id: null, last: { $last: '$_id' }, eventIds: { $addToSet: '$eventId' } } },
  ];
}

const together = (field: string) => ({
  $concatArrays: ['$$value', { $map: { input: '$$this', in: `$$this.${field}` } }],
});
