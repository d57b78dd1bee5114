import {
  commandIdFromToken,
  eventIdFor,
  type Answer,
  type CommandId,
  type CommitId,
  type EventCounts,
  type EventId,
  type OrganizerId,
  type Result,
  type RoleId,
  type UserId,
} from '@rollcall/domain';
import type { AppendResult, EventQueries, EventView, NewCommand } from '@rollcall/engine';
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
    },
    roles: [{ roleId, name: 'volunteers', capacity: 2, waitlist: 'auto' }],
  };
}

export function countsOf({ eventId, version, roles }: EventView): EventCounts {
  const counts = new Map(roles.map((role) => [role.roleId, { capacity: role.capacity, confirmed: 1, waitlist: 0 }]));
  return { eventId, version, commitId: 'commit' as CommitId, roles: counts };
}

/** What a test sees of, and does to, the servers behind an API. */
export interface FakeServers {
  readonly deps: ApiDeps;
  readonly appended: NewCommand[];
  readonly events: Map<EventId, EventView>;
  readonly journal: Map<CommandId, Answer>;
  /** What the mailbox answers next, and until told otherwise. */
  append: (command: NewCommand) => Promise<AppendResult>;
  mailboxReady: boolean;
  /** Set: every question to the store fails with it. */
  storeFault: Error | undefined;
  /** Set: no question to the store is answered. */
  storeHangs: boolean;
  storeQuestions: number;
  /** What the count cache has. */
  readonly cached: Map<EventId, EventCounts>;
  /** Receipts that were dropped. */
  readonly forgotten: CommandId[];
  /** Takes a command out of the mailbox without a decision. */
  lose(commandId: CommandId): void;
  /** Decides a command, and tells who waits unless `quietly`. */
  decide(command: NewCommand, result: Result, how?: { readonly quietly?: boolean }): void;
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
    findRegistration: () => ask(() => undefined),
    listRegistrationsOfUser: () => ask(() => ({ items: [], nextCursor: undefined })),
    findAnswers: (_eventId, commandIds) => ask(() => commandIds.flatMap((commandId) => journal.get(commandId) ?? [])),
    getRoleAvailability: () => ask(() => undefined),
    getEventSignupCounts: () => ask(() => new Map()),
    getUserSignupCount: () => ask(() => 0),
  };
  const servers: FakeServers = {
    appended: [],
    events,
    journal,
    append: async () => ({ kind: 'new', ahead: 3, wakeUpDue: true }),
    mailboxReady: true,
    storeFault: undefined,
    storeHangs: false,
    storeQuestions: 0,
    cached: new Map(),
    forgotten: [],
    lose: (commandId) => void lost.add(commandId),
    decide({ commandId, eventId, bodyHash, body }, result, { quietly = false } = {}) {
      const answer: Answer = { eventId, version: 3, commandId, bodyHash, actorId: body.actor.userId, result };
      journal.set(commandId, answer);
      if (!quietly && handlers?.isWanted() === true) handlers.onPublication({ eventId, answers: [answer] });
    },
    deps: {
      mailbox: {
        append: async (command) => {
          servers.appended.push(command);
          return servers.append(command);
        },
        findPending: async (_eventId, commandId) =>
          servers.appended
            .filter((command) => command.commandId === commandId && !journal.has(commandId) && !lost.has(commandId))
            .map(({ body }) => ({ ahead: 1, senderId: body.actor.userId }))[0],
        forget: async (_eventId, commandId) => {
          servers.forgotten.push(commandId);
          lost.delete(commandId);
        },
      },
      mailboxReady: () => servers.mailboxReady,
      wakeUps: { add: async () => undefined },
      counts: { read: async () => servers.cached, setIfNewer: async () => undefined },
      queries,
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
