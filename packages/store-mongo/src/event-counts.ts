import { roleCountsOf, rolesSharing, type EventCounts, type EventId, type RoleId } from '@rollcall/domain';
import type { EventQueries, StandingCounts } from '@rollcall/engine';
import type { WithId } from 'mongodb';
import type { Collections } from './connect.ts';
import { active, countActive, countByRole, countOffersByRole, countsPerRole, type Counted } from './counting.ts';
import { existingEvent, type EventDocument } from './event-document.ts';
import { inSnapshot } from './snapshot.ts';

type CountQueries = Pick<
  EventQueries,
  'countEvent' | 'countEvents' | 'getRoleAvailability' | 'getEventSignupCounts' | 'getUserSignupCount'
>;

/** An event and the counts of some of its roles, of one moment. */
interface CountedEvent {
  readonly document: EventDocument;
  readonly counts: ReadonlyMap<RoleId, StandingCounts>;
}

const allRoles = ({ roles }: EventDocument): readonly RoleId[] => roles.map(({ roleId }) => roleId);

/** Counts as they are in the store. Each answer is of one snapshot: the counts are those of the version that they carry. */
export function createEventCounts(
  { client, events, registrations }: Collections,
  bounded: { readonly maxTimeMS: number },
): CountQueries {
  const countRoles = (
    eventId: EventId,
    rolesOf: (document: EventDocument) => readonly RoleId[] = allRoles,
  ): Promise<CountedEvent | undefined> =>
    inSnapshot(client, async (snapshot) => {
      const options = { ...bounded, ...snapshot };
      const document = await events.findOne({ _id: eventId }, options);
      if (document === null) return undefined;
      const roleIds = rolesOf(document);
      return { document, counts: await countActive(registrations, { eventId, roleIds }, options) };
    });

  const lookUp = (as: 'active' | 'offers', pipeline: readonly object[]) => ({
    $lookup: { from: registrations.collectionName, localField: '_id', foreignField: 'eventId', pipeline, as },
  });

  return {
    async countEvent(eventId) {
      const counted = await countRoles(eventId);
      return counted && countsOf(counted);
    },
    async countEvents(eventIds) {
      type Row = WithId<EventDocument> & Readonly<Record<'active' | 'offers', readonly Counted[]>>;
      const rows = await inSnapshot(client, (snapshot) =>
        events
          .aggregate<Row>(
            [
              { $match: { _id: { $in: eventIds } } },
              lookUp('active', countByRole),
              lookUp('offers', countOffersByRole),
            ],
            { ...bounded, ...snapshot },
          )
          .toArray(),
      );
      return new Map(
        rows.map((row) => [
          row._id,
          countsOf({ document: row, counts: countsPerRole([...row.active, ...row.offers]) }),
        ]),
      );
    },
    async getRoleAvailability(eventId, roleId) {
      // What is free depends on all roles under the same limits, and on no other.
      const counted = await countRoles(eventId, (document) => {
        const current = existingEvent(document);
        return current.roles.has(roleId) ? [...rolesSharing(current, roleId)] : [];
      });
      return counted && countsOf(counted).roles.get(roleId);
    },
    getEventSignupCounts: async (eventId) => (await countRoles(eventId))?.counts ?? new Map(),
    getUserSignupCount: (eventId, userId) => registrations.countDocuments({ eventId, userId, status: active }, bounded),
  };
}

function countsOf({ document, counts }: CountedEvent): EventCounts {
  const { _id: eventId, version, commitId } = document;
  return { eventId, version, commitId, roles: roleCountsOf(existingEvent(document, counts)) };
}
