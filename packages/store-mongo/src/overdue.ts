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

/** Offers that have run out, the longest first. */
export async function findOverdueOffers(
  { registrations }: Collections,
  { now, countMax }: OverdueQuery,
  session: ClientSession,
): Promise<readonly OpenOffer[]> {
  const documents = await registrations
    .find({ 'offer.expiresAt': { $lte: new Date(now) } }, { session, hint: indexes.offersDue })
    .sort({ 'offer.expiresAt': 1 })
    .limit(countMax)
    .project<Required<Pick<RegistrationDocument, '_id' | 'eventId' | 'offer'>>>({ eventId: 1, offer: 1 })
    .toArray();
  return documents.map(({ _id, eventId, offer }) => ({
    eventId,
    registrationId: _id,
    expiresAt: offer.expiresAt.getTime(),
  }));
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
