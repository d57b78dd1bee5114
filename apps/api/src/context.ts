import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventQueries } from '@rollcall/engine';
import { every } from '@rollcall/runtime';
import { createAuthenticate, type Authenticate } from './http/auth.ts';
import type { ApiSettings } from './config.ts';
import { createCounting, type Counting } from './reads/counting.ts';
import { Deadline } from './http/deadline.ts';
import type { ApiDeps } from './deps.ts';
import { createEraser, type Eraser } from './commands/erasing.ts';
import { createExports, type Exports } from './exports/exports.ts';
import { createIdempotency, type Idempotency } from './commands/idempotency.ts';
import { createKnownEvents, type KnownEvents } from './reads/known-events.ts';
import { createLedger } from './commands/ledger.ts';
import { createLive, type Live } from './live/live.ts';
import { createApiMetrics, type ApiMetrics } from './metrics.ts';
import { createPlaces, type Places } from './waitlists/places.ts';
import { createPublicReads, type PublicReads } from './reads/public-reads.ts';
import { createRequestLine, type RequestLine } from './http/request-line.ts';
import { createSubmit, type Submit } from './commands/submit.ts';
import { createWaiters, type Waiters } from './commands/waiters.ts';
import { createWaitingLines } from './waitlists/waiting-lines.ts';
import { within } from './within.ts';

/** All but what the seed's operations are for, which nobody asks over HTTP. */
type ApiQueries = Omit<EventQueries, 'getRoleAvailability' | 'getEventSignupCounts' | 'getUserSignupCount'>;

/** What routes work with. */
export interface ApiContext {
  readonly settings: ApiSettings;
  readonly deps: ApiDeps;
  readonly authenticate: Authenticate;
  readonly idempotency: Idempotency;
  readonly known: KnownEvents;
  readonly counting: Counting;
  readonly reads: PublicReads;
  readonly places: Places;
  readonly exports: Exports;
  readonly eraser: Eraser;
  readonly waiters: Waiters;
  readonly submit: Submit;
  readonly metrics: ApiMetrics;
  readonly live: Live;
  /** To be written when an answer has ended. */
  readonly requestLine: RequestLine;
  /** For a request that begins now; whatever it asks of a server is bound by it. */
  deadline(): Deadline;
  /** Every read ends within the time it may take, so that no turn that is shared hangs; a stream goes on as long as it is read. */
  readonly queries: ApiQueries;
  /** Set once, when the process has begun to stop. */
  draining: boolean;
  /** Follows what workers publish until `stop`. */
  start(): void;
  stop(): Promise<void>;
}

const elapsed = () => performance.now();
const nothingToStop = async (): Promise<void> => {};

/** A subscription that has not come about by then never will. */
const stopMsMax = 500;

