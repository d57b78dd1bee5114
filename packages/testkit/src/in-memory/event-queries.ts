import {
  answerOf,
  roleCountsOf,
  type EventCounts,
  type EventId,
  type JournalEntry,
  type RegistrationId,
  type RoleCounts,
  type RoleId,
} from '@rollcall/domain';
import type { EventQueries, EventView, ParticipantsQuery, RegistrationView } from '@rollcall/engine';
import type { EventDocuments } from './commit.ts';
import { stepsOf, type InMemoryEventStore } from './event-store.ts';
import { pageOf } from './page.ts';
import { countPerRole, standingIn, withCounts } from './queries.ts';
import { copyOf } from './copy.ts';

/** The read side of the in-memory store. */
export function createInMemoryEventQueries(store: InMemoryEventStore): EventQueries {
  const documentsOf = (eventId: EventId) => store.documents().get(eventId);

  function registrationsOf(eventId: EventId): readonly RegistrationView[] {
    const documents = documentsOf(eventId);
    return documents === undefined
      ? []
      : [...documents.registrations.keys()].map((id) => viewOf(eventId, documents, id));
  }

  function participantsOf({ eventId, roleId, status }: ParticipantsQuery): readonly RegistrationView[] {
    return registrationsOf(eventId)
      .filter((view) => roleId === undefined || view.roleId === roleId)
      .filter((view) => status === undefined || view.status === status)
      .toSorted((a, b) => compare(a.roleId, b.roleId) || compare(a.status, b.status) || a.sequence - b.sequence);
  }

  async function countEvent(eventId: EventId): Promise<EventCounts | undefined> {
    const documents = documentsOf(eventId);
    return documents && { eventId, ...documents.head, roles: countsOf(documents) };
  }

  return {
    async findEvent(eventId) {
      const documents = documentsOf(eventId);
      return documents && eventView(eventId, documents);
    },
    async listEvents({ status, from, draftsOf, cursor, limit }) {
      const views = [...store.documents()].map(([eventId, documents]) => eventView(eventId, documents));
      const shown = views
        .filter((view) => (status === undefined ? view.status !== 'draft' : view.status === status))
        .filter((view) => view.status !== 'draft' || draftsOf.includes(view.settings.organizerId))
        .filter((view) => from === undefined || view.settings.startsAt >= from)
        .toSorted((a, b) => a.settings.startsAt - b.settings.startsAt || compare(a.eventId, b.eventId));
      return pageOf(shown, limit, cursor);
    },
    countEvent,
    async countEvents(eventIds) {
      const counted = await Promise.all(eventIds.map(countEvent));
      return new Map(counted.flatMap((counts) => (counts === undefined ? [] : [[counts.eventId, counts]])));
    },
    async findRegistration(eventId, registrationId) {
      return registrationsOf(eventId).find((view) => view.registrationId === registrationId);
    },
    async findRegistrations(eventId, registrationIds) {
      return registrationsOf(eventId).filter((view) => registrationIds.includes(view.registrationId));
    },
    async listRegistrationsOfUser(userId, cursor, limit) {
      const all = [...store.documents().keys()].flatMap(registrationsOf).filter((view) => view.userId === userId);
      const newestFirst = all.toSorted(
        (a, b) => b.registrationDate - a.registrationDate || compare(b.registrationId, a.registrationId),
      );
      return pageOf(newestFirst, limit, cursor);
    },
    async listParticipants(query, cursor, limit) {
      return pageOf(participantsOf(query), limit, cursor);
    },
    async *streamParticipants(query) {
      yield* participantsOf(query);
    },
    async readLine(eventId, roleId) {
      const line = standingIn(store.registrations(eventId), roleId, 'waitlist');
      const head = documentsOf(eventId)?.head;
      return head && { ...head, sequences: line.map(({ sequence }) => sequence) };
    },
    async readHead(eventId) {
      return documentsOf(eventId)?.head;
    },
    async readSteps(eventId, fromVersion, toVersion) {
      return stepsOf(documentsOf(eventId), fromVersion, toVersion);
    },
    async listJournal(eventId, after, limit) {
      const entries = store.journal(eventId).filter(({ version }) => version > after);
      return copyOf(withinFacts(entries.slice(0, limit)));
    },
    async *streamJournal(eventId, upTo) {
      yield* copyOf(store.journal(eventId).filter(({ version }) => version <= upTo));
    },
    async findAnswers(eventId, commandIds) {
      const decided = documentsOf(eventId)?.decided;
      return [...new Set(commandIds)].flatMap((commandId) => {
        const entry = decided?.get(commandId);
        return entry === undefined ? [] : answerOf(entry);
      });
    },
    async getRoleAvailability(eventId, roleId) {
      const documents = documentsOf(eventId);
      return documents && countsOf(documents).get(roleId);
    },
    async getEventSignupCounts(eventId) {
      return countPerRole(store.registrations(eventId));
    },
    async getUserSignupCount(eventId, userId) {
      return store.registrations(eventId).filter((held) => held.userId === userId && held.status !== 'cancelled')
        .length;
    },
  };
}

/** As many domain events as the port lets one page of the journal have. */
const pageFactsMax = 5_000;

/** The first entries, as far as they say no more than that; one at least. */
function withinFacts(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  let facts = 0;
  const end = entries.findIndex(({ decision }, index) => {
    facts += decision.outcome === 'accepted' ? decision.domainEvents.length : 0;
    return facts > pageFactsMax && index > 0;
  });
  return end === -1 ? entries : entries.slice(0, end);
}

/** As MongoDB compares strings, where they are ids. */
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function eventView(eventId: EventId, { head, current }: EventDocuments): EventView {
  const { status, settings, pools, legacyId, importing } = current;
  const roles = [...current.roles.values()].map(({ role }) => role);
  return copyOf({
    eventId,
    version: head.version,
    status,
    settings,
    roles,
    pools,
    ...(legacyId !== undefined && { legacyId }),
    ...(importing !== undefined && { importing }),
  });
}

function countsOf({ current, registrations }: EventDocuments): ReadonlyMap<RoleId, RoleCounts> {
  return roleCountsOf(withCounts(current, countPerRole([...registrations.values()])));
}

function viewOf(eventId: EventId, documents: EventDocuments, registrationId: RegistrationId): RegistrationView {
  const registration = documents.registrations.get(registrationId);
  const details = documents.details.get(registrationId);
  if (registration === undefined || details === undefined) throw new Error(`${registrationId} was never made`);
  const { cancellation, ...shown } = details;
  return copyOf({
    ...registration,
    eventId,
    ...shown,
    ...(cancellation !== undefined && {
      cancelledAt: cancellation.cancelledAt,
      cancelCause: cancellation.cause,
      ...(cancellation.reasonCode !== undefined && { cancelReasonCode: cancellation.reasonCode }),
      ...(cancellation.reason !== undefined && { cancelReason: cancellation.reason }),
    }),
  });
}
