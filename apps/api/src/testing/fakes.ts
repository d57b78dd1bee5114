import {
  commandIdFromToken,
  eventIdFor,
  registrationIdFor,
  roleCountsOf,
  senderOf,
  type Answer,
  type CommandId,
  type CommitId,
  type EventCounts,
  type EventId,
  type JournalEntry,
  type OrganizerId,
  type RegistrationId,
  type Result,
  type RoleId,
  type UserId,
} from '@rollcall/domain';
import {
  InvalidCursorError,
  type AppendResult,
  type EventQueries,
  type EventView,
  type NewCommand,
  type Page,
  type ParticipantsQuery,
  type RegistrationView,
} from '@rollcall/engine';
import { createLogger, createRegistry, readSettings } from '@rollcall/runtime';
import { apiSettings, type ApiSettings } from '../config.ts';
import type { ApiDeps, PublicationHandlers } from '../deps.ts';

export const secret = 'a-secret-of-the-tests-and-of-nothing-else';

export function someSettings(overrides: Readonly<Record<string, string>> = {}): ApiSettings {
  return readSettings(apiSettings, {
    MONGODB_URL: 'mongodb://nowhere',
    REDIS_URL: 'redis://nowhere',
    AUTH_JWT_SECRET: secret,
    COMMAND_ID_SECRET: secret,
    LOG_LEVEL: 'silent',
    ...overrides,
  });
}

export const organizerId = 'org-1' as OrganizerId;
export const roleId = 'role-1' as RoleId;
export const eventIdOf = (name: string): EventId => eventIdFor(commandIdFromToken(name.padEnd(22, '0')));

export function anEvent(status: EventView['status'], name: string = status): EventView {
  return {
    eventId: eventIdOf(name),
    version: 2,
    status,
    settings: {
      organizerId,
      title: 'The event',
      startsAt: 4e12,
      endsAt: 4.1e12,
      timeZone: 'UTC',
      registrationsPerUserMax: 1,
      usersMayMove: false,
    },
    roles: [{ roleId, name: 'volunteers', capacity: 2, waitlist: 'auto', offerMs: 86_400_000 }],
    pools: [],
  };
}

export const registrationIdOf = (name: string): RegistrationId =>
  registrationIdFor(commandIdFromToken(name.padEnd(22, '0')));

/** Alice's, at the open event, unless told otherwise. */
export function aRegistration(name: string, other: Partial<RegistrationView> = {}): RegistrationView {
  return {
    registrationId: registrationIdOf(name),
    eventId: eventIdOf('open'),
    userId: 'alice' as UserId,
    roleId,
    status: 'confirmed',
    sequence: 1,
    registrationDate: 0,
    registeredBy: 'alice' as UserId,
    ...other,
  };
}

/** One has a seat in each role. */
export function countsOf({ eventId, version, status, settings, pools, roles }: EventView): EventCounts {
  const states = roles.map((role) => [role.roleId, { role, confirmed: 1, waitlist: 0, offered: 0 }] as const);
  const counts = roleCountsOf({ status, settings, pools, roles: new Map(states) });
  return { eventId, version, commitId: 'commit' as CommitId, roles: counts };
}

/** What a test sees of, and does to, the servers behind an API. */
export interface FakeServers {
  readonly deps: ApiDeps;
  readonly appended: NewCommand[];
  readonly events: Map<EventId, EventView>;
  readonly registrations: RegistrationView[];
  /** The events that name whoever is to be erased. */
  traces: readonly EventView[];
  readonly journal: Map<CommandId, Answer>;
  /** What the journal lists and streams, in version order; the event's own version is apart from it. */
  readonly decisions: JournalEntry[];
  /** What the mailbox answers next, and until told otherwise. */
  append: (command: NewCommand) => Promise<AppendResult>;
  mailboxReady: boolean;
  /** Set: every question to the store fails with it. */
  storeFault: Error | undefined;
  /** Set: no question to the store is answered. */
  storeHangs: boolean;
  storeQuestions: number;
  /** Streams of participants and decisions that have been begun and not ended. */
  streamsOpen: number;
  /** What the count cache has. */
  readonly cached: Map<EventId, EventCounts>;
  /** Receipts that were dropped. */
  readonly forgotten: CommandId[];
  /** Takes a command out of the mailbox without a decision. */
  lose(commandId: CommandId): void;
  /** Decides a command, and tells who waits unless `quietly`. */
  decide(command: NewCommand, result: Result, how?: { readonly quietly?: boolean }): void;
  /** What workers publish; heard only where somebody wants it. */
  publish(publication: Parameters<PublicationHandlers['onPublication']>[0]): void;
  /** Publications are followed again, after they were not for a while. */
  followAgain(): void;
}

