import type { EventId, RegistrationId } from '@rollcall/domain';
import type { EventQueries, Head, RegistrationView } from '@rollcall/engine';
import { followJournal } from '../waitlists/follow-journal.ts';
import { standsInLine, type Places } from '../waitlists/places.ts';
import { singleFlight } from '../single-flight.ts';
import { frameOf, idOfText } from './frames.ts';
import { createHeld, type Held } from './held.ts';
import { createSeat, type LiveSeat, type Shown } from './seat.ts';
import { inSlices } from './slices.ts';
import type { Listener } from './stream.ts';
import { touchedBy, type Touched } from './touched.ts';

/**
 * The registrations that somebody listens to. All of an event are looked at together: its journal says whom decisions
 * touch, and only those are read again, and only who moved up in line is asked for their place.
 */
export interface LiveRegistrations {
  /** Events that somebody listens to. */
  readonly size: number;
  /** Undefined when there is no such registration. `lastEventId`: what the client says it has. */
  enter(
    eventId: EventId,
    registrationId: RegistrationId,
    lastEventId: string | undefined,
  ): Promise<LiveSeat | undefined>;
  /** Something was decided. */
  hear(eventId: EventId): void;
  /** Looks at the event, sends what has changed, and says to how many. */
  send(eventId: EventId): Promise<number>;
  /** As if something had been decided everywhere. */
  check(): void;
}

export interface LiveRegistrationsOptions {
  readonly queries: Pick<EventQueries, 'readHead' | 'readSteps' | 'findRegistrations'>;
  readonly places: Places;
  /** There may be something to send. */
  readonly onNews: (eventId: EventId) => void;
}

interface Entry {
  readonly registrationId: RegistrationId;
  readonly streams: Set<Listener>;
  /** As it was read last; undefined: not yet, or there is none. */
  view: RegistrationView | undefined;
  shown: (Shown & { readonly text: string }) | undefined;
}

interface Topic {
  readonly eventId: EventId;
  readonly entries: Held<RegistrationId, Entry>;
  /** What the entries are as of. */
  head: Head | undefined;
  /** Not sent yet. */
  changed: Set<Entry>;
}

const batchSize = 500;

export function createLiveRegistrations({ queries, places, onNews }: LiveRegistrationsOptions): LiveRegistrations {
  const topics = createHeld((eventId: EventId): Topic => ({
    eventId,
    entries: createHeld((registrationId) => ({
      registrationId,
      streams: new Set(),
      view: undefined,
      shown: undefined,
    })),
    head: undefined,
    changed: new Set(),
  }));

  /** Brings all entries up to now; one turn at a time, so that what is older never overwrites what is newer. */
  const look = singleFlight(async (eventId: EventId): Promise<void> => {
    const topic = topics.get(eventId);
    if (topic === undefined) return;
    const head = await queries.readHead(eventId);
    if (head === undefined) {
      for (const { streams } of topic.entries.values()) for (const stream of streams) stream.end('gone');
      return;
    }
    const touched = await touchedSince(topic, head);
    const entries = [...topic.entries.values()];
    const unread = entries.filter(
      ({ view, registrationId }) =>
        view === undefined || touched === undefined || touched.registrationIds.has(registrationId),
    );
    for (const batch of batchesOf(unread)) await readAgain(topic, batch);
    const concerned = new Set([...unread, ...entries.filter(({ view }) => mayHaveMovedUp(view, touched))]);
    for (const batch of batchesOf([...concerned])) await showAgain(topic, batch, head);
    topic.head = head;
  });

  /** Undefined: it can't be told, so all are. */
  async function touchedSince({ eventId, head: seen }: Topic, head: Head): Promise<Touched | undefined> {
    const steps = seen === undefined ? undefined : await followJournal(queries, eventId, seen, head);
    return steps === undefined ? undefined : touchedBy(steps);
  }

  async function readAgain({ eventId }: Topic, entries: readonly Entry[]): Promise<void> {
    const ids = entries.map(({ registrationId }) => registrationId);
    const views = new Map((await queries.findRegistrations(eventId, ids)).map((view) => [view.registrationId, view]));
    for (const entry of entries) {
      entry.view = views.get(entry.registrationId);
      if (entry.view === undefined) for (const stream of entry.streams) stream.end('gone');
    }
  }

  async function showAgain(topic: Topic, entries: readonly Entry[], head: Head): Promise<void> {
    const texts = await Promise.all(
      entries.map(async ({ view }) => view && JSON.stringify(await places.documentOf(view))),
    );
    entries.forEach((entry, index) => {
      const text = texts[index];
      if (text === undefined || text === entry.shown?.text) return;
      const id = idOfText(head, text);
      entry.shown = { text, id, frame: frameOf('registration', id, text) };
      // Who has just come is shown it as they sit down.
      if (entry.streams.size > 0) topic.changed.add(entry);
    });
  }

  return {
    get size() {
      return topics.size;
    },
    async enter(eventId, registrationId, lastEventId) {
      const { value: topic, release: releaseTopic } = topics.hold(eventId);
      const { value: entry, release: releaseEntry } = topic.entries.hold(registrationId);
      const release = () => {
        releaseEntry();
        releaseTopic();
      };
      try {
        await look(eventId);
      } catch (error) {
        release();
        throw error;
      }
      // What the look found for others is sent when it is their turn.
      if (topic.changed.size > 0) onNews(eventId);
      const { shown: found, streams } = entry;
      if (found !== undefined && entry.view !== undefined) {
        return createSeat({ streams, shown: () => entry.shown ?? found, lastEventId, release });
      }
      release();
      return undefined;
    },
    hear(eventId) {
      if (topics.get(eventId) !== undefined) onNews(eventId);
    },
    async send(eventId) {
      await look(eventId);
      const topic = topics.get(eventId);
      if (topic === undefined) return 0;
      const { changed } = topic;
      topic.changed = new Set();
      let sends = 0;
      await inSlices(changed, ({ shown, streams }) => {
        if (shown === undefined) return;
        for (const stream of streams) stream.offer(shown.frame);
        sends += streams.size;
      });
      return sends;
    },
    check() {
      for (const eventId of topics.keys()) onNews(eventId);
    },
  };
}

function mayHaveMovedUp(view: RegistrationView | undefined, touched: Touched | undefined): boolean {
  if (view === undefined || touched === undefined || !standsInLine(view)) return false;
  const from = touched.linesFrom.get(view.roleId);
  return from !== undefined && view.sequence >= from;
}

function* batchesOf<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += batchSize) yield items.slice(from, from + batchSize);
}
