import { randomBytes } from 'node:crypto';
import type { CommitId, EventId, RegistrationId } from '@rollcall/domain';
import type { HeldEvent, HeldHead, HeldRegistration, LegacyId } from '@rollcall/migration';
import { batchesOf, batchSize } from './batches.ts';
import type { Collections } from './connect.ts';
import { existingEvent, type EventDocument } from './event-document.ts';
import { indexes } from './indexes.ts';
import type { RegistrationDocument } from './registration-document.ts';
import { inSnapshot } from './snapshot.ts';

/** Registrations or decisions that are removed at once. */
const removedAtOnce = 1_000;
/** Ids that are asked for at once. */
const idsAtOnce = 1_000;

/** What Rollcall has of events that came from the system before. */
export interface HeldEvents {
  /** Where these events stand. One that is being taken away is not there any more. */
  heads(eventIds: readonly EventId[]): Promise<ReadonlyMap<EventId, HeldHead>>;
  /** All of one moment. One that is being taken away is not there any more. */
  readHeld(eventId: EventId): Promise<HeldEvent | undefined>;
  /** The events that these registrations belong to, as far as they are known. */
  eventsOfLegacyRegistrations(ids: readonly LegacyId[]): Promise<ReadonlySet<EventId>>;
  /**
   * Takes an event away that still imports, with its registrations and its journal. Its document goes last, and is marked
   * first: so nothing is committed to what is left of it, and whatever a kill left can be removed by the same call.
   *
   * @returns 'refused' for one that Rollcall leads
   */
  removeImported(eventId: EventId): Promise<'removed' | 'refused' | 'not-there'>;
  /** Goes on with that where somebody has begun it, and does nothing else. */
  removeRest(eventId: EventId): Promise<void>;
}

export function createHeldEvents({ client, db, events, registrations, journal }: Collections): HeldEvents {
  return {
    async heads(eventIds) {
      const found = await events
        .find({ _id: { $in: [...eventIds] } })
        .project<HeadDocument>({ version: 1, commitId: 1, status: 1, importing: 1 })
        .toArray();
      return new Map(
        found.filter((document) => !isMarked(document)).map((document) => [document._id, headOf(document)]),
      );
    },
    readHeld: (eventId) =>
      inSnapshot(client, async (options) => {
        const document = await events.findOne({ _id: eventId }, options);
        if (document === null || isMarked(document)) return undefined;
        const { settings, roles } = existingEvent(document);
        const held: HeldRegistration[] = [];
        const cursor = registrations.find({ eventId }, { ...options, batchSize, raw: true, hint: indexes.line });
        for await (const some of batchesOf(cursor, heldOf)) held.push(...some);
        const definitions = [...roles.values()].map(({ role }) => role);
        return { ...headOf(document), settings, roles: definitions, registrations: held };
      }),

    async eventsOfLegacyRegistrations(ids) {
      const found = new Set<EventId>();
      for (let start = 0; start < ids.length; start += idsAtOnce) {
        const some: string[] = ids.slice(start, start + idsAtOnce);
        const known = registrations.find(
          { legacyId: { $in: some } },
          { projection: { _id: 0, eventId: 1 }, hint: indexes.legacyIds },
        );
        for await (const { eventId } of known) found.add(eventId);
      }
      return found;
    },

    async removeImported(eventId) {
      const mark = await markRemoved(eventId);
      if (mark === undefined) {
        const there = await events.findOne({ _id: eventId }, { projection: { _id: 1 } });
        return there === null ? 'not-there' : 'refused';
      }
      await removeMarked({ eventId, mark });
      return 'removed';
    },

    async removeRest(eventId) {
      const mark = await findMark(eventId);
      if (mark !== undefined) await removeMarked({ eventId, mark });
    },
  };

  async function removeMarked({ eventId, mark }: Marked): Promise<void> {
    // The journal first: a registration without one is no signup that somebody was told of.
    for (const name of [journal.collectionName, registrations.collectionName]) {
      while (await removeSome(name, { eventId, mark }));
    }
    await events.deleteOne({ _id: eventId, commitId: mark });
  }

  /**
   * Of a version that nobody knows, so whoever decides on an earlier one can't commit any more.
   *
   * @returns the commit's id that the event has from then on; undefined where it does not import
   */
  async function markRemoved(eventId: EventId): Promise<CommitId | undefined> {
    const mark = `${removal}${randomBytes(16).toString('base64url')}` as CommitId;
    const marked = await events.findOneAndUpdate(
      { _id: eventId, importing: true, commitId: { $not: removalPattern } },
      { $set: { commitId: mark }, $inc: { version: 1 } },
      { projection: { _id: 1 } },
    );
    if (marked !== null) return mark;
    // Somebody else is about it, or was killed over it.
    return findMark(eventId);
  }

  async function findMark(eventId: EventId): Promise<CommitId | undefined> {
    const event = await events.findOne({ _id: eventId, importing: true }, { projection: { commitId: 1 } });
    return event !== null && isMarked(event) ? event.commitId : undefined;
  }

  /** Only as long as the event has the mark: another may have removed it, and a third one made it anew. */
  async function removeSome(name: string, { eventId, mark }: Marked): Promise<boolean> {
    const collection = db.collection(name);
    return client.withSession((session) =>
      session.withTransaction(
        async () => {
          const marked = await events.findOne({ _id: eventId, commitId: mark }, { session, projection: { _id: 1 } });
          if (marked === null) return false;
          const some = await collection
            .find({ eventId }, { session, projection: { _id: 1 }, limit: removedAtOnce })
            .toArray();
          if (some.length === 0) return false;
          await collection.deleteMany({ _id: { $in: some.map(({ _id }) => _id) }, eventId }, { session });
          return true;
        },
        { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } },
      ),
    );
  }
}

interface Marked {
  readonly eventId: EventId;
  readonly mark: CommitId;
}

/** The colon is in no id of a commit. */
const removal = 'removed:';
const removalPattern = /^removed:/;
const isMarked = ({ commitId }: { readonly commitId: CommitId }): boolean => commitId.startsWith(removal);

type HeadDocument = Pick<EventDocument, '_id' | 'version' | 'commitId' | 'status' | 'importing'>;

const headOf = ({ version, status, importing }: HeadDocument): HeldHead => ({
  version,
  importing: importing === true,
  status,
});

function heldOf(document: RegistrationDocument): HeldRegistration {
  const { _id, legacyId, userId, roleId, status, sequence, registrationDate, registeredBy } = document;
  const { attendedAt, cancelledAt, notes, specialRequirements, profile } = document;
  return {
    registrationId: _id satisfies RegistrationId,
    legacyId: legacyId as LegacyId | undefined,
    userId,
    roleId,
    status,
    sequence,
    registrationDate: registrationDate.getTime(),
    registeredBy,
    ...(attendedAt === undefined ? {} : { attendedAt: attendedAt.getTime() }),
    ...(cancelledAt === undefined ? {} : { cancelledAt: cancelledAt.getTime() }),
    ...(notes === undefined ? {} : { notes }),
    ...(specialRequirements === undefined ? {} : { specialRequirements }),
    ...(profile === undefined ? {} : { profile }),
  };
}