export function createContext(deps: ApiDeps, settings: ApiSettings): ApiContext {
  const { queries: store, logger } = deps;
  const read = <T>(work: Promise<T>) => within(settings.STORE_REPLY_MS_MAX, work);
  const queries: ApiQueries = {
    listEvents: (query) => read(store.listEvents(query)),
    findRegistration: (eventId, registrationId) => read(store.findRegistration(eventId, registrationId)),
    listRegistrationsOfUser: (userId, cursor, limit) => read(store.listRegistrationsOfUser(userId, cursor, limit)),
    listParticipants: (query, cursor, limit) => read(store.listParticipants(query, cursor, limit)),
    streamParticipants: (query) => store.streamParticipants(query),
    readHead: (eventId) => read(store.readHead(eventId)),
    listJournal: (eventId, after, limit) => read(store.listJournal(eventId, after, limit)),
    streamJournal: (eventId, upTo) => store.streamJournal(eventId, upTo),
    findAnswers: (eventId, commandIds) => read(store.findAnswers(eventId, commandIds)),
    findEvent: (eventId) => read(store.findEvent(eventId)),
    findRegistrations: (eventId, registrationIds) => read(store.findRegistrations(eventId, registrationIds)),
    countEvent: (eventId) => read(store.countEvent(eventId)),
    countEvents: (eventIds) => read(store.countEvents(eventIds)),
    readLine: (eventId, roleId) => read(store.readLine(eventId, roleId)),
    readSteps: (eventId, fromVersion, toVersion) => read(store.readSteps(eventId, fromVersion, toVersion)),
  };

  const waiters = createWaiters({
    countMax: settings.WAITERS_MAX,
    findAnswers: queries.findAnswers,
    onError: (err, eventId) => logger.warn({ err, eventId }, 'waiting commands not looked up'),
  });
  const metrics = createApiMetrics(deps.registry, {
    waitersOpen: () => waiters.size,
    streamsOpen: (kind) => live.streams.count(kind),
  });
  const ledger = createLedger({
    findAnswers: (eventId, commandIds) => store.findAnswers(eventId, commandIds),
    gatherMs: settings.LEDGER_GATHER_MS,
    replyMsMax: settings.LEDGER_REPLY_MS_MAX,
    onError: (err) => logger.warn({ err }, 'earlier decisions not looked up'),
    elapsed,
  });
  const counting = createCounting({
    cache: deps.counts,
    queries,
    cacheMsMax: settings.CACHE_REPLY_MS_MAX,
    waitMsMax: settings.MIN_VERSION_WAIT_MS,
    onCounted: (events) => metrics.counted(events),
    onFault: (message, err) => logger.warn({ err }, message),
  });
  const lines = createWaitingLines({ entriesMax: settings.WAITING_LINES_ENTRIES_MAX, queries });
  const places = createPlaces({ lines, findRegistration: queries.findRegistration });
  const live = createLive({
    settings,
    counting,
    queries,
    places,
    onSent: (kind, sends) => metrics.updatesSent(kind, sends),
    onEnded: (kind, reason) => metrics.streamEnded(kind, reason),
    onError: (err, eventId) => logger.warn({ err, eventId }, 'live streams not kept up to date'),
  });
  const known = createKnownEvents({ countMax: settings.KNOWN_EVENTS_MAX, findEvent: queries.findEvent });
  const submit = createSubmit({
    mailbox: deps.mailbox,
    mailboxReady: deps.mailboxReady,
    wakeUps: deps.wakeUps,
    ledger,
    waiters,
    replyMsMax: settings.MAILBOX_REPLY_MS_MAX,
    onAccepted: (type) => metrics.accepted(type),
    onFault: (message, eventId, err) => logger.warn({ err, eventId }, message),
  });

  let stopFollowing = nothingToStop;
  return {
    settings,
    deps,
    authenticate: createAuthenticate(settings),
    idempotency: createIdempotency(settings.COMMAND_ID_SECRET),
    known,
    counting,
    reads: createPublicReads({
      queries,
      known,
      counting,
      snapshotMsMax: settings.SNAPSHOT_MS_MAX,
      snapshotSizeMax: settings.SNAPSHOT_SIZE_MAX,
      floorsMax: settings.KNOWN_EVENTS_MAX,
    }),
    waiters,
    submit,
    metrics,
    deadline: () => new Deadline(settings.STORE_REPLY_MS_MAX),
    places,
    live,
    requestLine: createRequestLine(logger, metrics),
    exports: createExports({
      countMax: settings.EXPORTS_MAX,
      perUserMax: settings.EXPORTS_PER_USER_MAX,
      idleMsMax: settings.EXPORT_IDLE_MS_MAX,
    }),
    eraser: createEraser({
      ports: {
        ...deps.erasing,
        queries,
        intake: deps.mailbox,
        wakeUps: deps.wakeUps,
        newToken: () => randomBytes(16).toString('base64url'),
        pause: async (ms) => {
          await delay(ms);
        },
        elapsed,
      },
      waitMsMax: settings.ERASE_MS_MAX,
      decisionMsMax: settings.ERASE_DECISION_MS_MAX,
      keptMs: settings.ERASE_KEPT_MS,
    }),
    queries,
    draining: false,
    start() {
      // Not awaited: without publications decisions are found by polling, and what stops them shows in readiness.
      const publishing = deps.followPublications({
        isWanted: () => waiters.size > 0 || live.isWanted,
        onPublication(publication) {
          waiters.resolve(publication.answers);
          live.hear(publication);
        },
        onFollowing: () => live.check(),
      });
      publishing.catch((err: unknown) => logger.warn({ err }, 'publications not followed'));
      live.start();
      const polling = every(
        settings.WAITERS_POLL_MS,
        () => waiters.poll(),
        (err) => logger.warn({ err }, 'waiting commands not looked up'),
      );
      stopFollowing = async () => {
        await polling.stop();
        const publications = await within(stopMsMax, publishing).catch(() => undefined);
        await publications?.[Symbol.asyncDispose]();
      };
    },
    stop: () => stopFollowing(),
  };
}
