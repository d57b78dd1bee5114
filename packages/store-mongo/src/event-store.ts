import type { EventId, JournalEntry, Registration } from '@rollcall/domain';
import type { EventStore, JournalStep } from '@rollcall/engine';
import type { ClientSession } from 'mongodb';
import { endAbandonedTransactions } from './abandoned.ts';
import { createCausal } from './causal.ts';
import { createCommitTogether } from './commit-together.ts';
import { migrationAppName, workerAppName, type Collections } from './connect.ts';
import { countActive } from './counting.ts';
import { existingEvent, type EventDocument } from './event-document.ts';
import { findDecisions, readSteps, type CommandsOfEvent, type Versions } from './journal-document.ts';
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
/** A question about more than this is asked by itself, and at once: there is nothing to save. */
const fewMax = 20;

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

  /** Small questions about several events are asked together. */
  function asking<Question, Found>(
    read: (questions: readonly Question[], session: ClientSession) => Promise<readonly (readonly Found[])[]>,
    sizeOf: (question: Question) => number,
  ): (question: Question) => Promise<readonly Found[]> {
    const ask = (questions: readonly Question[]) => causal((session) => read(questions, session));
    const askFew = together(ask, { sizeMax: eventsPerReadMax });
    return async (question) => (sizeOf(question) <= fewMax ? askFew(question) : ((await ask([question]))[0] ?? []));
  }

  const readActive = asking<UsersOfEvent, Registration>(
    (questions, session) => findActiveOf(registrations, questions, session),
    ({ userIds }) => userIds.length,
  );
  const readJournal = asking<Versions, JournalStep>(
    (questions, session) => readSteps(journal, questions, { session }),
    ({ fromVersion, toVersion }) => toVersion - fromVersion + 1,
  );
  const readDecisions = asking<CommandsOfEvent, JournalEntry>(
    (questions, session) => findDecisions(journal, questions, { session }),
    ({ commandIds }) => commandIds.length,
  );
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
    readJournal: (eventId, fromVersion, toVersion) => readJournal({ eventId, fromVersion, toVersion }),
    findDecisions: (eventId, commandIds) => readDecisions({ eventId, commandIds }),
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