export class StoreAwayError extends Error {}

export function fakeServers(): FakeServers {
  let handlers: PublicationHandlers | undefined;
  const journal = new Map<CommandId, Answer>();
  const events = new Map([anEvent('open'), anEvent('draft')].map((view) => [view.eventId, view]));
  const lost = new Set<CommandId>();
  const ask = async <T>(answer: () => T): Promise<T> => {
    servers.storeQuestions += 1;
    if (servers.storeHangs) return new Promise<never>(() => undefined);
    if (servers.storeFault !== undefined) throw servers.storeFault;
    return answer();
  };
  const queries: EventQueries = {
    findEvent: (eventId) => ask(() => events.get(eventId)),
    listEvents: () =>
      ask(() => ({ items: [...events.values()].filter(({ status }) => status !== 'draft'), nextCursor: undefined })),
    countEvent: (eventId) => ask(() => mapped(events.get(eventId), countsOf)),
    countEvents: (eventIds) =>
      ask(
        () =>
          new Map(
            eventIds.flatMap(
              (eventId) => mapped(events.get(eventId), (view) => [[eventId, countsOf(view)] as const]) ?? [],
            ),
          ),
      ),
    findRegistration: (eventId, registrationId) =>
      ask(() =>
        servers.registrations.find((view) => view.eventId === eventId && view.registrationId === registrationId),
      ),
    findRegistrations: (eventId, registrationIds) =>
      ask(() =>
        servers.registrations.filter(
          (view) => view.eventId === eventId && registrationIds.includes(view.registrationId),
        ),
      ),
    listRegistrationsOfUser: (userId, cursor, limit) =>
      ask(() =>
        page(
          servers.registrations.filter((view) => view.userId === userId),
          cursor,
          limit,
        ),
      ),
    listParticipants: (query, cursor, limit) =>
      ask(() => page(participantsOf(servers.registrations, query), cursor, limit)),
    async *streamParticipants(query) {
      servers.streamsOpen += 1;
      try {
        yield* await ask(() => participantsOf(servers.registrations, query));
      } finally {
        servers.streamsOpen -= 1;
      }
    },
    readHead: (eventId) =>
      ask(() => mapped(events.get(eventId), ({ version }) => ({ version, commitId: 'commit' as CommitId }))),
    readLine: (eventId, lineOf) =>
      ask(() =>
        mapped(events.get(eventId), ({ version }) => ({
          version,
          commitId: 'commit' as CommitId,
          sequences: participantsOf(servers.registrations, { eventId, roleId: lineOf, status: 'waitlist' })
            .filter(({ offer }) => offer === undefined)
            .map(({ sequence }) => sequence),
        })),
      ),
    readSteps: () => ask(() => []),
    listJournal: (eventId, after, limit) =>
      ask(() =>
        servers.decisions.filter((entry) => entry.eventId === eventId && entry.version > after).slice(0, limit),
      ),
    async *streamJournal(eventId, upTo) {
      servers.streamsOpen += 1;
      try {
        yield* await ask(() => servers.decisions.filter((entry) => entry.eventId === eventId && entry.version <= upTo));
      } finally {
        servers.streamsOpen -= 1;
      }
    },
    findAnswers: (_eventId, commandIds) => ask(() => commandIds.flatMap((commandId) => journal.get(commandId) ?? [])),
    getRoleAvailability: () => ask(() => undefined),
    getEventSignupCounts: () => ask(() => new Map()),
    getUserSignupCount: () => ask(() => 0),
  };
  const servers: FakeServers = {
    appended: [],
    events,
    registrations: [],
    traces: [],
    journal,
    decisions: [],
    append: async () => ({ kind: 'new', ahead: 3, wakeUpDue: true }),
    mailboxReady: true,
    storeFault: undefined,
    storeHangs: false,
    storeQuestions: 0,
    streamsOpen: 0,
    cached: new Map(),
    forgotten: [],
    lose: (commandId) => void lost.add(commandId),
    decide({ commandId, eventId, bodyHash, body }, result, { quietly = false } = {}) {
      const answer: Answer = { eventId, version: 3, commandId, bodyHash, actorId: senderOf(body.actor), result };
      journal.set(commandId, answer);
      if (!quietly) servers.publish({ eventId, answers: [answer] });
    },
    publish(publication) {
      if (handlers?.isWanted() === true) handlers.onPublication(publication);
    },
    followAgain: () => handlers?.onFollowing(),
    deps: {
      mailbox: {
        append: async (command) => {
          servers.appended.push(command);
          return servers.append(command);
        },
        findPending: async (_eventId, commandId) =>
          servers.appended
            .filter((command) => command.commandId === commandId && !journal.has(commandId) && !lost.has(commandId))
            .map(({ body }) => ({ ahead: 1, senderId: senderOf(body.actor) }))[0],
        forget: async (_eventId, commandId) => {
          servers.forgotten.push(commandId);
          lost.delete(commandId);
        },
      },
      mailboxReady: () => servers.mailboxReady,
      wakeUps: { add: async () => undefined },
      counts: {
        read: async () => servers.cached,
        setIfNewer: async (counts) => {
          const before = servers.cached.get(counts.eventId);
          if (before !== undefined && before.version >= counts.version) return false;
          servers.cached.set(counts.eventId, counts);
          return true;
        },
        replace: async () => true,
      },
      queries,
      erasing: {
        store: { findEventsOf: () => ask(() => servers.traces.map(({ eventId }) => eventId)) },
        mailboxes: { findWaitingOf: async () => [], removeDeadLetters: async () => 0 },
      },
      followPublications: async (given) => {
        handlers = given;
        return { async [Symbol.asyncDispose]() {} };
      },
      isStoreAway: (error) => error instanceof StoreAwayError,
      ping: { mongodb: async () => undefined, redis: async () => undefined },
      logger: createLogger({ name: 'test', level: 'silent' }),
      registry: createRegistry(),
    },
  };
  return servers;
}

