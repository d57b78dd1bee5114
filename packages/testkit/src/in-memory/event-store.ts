import type { EventId, Instant, JournalEntry, Registration } from '@rollcall/domain';
import type { EventStore, JournalStep, OpenOffer, Overdue } from '@rollcall/engine';
import { applyBatch, indexed, type EventDocuments, type OwnDocuments } from './commit.ts';
import { copyOf } from './copy.ts';
import { tracesOf } from './erasure.ts';
import { countPerRole, standingIn, withoutCounts } from './queries.ts';

export interface InMemoryEventStore extends EventStore {
  /** The whole journal of an event, in version order. */
  journal(eventId: EventId): readonly JournalEntry[];
  /** All registrations of an event, in the order in which they were made. */
  registrations(eventId: EventId): readonly Registration[];
  /** What is stored of every event, for the read side. */
  documents(): ReadonlyMap<EventId, EventDocuments>;
  /** The database as it is, to restore it later. */
  snapshot(): () => void;
}

/**
 * The store in one process. A commit is one step, as a transaction is; what is handed out and taken in is copied, so that
 * nobody can change the store through an object that they kept.
 */
export function createInMemoryEventStore(): InMemoryEventStore {
  let events = new Map<EventId, OwnDocuments>();
  const registrationsOf = (eventId: EventId): readonly Registration[] => [
    ...(events.get(eventId)?.registrations.values() ?? []),
  ];

  return {
    async loadEvent(eventId) {
      const documents = events.get(eventId);
      return documents && { ...documents.head, current: withoutCounts(documents.current) };
    },

    async countRegistrations(eventId, roleIds) {
      return countPerRole(registrationsOf(eventId).filter(({ roleId }) => roleIds.includes(roleId)));
    },

    async readJournal(eventId, fromVersion, toVersion) {
      return stepsOf(events.get(eventId), fromVersion, toVersion);
    },

    async findDecisions(eventId, commandIds) {
      const decided = events.get(eventId)?.decided;
      return [...new Set(commandIds)].flatMap((commandId) => copyOf(decided?.get(commandId)) ?? []);
    },

    async findRegistrations(eventId, userIds, registrationIds) {
      const [users, named] = [new Set(userIds), new Set(registrationIds)];
      return registrationsOf(eventId).filter(
        ({ registrationId, userId, status }) =>
          named.has(registrationId) || (users.has(userId) && status !== 'cancelled'),
      );
    },

    async findStanding({ eventId, roleId, standing, from, countMax }) {
      const ordered = standingIn(registrationsOf(eventId), roleId, standing);
      return (from === 'first' ? ordered : ordered.toReversed()).slice(0, countMax);
    },

    async findPlaces(eventId, roleId, sequences) {
      const asked = new Set(sequences);
      const line = standingIn(registrationsOf(eventId), roleId, 'waitlist');
      const places = line.map(({ sequence }, index) => [sequence, index + 1] as const);
      return new Map(places.filter(([sequence]) => asked.has(sequence)));
    },

    async findTraces(eventId, userId) {
      return tracesOf(events.get(eventId), userId);
    },

    async findOverdue(now, countMax) {
      return overdueOf(events, now, countMax);
    },

    // A commit is one step here: nobody can be in the middle of one.
    async endAbandonedCommits() {
      return 0;
    },

    documents: () => events,

    async commit(batch) {
      const after = applyBatch(events.get(batch.eventId), copyOf(batch));
      if (typeof after === 'string') return after;
      events.set(batch.eventId, after);
      return 'committed';
    },

    journal: (eventId) => (events.get(eventId)?.journal ?? []).map(({ entry }) => entry),
    registrations: registrationsOf,
    snapshot() {
      const then = copyOfEvents(events);
      return () => {
        events = copyOfEvents(then);
      };
    },
  };
}

/** Commits replace registrations and entries, and change none, so that these need no copies. */
const copyOfEvents = (events: ReadonlyMap<EventId, OwnDocuments>) =>
  new Map([...events].map(([eventId, documents]) => [eventId, indexed(documents)]));

/** As many domain events as the ports let one read bring. */
const factsMax = 20_000;

/** The decisions between two versions, both included, in order; only the first of them when they say too much. */
export function stepsOf(
  documents: EventDocuments | undefined,
  fromVersion: number,
  toVersion: number,
): readonly JournalStep[] {
  const steps: JournalStep[] = [];
  let facts = 0;
  // Versions begin with 1 and have no gaps.
  for (const { entry, commitId } of documents?.journal.slice(Math.max(0, fromVersion - 1), toVersion) ?? []) {
    const { version, decision } = entry;
    const domainEvents = decision.outcome === 'accepted' ? decision.domainEvents : [];
    facts += domainEvents.length;
    if (facts > factsMax) break;
    steps.push(copyOf({ version, commitId, domainEvents }));
  }
  return steps;
}

function overdueOf(events: ReadonlyMap<EventId, EventDocuments>, now: Instant, countMax: number): Overdue {
  const offers: OpenOffer[] = [];
  const obliged: { readonly eventId: EventId; readonly acceptedAt: Instant }[] = [];
  for (const [eventId, { current, registrations }] of events) {
    if (current.obligation !== undefined) obliged.push({ eventId, acceptedAt: current.obligation.acceptedAt });
    // Nobody may decide anything of them as long as the system before leads the event.
    if (current.importing === true) continue;
    for (const { registrationId, ...held } of registrations.values()) {
      const expiresAt = held.status === 'waitlist' ? held.offer?.expiresAt : undefined;
      if (expiresAt !== undefined && expiresAt <= now) offers.push({ eventId, registrationId, expiresAt });
    }
  }
  return {
    offers: offers.toSorted((a, b) => a.expiresAt - b.expiresAt).slice(0, countMax),
    obligations: obliged
      .toSorted((a, b) => a.acceptedAt - b.acceptedAt)
      .slice(0, countMax)
      .map(({ eventId }) => eventId),
  };
}
