import type { EventId, Registration } from '@rollcall/domain';
import type { Collection } from 'mongodb';
import type { Collections } from './connect.ts';
import type { RegistrationDocument } from './registration-document.ts';

/** What a journal alone says of a registration: no texts, no profile, no dates of when it was asked for. */
type RebuiltDocument = Pick<
  RegistrationDocument,
  '_id' | 'eventId' | 'userId' | 'roleId' | 'status' | 'sequence' | 'offer' | 'replaces' | 'attendedAt'
>;

export interface RebuiltRegistrations {
  add(eventId: EventId, registrations: Iterable<Registration>): Promise<void>;
}

const batchSize = 1_000;

/** Undefined when the collection is one of Rollcall's own, or has something in it. */
export async function freshCollection(
  { db, events, journal, registrations }: Collections,
  name: string,
): Promise<RebuiltRegistrations | undefined> {
  const own = ['schemaChanges', ...[events, journal, registrations].map(({ collectionName }) => collectionName)];
  if (own.includes(name) || !/^[A-Za-z][A-Za-z0-9_-]{0,99}$/.test(name)) return undefined;
  const collection: Collection<RebuiltDocument> = db.collection(name);
  if ((await collection.findOne({}, { projection: { _id: 1 } })) !== null) return undefined;
  return {
    async add(eventId, some) {
      let batch: RebuiltDocument[] = [];
      for (const registration of some) {
        batch.push(rebuiltDocument(eventId, registration));
        if (batch.length < batchSize) continue;
        await collection.insertMany(batch, { ordered: false });
        batch = [];
      }
      if (batch.length > 0) await collection.insertMany(batch, { ordered: false });
    },
  };
}

function rebuiltDocument(eventId: EventId, registration: Registration): RebuiltDocument {
  const { registrationId, userId, roleId, status, sequence } = registration;
  const about = { _id: registrationId, eventId, userId, roleId, status, sequence };
  switch (registration.status) {
    case 'confirmed': {
      const { attendedAt } = registration;
      return attendedAt === undefined ? about : { ...about, attendedAt: new Date(attendedAt) };
    }
    case 'waitlist': {
      const { offer, replaces } = registration;
      return {
        ...about,
        ...(offer === undefined ? {} : { offer: { expiresAt: new Date(offer.expiresAt) } }),
        ...(replaces === undefined ? {} : { replaces }),
      };
    }
    case 'cancelled':
      return about;
  }
}
