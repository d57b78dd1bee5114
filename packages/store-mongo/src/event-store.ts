import type { EventId, ExistingEvent, RegistrationId, RoleId, RoleState, UserId } from '@rollcall/domain';
import type { EventStore, StoredEvent } from '@rollcall/engine';
import { endAbandonedTransactions } from './abandoned.ts';
import { createCausal } from './causal.ts';
import { commitBatch } from './commit.ts';
import { workerAppName, type Collections } from './connect.ts';
import { active, countActive, findPlaces } from './counting.ts';
import {
  journalEntry,
  journalStep,
  registrationOf,
  settingsOf,
  type EventDocument,
  type RegistrationDocument,
} from './documents.ts';

const decidingFields = { _id: 1, userId: 1, roleId: 1, status: 1, sequence: 1 } as const;

/** The write side of the store: what a worker reads to decide, and the one transaction that it writes. */
export function createEventStore(collections: Collections): EventStore {
  const { client, events, registrations, journal } = collections;
  const causal = createCausal(client);

  async function findActiveOf(eventId: EventId, userIds: readonly UserId[]): Promise<readonly RegistrationDocument[]> {
    if (userIds.length === 0) return [];
    return causal((session) =>
      registrations
        .find({ eventId, userId: { $in: [...userIds] }, status: active }, { session })
        .project<RegistrationDocument>(decidingFields)
        .toArray(),
    );
  }

  async function findNamed(eventId: EventId, ids: readonly RegistrationId[]): Promise<readonly RegistrationDocument[]> {
    if (ids.length === 0) return [];
    return causal((session) =>
      registrations
        .find({ _id: { $in: [...ids] }, eventId }, { session })
        .project<RegistrationDocument>(decidingFields)
        .toArray(),
    );
  }

  return {
    async loadEvent(eventId) {
      const document = await causal((session) => events.findOne({ _id: eventId }, { session }));
      return document === null ? undefined : storedEvent(document);
    },
    countRegistrations: (eventId, roleIds) =>
      causal((session) => countActive(registrations, { eventId, roleIds }, { session })),
    async readJournal(eventId, fromVersion, toVersion) {
      const documents = await causal((session) =>
        journal
          .find({ eventId, version: { $gte: fromVersion, $lte: toVersion } }, { session })
          .sort({ version: 1 })
          .project<Parameters<typeof journalStep>[0]>({ _id: 0, version: 1, commitId: 1, domainEvents: 1 })
          .toArray(),
      );
      return documents.map(journalStep);
    },
    async findDecisions(eventId, commandIds) {
      const documents = await causal((session) =>
        journal.find({ eventId, commandId: { $in: [...commandIds] } }, { session }).toArray(),
      );
      return documents.map(journalEntry);
    },
    async findRegistrations(eventId, userIds, registrationIds) {
      const found = await Promise.all([findActiveOf(eventId, userIds), findNamed(eventId, registrationIds)]);
      // Somebody may be asked for by name and as a user.
      const byId = new Map(found.flat().map((document) => [document._id, document]));
      return [...byId.values()].map(registrationOf);
    },
    async findWaiting(eventId, roleId, countMax) {
      const documents = await causal((session) =>
        registrations
          .find({ eventId, roleId, status: 'waitlist' }, { session })
          .sort({ sequence: 1 })
          .limit(countMax)
          .project<RegistrationDocument>(decidingFields)
          .toArray(),
      );
      return documents.map(registrationOf);
    },
    findPlaces: (eventId, roleId, sequences) =>
      causal((session) => findPlaces(registrations, { eventId, roleId, sequences }, { session })),
    commit: (batch) => causal((session) => commitBatch(collections, batch, session)),
    endAbandonedCommits: (idleMsMin) => endAbandonedTransactions(client, workerAppName, idleMsMin),
  };
}

function storedEvent(document: EventDocument): StoredEvent {
  const roles = new Map<RoleId, RoleState>();
  for (const role of document.roles) roles.set(role.roleId, { role, confirmed: 0, waitlist: 0 });
  const current: ExistingEvent = { status: document.status, settings: settingsOf(document), roles };
  return { version: document.version, commitId: document.commitId, current };
}
