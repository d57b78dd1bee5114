import type { EventStore } from '@rollcall/engine';
import { endAbandonedTransactions } from './abandoned.ts';
import { createCausal } from './causal.ts';
import { commitBatch } from './commit.ts';
import { migrationAppName, workerAppName, type Collections } from './connect.ts';
import { countActive } from './counting.ts';
import { existingEvent } from './event-document.ts';
import { journalEntry, readSteps } from './journal-document.ts';
import { findPlaces } from './line.ts';
import { findObliged, findOverdueOffers } from './overdue.ts';
import { findTraces } from './traces.ts';
import { findActiveOf, findNamed, findStanding } from './working-set.ts';

export interface EventStoreOptions {
  /** Told when a batch is written and not committed yet. */
  readonly inTransaction?: () => void;
}

/** The write side of the store: what a worker reads to decide, and the one transaction that it writes. */
export function createEventStore(collections: Collections, { inTransaction }: EventStoreOptions = {}): EventStore {
  const { client, events, registrations, journal } = collections;
  const causal = createCausal(client);

  return {
    async loadEvent(eventId) {
      const document = await causal((session) => events.findOne({ _id: eventId }, { session }));
      if (document === null) return undefined;
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
        userIds.length === 0 ? [] : causal((session) => findActiveOf(registrations, { eventId, userIds }, session)),
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
    commit: (batch) => causal((session) => commitBatch(collections, batch, session, inTransaction)),
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
