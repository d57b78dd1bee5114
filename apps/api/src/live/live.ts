import { performance } from 'node:perf_hooks';
import type { EventCounts, EventId, RegistrationId } from '@rollcall/domain';
import type { EventQueries } from '@rollcall/engine';
import { every, type Repeating } from '@rollcall/runtime';
import type { ApiSettings } from '../config.ts';
import type { Counting } from '../reads/counting.ts';
import type { Places } from '../waitlists/places.ts';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';
import { createLiveCounts } from './live-counts.ts';
import { createLiveRegistrations } from './live-registrations.ts';
import { createPacer, createSendBudget } from './pacer.ts';
import type { LiveSeat } from './seat.ts';
import type { EndReason, LiveKind } from './stream.ts';
import { createLiveStreams, type LiveStreams } from './streams.ts';

/** Everything that is sent to clients for as long as they listen. */
export interface Live {
  readonly streams: LiveStreams;
  /** Whether anybody listens to anything. */
  readonly isWanted: boolean;
  /** Undefined when there is no such event. */
  enterCounts(eventId: EventId, lastEventId: string | undefined): Promise<LiveSeat | undefined>;
  /** Undefined when there is no such registration. */
  enterRegistration(
    eventId: EventId,
    registrationId: RegistrationId,
    lastEventId: string | undefined,
  ): Promise<LiveSeat | undefined>;
  /** What a worker published. */
  hear(publication: { readonly eventId: EventId; readonly counts?: EventCounts }): void;
  /** Looks everything up: news may have been lost. */
  check(): void;
  start(): void;
  /** Ends all streams, with the time at which each client is to come back. */
  close(): Promise<void>;
}

export interface LiveOptions {
  readonly settings: ApiSettings;
  readonly counting: Pick<Counting, 'ofEvent'>;
  readonly queries: Pick<EventQueries, 'readHead' | 'readSteps' | 'countEvent' | 'findRegistrations'>;
  readonly places: Places;
  readonly onSent: (kind: LiveKind, sends: number) => void;
  readonly onEnded: (kind: LiveKind, reason: EndReason) => void;
  readonly onError: (error: unknown, eventId?: EventId) => void;
}

/** Each look at the registrations of an event reads the store. */
const registrationUpdatesPerSecondMax = 2;
const looksUnderWayMax = 8;

const elapsed = () => performance.now();

export function createLive({ settings, counting, queries, places, onSent, onEnded, onError }: LiveOptions): Live {
  const budget = createSendBudget(settings.LIVE_SENDS_PER_SECOND_MAX);
  const paced = (
    kind: LiveKind,
    updatesPerSecondMax: number,
    underWayMax: number,
    send: (eventId: EventId) => Promise<number>,
  ): Dispatcher =>
    createDispatcher({
      pacer: createPacer<EventId>({ pauseMs: 1000 / updatesPerSecondMax, budget }),
      send: async (eventId) => {
        const sends = await send(eventId);
        onSent(kind, sends);
        return sends;
      },
      underWayMax,
      elapsed,
      onError,
    });

  const updatesMax = settings.LIVE_UPDATES_PER_SECOND_MAX;
  // One after the other: what takes time is sending, and the process does that alone anyway.
  const countsTurns = paced('counts', updatesMax, 1, (eventId) => counts.send(eventId));
  const counts = createLiveCounts({ counting, queries, onNews: (eventId) => countsTurns.want(eventId), onError });
  const registrationTurns = paced(
    'registration',
    Math.min(updatesMax, registrationUpdatesPerSecondMax),
    looksUnderWayMax,
    (eventId) => registrations.send(eventId),
  );
  const registrations = createLiveRegistrations({
    queries,
    places,
    onNews: (eventId) => registrationTurns.want(eventId),
  });
  const streams = createLiveStreams({
    countMax: settings.LIVE_STREAMS_MAX,
    perAddressMax: settings.LIVE_PER_ADDRESS_MAX,
    perUserMax: settings.LIVE_PER_USER_MAX,
    heartbeatMs: settings.LIVE_HEARTBEAT_MS,
    stalledMsMax: settings.LIVE_STALLED_MS_MAX,
    streamMsMax: settings.LIVE_STREAM_MS_MAX,
    retryMs: settings.LIVE_RETRY_MS,
    returnSpreadMs: settings.LIVE_RETURN_SPREAD_MS,
    elapsed,
    random: Math.random,
    onEnded,
    onError,
  });

  async function check(): Promise<void> {
    registrations.check();
    await counts.check();
  }

  let checking: Repeating | undefined;
  return {
    streams,
    get isWanted() {
      return counts.size > 0 || registrations.size > 0;
    },
    enterCounts: (eventId, lastEventId) => counts.enter(eventId, lastEventId),
    enterRegistration: (eventId, registrationId, lastEventId) =>
      registrations.enter(eventId, registrationId, lastEventId),
    hear({ eventId, counts: fresh }) {
      if (fresh !== undefined) counts.take(fresh);
      registrations.hear(eventId);
    },
    check: () => void check().catch(onError),
    start() {
      streams.start();
      checking = every(settings.LIVE_CHECK_MS, check, onError);
    },
    async close() {
      countsTurns.stop();
      registrationTurns.stop();
      await Promise.all([checking?.stop(), streams.close()]);
    },
  };
}
