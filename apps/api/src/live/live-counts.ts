import type { EventCounts, EventId } from '@rollcall/domain';
import type { EventQueries } from '@rollcall/engine';
import type { Counting } from '../reads/counting.ts';
import { singleFlight } from '../single-flight.ts';
import { availabilityOf } from '../reads/views.ts';
import { frameOf, idOf, versionIn } from './frames.ts';
import { createHeld } from './held.ts';
import { createSeat, type LiveSeat, type Shown } from './seat.ts';
import { inSlices } from './slices.ts';
import type { Listener } from './stream.ts';

/**
 * The counts of the events that somebody listens to. They come with what workers publish, which may be lost, so they are
 * also looked up now and then. They go back only when the store itself has gone back.
 */
export interface LiveCounts {
  /** Events that somebody listens to. */
  readonly size: number;
  /** Undefined when there is no such event. `lastEventId`: what the client says it has. */
  enter(eventId: EventId, lastEventId: string | undefined): Promise<LiveSeat | undefined>;
  /** News. */
  take(counts: EventCounts): void;
  /** Sends the newest state to all who listen to the event, and says to how many. */
  send(eventId: EventId): Promise<number>;
  /** Looks up all events, in case that news were lost. */
  check(): Promise<void>;
}

export interface LiveCountsOptions {
  readonly counting: Pick<Counting, 'ofEvent'>;
  readonly queries: Pick<EventQueries, 'readHead' | 'countEvent'>;
  /** There is something to send. */
  readonly onNews: (eventId: EventId) => void;
  readonly onError: (error: unknown, eventId: EventId) => void;
}

interface Topic {
  readonly eventId: EventId;
  readonly streams: Set<Listener>;
  counts: EventCounts | undefined;
  /** Made of the counts when somebody is to be sent it. */
  shown: Shown | undefined;
  /** Something was heard that does not fit: the store may have been restored. */
  isDoubted: boolean;
}

/** Looks under way at a time. */
const looksMax = 8;

export function createLiveCounts({ counting, queries, onNews, onError }: LiveCountsOptions): LiveCounts {
  const topics = createHeld((eventId: EventId): Topic => ({
    eventId,
    streams: new Set(),
    counts: undefined,
    shown: undefined,
    isDoubted: false,
  }));

  function set(topic: Topic, counts: EventCounts): void {
    topic.counts = counts;
    topic.shown = undefined;
    topic.isDoubted = false;
    if (topic.streams.size > 0) onNews(topic.eventId);
  }

  function takeInto(topic: Topic, counts: EventCounts | undefined): void {
    const { counts: had } = topic;
    if (counts === undefined) topic.isDoubted = had !== undefined;
    else if (had === undefined || counts.version > had.version) set(topic, counts);
    else if (idOf(counts) !== idOf(had)) topic.isDoubted = true;
  }

  function show(topic: Topic, counts: EventCounts): Shown {
    if (topic.shown !== undefined) return topic.shown;
    const id = idOf(counts);
    topic.shown = { id, frame: frameOf('counts', id, JSON.stringify(availabilityOf(counts))) };
    return topic.shown;
  }

  /** A client knows of a newer version than we do: it comes from a process that was ahead, or made it up. */
  const lookAhead = singleFlight(async (eventId: EventId): Promise<void> => {
    // The head costs one key, so that nobody can have the event counted by telling stories.
    const head = await queries.readHead(eventId);
    const topic = topics.get(eventId);
    if (head === undefined || topic?.counts === undefined || head.version <= topic.counts.version) return;
    takeInto(topic, await counting.ofEvent(eventId, head.version));
  });

  async function catchUp(topic: Topic, claimedVersion: number): Promise<void> {
    const { eventId } = topic;
    if (topic.counts === undefined) takeInto(topic, await counting.ofEvent(eventId));
    if (topic.counts !== undefined && claimedVersion > topic.counts.version) await lookAhead(eventId);
  }

  async function checkOne(topic: Topic): Promise<void> {
    const { eventId, counts: had } = topic;
    takeInto(topic, await counting.ofEvent(eventId));
    if (had === undefined || topic.counts !== had || !topic.isDoubted) return;
    const head = await queries.readHead(eventId);
    // Ahead: the news of that are on their way, and an event that goes on changing must not be counted at each look.
    const isBack = head === undefined || (head.version <= had.version && idOf(head) !== idOf(had));
    const stored = isBack ? await queries.countEvent(eventId) : had;
    // Unless something newer has come meanwhile.
    if (topic.counts !== had) return;
    topic.isDoubted = false;
    if (stored === undefined) for (const stream of topic.streams) stream.end('gone');
    else if (idOf(stored) !== idOf(had)) set(topic, stored);
  }

  return {
    get size() {
      return topics.size;
    },
    async enter(eventId, lastEventId) {
      const { value: topic, release } = topics.hold(eventId);
      try {
        await catchUp(topic, versionIn(lastEventId) ?? 0);
      } catch (error) {
        release();
        throw error;
      }
      const { counts: found, streams } = topic;
      if (found !== undefined) {
        return createSeat({ streams, shown: () => show(topic, topic.counts ?? found), lastEventId, release });
      }
      release();
      return undefined;
    },
    take(counts) {
      const topic = topics.get(counts.eventId);
      if (topic !== undefined) takeInto(topic, counts);
    },
    async send(eventId) {
      const topic = topics.get(eventId);
      if (topic?.counts === undefined) return 0;
      const first = topic.counts;
      // Who comes between two slices may have been shown something newer, and must not see the past after it.
      await inSlices(topic.streams, (stream) => stream.offer(show(topic, topic.counts ?? first).frame));
      return topic.streams.size;
    },
    async check() {
      const all = topics.values();
      // All take from the same iterator.
      const lookAtNext = async () => {
        for (const topic of all) await checkOne(topic).catch((error: unknown) => onError(error, topic.eventId));
      };
      await Promise.all(Array.from({ length: looksMax }, lookAtNext));
    },
  };
}
