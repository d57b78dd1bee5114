import type { EventId, Instant } from '@rollcall/domain';
import type { OpenOffer } from '@rollcall/engine';
import type { ClientSession } from 'mongodb';
import type { Collections } from './connect.ts';
import { indexes } from './indexes.ts';
import type { RegistrationDocument } from './registration-document.ts';

/** What workers that died have left undone, of all events: on a sharded cluster these two go to every shard. */
export interface OverdueQuery {
  readonly now: Instant;
  readonly countMax: number;
}

type DueOffer = Required<Pick<RegistrationDocument, '_id' | 'eventId' | 'offer'>>;

/**
 * Offers that have run out, the longest first. Those of events that the system before leads are passed over: nobody may
 * decide anything of them until it ends, and each attempt would be one more refusal in the journal.
 */
export async function findOverdueOffers(
  collections: Collections,
  query: OverdueQuery,
  session: ClientSession,
): Promise<readonly OpenOffer[]> {
  const due = await findDue(collections, query, session);
  const documents = (await someImport(collections, due, session))
    ? await findDueOfLed(collections, query, session)
    : due;
  return documents.map(({ _id, eventId, offer }) => ({
    eventId,
    registrationId: _id,
    expiresAt: offer.expiresAt.getTime(),
  }));
}

function findDue(
  { registrations }: Collections,
  { now, countMax }: OverdueQuery,
  session: ClientSession,
): Promise<DueOffer[]> {
  return registrations
    .find({ 'offer.expiresAt': { $lte: new Date(now) } }, { session, hint: indexes.offersDue })
    .sort({ 'offer.expiresAt': 1 })
    .limit(countMax)
    .project<DueOffer>({ eventId: 1, offer: 1 })
    .toArray();
}

async function someImport({ events }: Collections, due: readonly DueOffer[], session: ClientSession): Promise<boolean> {
  if (due.length === 0) return false;
  const eventIds = [...new Set(due.map(({ eventId }) => eventId))];
  const one = await events.findOne(
    { _id: { $in: eventIds }, importing: true },
    { session, hint: { _id: 1 }, projection: { _id: 1 } },
  );
  return one !== null;
}

/** The same, past however many offers there are of events that are imported: only after a rollback there are any. */
function findDueOfLed(
  { registrations, events }: Collections,
  { now, countMax }: OverdueQuery,
  session: ClientSession,
): Promise<DueOffer[]> {
  const importing = {
    from: events.collectionName,
    localField: 'eventId',
    foreignField: '_id',
    pipeline: [{ $match: { importing: true } }, { $project: { _id: 1 } }],
    as: 'importing',
  };
  return registrations
    .aggregate<DueOffer>(
      [
        { $match: { 'offer.expiresAt': { $lte: new Date(now) } } },
        { $sort: { 'offer.expiresAt': 1 } },
        { $project: { eventId: 1, offer: 1 } },
        { $lookup: importing },
        { $match: { importing: [] } },
        { $limit: countMax },
        { $project: { importing: 0 } },
      ],
      { session, hint: indexes.offersDue },
    )
    .toArray();
}

/** Events with an obligation, the oldest first. */
export async function findObliged(
  { events }: Collections,
  { countMax }: OverdueQuery,
  session: ClientSession,
): Promise<readonly EventId[]> {
  const documents = await events
    .find({ 'obligation.acceptedAt': { $exists: true } }, { session, hint: indexes.obligations })
    .sort({ 'obligation.acceptedAt': 1 })
    .limit(countMax)
    .project<{ readonly _id: EventId }>({ _id: 1 })
    .toArray();
  return documents.map(({ _id }) => _id);
}