function participantsOf(
  registrations: readonly RegistrationView[],
  { eventId, roleId: ofRole, status }: ParticipantsQuery,
): RegistrationView[] {
  const key = (view: RegistrationView) => `${view.roleId} ${view.status} ${String(view.sequence).padStart(9, '0')}`;
  return registrations
    .filter((view) => view.eventId === eventId)
    .filter((view) => ofRole === undefined || view.roleId === ofRole)
    .filter((view) => status === undefined || view.status === status)
    .toSorted((left, right) => (key(left) < key(right) ? -1 : 1));
}

function page<Item>(all: readonly Item[], cursor: string | undefined, limit: number): Page<Item> {
  if (cursor !== undefined && !/^at-\d+$/.test(cursor)) throw new InvalidCursorError('not a cursor of this list');
  const start = cursor === undefined ? 0 : Number(cursor.slice(3));
  const end = start + limit;
  return { items: all.slice(start, end), nextCursor: end < all.length ? `at-${end}` : undefined };
}

function mapped<From, To>(value: From | undefined, map: (value: From) => To): To | undefined {
  return value === undefined ? undefined : map(value);
}

export function registeredAs(userId: string): Result {
  const registrationId = `r${'x'.repeat(22)}` as Extract<Result, { kind: 'registered' }>['registrationId'];
  return {
    kind: 'registered',
    registrationId,
    userId: userId as UserId,
    roleId,
    status: 'waitlist',
    waitlistPosition: 4,
  };
}
