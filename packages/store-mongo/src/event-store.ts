import type { EventId, Registration } from '@rollcall/domain';
import type { EventStore } from '@rollcall/engine';
import { endAbandonedTransactions } from './abandoned.ts';
import { createCausal } from './causal.ts';
import { createCommitTogether } from './commit-together.ts';
import { migrationAppName, workerAppName, type Collections } from './connect.ts';
import { countActive } from './counting.ts';
import { existingEvent, type EventDocument } from './event-document.ts';
import { journalEntry, readSteps } from './journal-document.ts';
import { findPlaces } from './line.ts';
import { findObliged, findOverdueOffers } from './overdue.ts';
import { together } from './together.ts';
import { findTraces } from './traces.ts';
import { findActiveOf, findNamed, findStanding, type UsersOfEvent } from './working-set.ts';

export interface EventStoreOptions {
  /** Told when a transaction is written and not committed yet. */
  readonly inTransaction?: () => void;
  /** How many events one transaction may write; 1 unless told otherwise. */
  readonly eventsPerCommitMax?: number;
}

/** How many events one read may name. */
const eventsPerReadMax = 200;
/** Of more users one event is read by itself, and at once. */
const fewUsersMax = 20;

/** The write side of the store: what a worker reads to decide, and the one transaction that it writes. */
export function createEventStore(
  collections: Collections,
  { inTransaction, eventsPerCommitMax = 1 }: EventStoreOptions = {},
): EventStore {
  const { client, events, registrations, journal } = collections;
  const causal = createCausal(client);
  const readEvent = together<EventId, EventDocument | undefined>(
    async (eventIds) => {
      const filter = { _id: { $in: [...new Set(eventIds)] } };
      const documents = await causal((session) => events.find(filter, { session }).toArray());
      const found = new Map(documents.map((document) => [document._id, document]));
      return eventIds.map((eventId) => found.get(eventId));
    },
    { sizeMax: eventsPerReadMax },
  );
  const readActiveOf = (questions: readonly UsersOfEvent[]) =>
    causal((session) => findActiveOf(registrations, questions, session));
  const readFew = together(readActiveOf, { sizeMax: eventsPerReadMax });
  const readActive = async (question: UsersOfEvent): Promise<readonly Registration[]> =>
    question.userIds.length <= fewUsersMax ? readFew(question) : ((await readActiveOf([question]))[0] ?? []);
  const commit = createCommitTogether(collections, causal, { eventsMax: eventsPerCommitMax, inTransaction });

  return {
    async loadEvent(eventId) {
      const document = await readEvent(eventId);
      if (document === undefined) return undefined;
      const { version, commitId } = document;
      return { version, commitId, current: existingEvent(document) };
    },
    countRegistrations: (eventId, roleIds) =>
      causal((session) => countActive(registrations, { eventId, roleIds }, { session })),
    readJournal: (eventId, fromVersion, toVersion) =>
      causal((session) => readSteps(journal, { eventId, fromVersion, toVersion }, { session })),
    async findDecisions(eventId, commandIds) {
      const documents = await causal((session) =>
        journal.find({ eventId, commandId: { $in: [...commandIds] } }, { session }).toArray(),
      );
      return documents.map(journalEntry);
    },
    async findRegistrations(eventId, userIds, registrationIds) {
      const found = await Promise.all([
        userIds.length === 0 ? [] : readActive({ eventId, userIds }),
        registrationIds.length === 0
          ? []
          : causal((session) => findNamed(registrations, { eventId, registrationIds }, session)),
      ]);
      // Somebody may be asked for by name and as a user.
      return [...new Map(found.flat().map((held) => [held.registrationId, held])).values()];
    },
    findStanding: (query) => causal((session) => findStanding(registrations, query, session)),
    findPlaces: (eventId, roleId, sequences) =>
      causal((session) => findPlaces(registrations, { eventId, roleId, sequences }, { session })),
    findTraces: (eventId, userId) => findTraces(collections, { eventId, userId }, causal),
    commit,
    async findOverdue(now, countMax) {
      const [offers, obligations] = await Promise.all([
        causal((session) => findOverdueOffers(collections, { now, countMax }, session)),
        causal((session) => findObliged(collections, { now, countMax }, session)),
      ]);
      return { offers, obligations };
    },
    endAbandonedCommits: (idleMsMin) => endAbandonedTransactions(client, [workerAppName, migrationAppName], idleMsMin),
  };
}
