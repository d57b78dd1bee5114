import {
  answerOf,
  type EventCounts,
  type EventId,
  type RegistrationId,
  type RoleCounts,
  type RoleId,
} from '@rollcall/domain';
import {
  InvalidCursorError,
  type EventQueries,
  type EventView,
  type Page,
  type RegistrationView,
} from '@rollcall/engine';
import type { EventDocuments } from './commit.ts';
import type { InMemoryEventStore } from './event-store.ts';
import { countPerRole, lineOfRole } from './queries.ts';

const none = { confirmed: 0, waitlist: 0 };

/** The read side of the in-memory store. */
export function createInMemoryEventQueries(store: InMemoryEventStore): EventQueries {
  const documentsOf = (eventId: EventId) => store.documents().get(eventId);

  function registrationsOf(eventId: EventId): readonly RegistrationView[] {
    const documents = documentsOf(eventId);
    return documents === undefined
      ? []
      : [...documents.registrations.keys()].map((id) => viewOf(eventId, documents, id));
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
        .toSorted((a, b) => a.settings.startsAt - b.settings.startsAt || (a.eventId < b.eventId ? -1 : 1));
      return page(shown, limit, cursor);
    },
    countEvent,
    async countEvents(eventIds) {
      const counted = await Promise.all(eventIds.map(countEvent));
      return new Map(counted.flatMap((counts) => (counts === undefined ? [] : [[counts.eventId, counts]])));
    },
    async findRegistration(eventId, registrationId) {
      return registrationsOf(eventId).find((view) => view.registrationId === registrationId);
    },
    async listRegistrationsOfUser(userId, cursor, limit) {
      const all = [...store.documents().keys()].flatMap(registrationsOf).filter((view) => view.userId === userId);
      const newestFirst = all.toSorted(
        (a, b) => b.registrationDate - a.registrationDate || (a.registrationId < b.registrationId ? 1 : -1),
      );
      return page(newestFirst, limit, cursor);
    },
    async findAnswers(eventId, commandIds) {
      const entries = store.journal(eventId).filter(({ commandId }) => commandIds.includes(commandId));
      return entries.map(answerOf);
    },
    async getRoleAvailability(eventId, roleId) {
      const documents = documentsOf(eventId);
      const role = documents && countsOf(documents).get(roleId);
      return role && { ...role, available: Math.max(0, role.capacity - role.confirmed) };
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

function eventView(eventId: EventId, { head, current }: EventDocuments): EventView {
  const roles = [...current.roles.values()].map(({ role }) => role);
  return structuredClone({ eventId, version: head.version, status: current.status, settings: current.settings, roles });
}

function countsOf({ current, registrations }: EventDocuments): ReadonlyMap<RoleId, RoleCounts> {
  const counted = countPerRole([...registrations.values()]);
  const roles = [...current.roles.values()].map(({ role }) => role);
  return new Map(roles.map(({ roleId, capacity }) => [roleId, { capacity, ...(counted.get(roleId) ?? none) }]));
}

function viewOf(eventId: EventId, documents: EventDocuments, registrationId: RegistrationId): RegistrationView {
  const registration = documents.registrations.get(registrationId);
  const commands = documents.commands.get(registrationId);
  if (registration === undefined || commands === undefined) throw new Error(`${registrationId} was never made`);
  const { userId, roleId, status } = registration;
  const { signUp, cancel } = commands;
  const line = lineOfRole([...documents.registrations.values()], roleId);
  const place = line.findIndex((waiting) => waiting.registrationId === registrationId) + 1;
  return {
    registrationId,
    eventId,
    userId,
    roleId,
    status,
    registrationDate: signUp.acceptedAt,
    registeredBy: signUp.actor.userId,
    ...(signUp.notes !== undefined && { notes: signUp.notes }),
    ...(signUp.specialRequirements !== undefined && { specialRequirements: signUp.specialRequirements }),
    ...(signUp.profile !== undefined && { profile: signUp.profile }),
    ...(cancel !== undefined && { cancelledAt: cancel.acceptedAt }),
    ...(place > 0 && { waitlistPosition: place }),
  };
}

/** Its cursors are places in the list: good enough where nothing is added between two pages. */
function page<Item>(all: readonly Item[], limit: number, cursor: string | undefined): Page<Item> {
  if (cursor !== undefined && !/^at-\d+$/.test(cursor)) throw new InvalidCursorError('not a cursor of this list');
  const start = cursor === undefined ? 0 : Number(cursor.slice(3));
  const end = start + limit;
  return { items: all.slice(start, end), nextCursor: end < all.length ? `at-${end}` : undefined };
}
