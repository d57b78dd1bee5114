import type { Answer, EventId } from '@rollcall/domain';
import type { EventListQuery, EventQueries, EventView } from '@rollcall/engine';
import { setTimeout as delay } from 'node:timers/promises';
import type { Counting } from './counting.ts';
import { etagOf } from './etag.ts';
import { createFloors } from './floors.ts';
import type { KnownEvents } from './known-events.ts';
import type { Ready } from './ready.ts';
import { singleFlight } from '../single-flight.ts';
import { createSnapshots, type Snapshots } from './snapshots.ts';
import { availabilityOf, eventDocument } from './views.ts';

interface ReadyOfEvent extends Ready {
  /** Nothing in it is of an earlier version. */
  readonly version: number;
}

interface ReadyEvent extends ReadyOfEvent {
  /** Says who may see it. */
  readonly view: EventView;
}

interface ReadyPage extends Ready {
  readonly versions: ReadonlyMap<EventId, number>;
  readonly eventsChanged: number;
  /** What the floors were when the page was last found new enough. */
  raised: number;
}

/** Why there is nothing to show: no such event; a version that never was; one that was, and the store has lost sight of. */
export type Absent = 'unknown' | 'never-was' | 'out-of-reach';

/** What anybody may read: ready answers, from memory where they are new enough. */
export interface PublicReads {
  /** `versionMin`: what the reader knows of, 0 for nothing. */
  availability(eventId: EventId, versionMin: number): Promise<ReadyOfEvent | Absent> | ReadyOfEvent;
  event(eventId: EventId, versionMin: number): Promise<ReadyEvent | Absent> | ReadyEvent;
  /** As it is now: to say that there is nothing to see is not left to what was. */
  eventNow(eventId: EventId): Promise<ReadyEvent | undefined>;
  /** @throws InvalidCursorError */
  list(query: EventListQuery): Promise<Ready> | Ready;
  /** Somebody is being answered so, and reads it here from now on. */
  tell(answer: Answer): void;
}

export interface PublicReadsOptions {
  /** Each of its reads ends by itself. */
  readonly queries: Pick<EventQueries, 'listEvents' | 'readHead'>;
  readonly known: Pick<KnownEvents, 'load'>;
  readonly counting: Counting;
  readonly snapshotMsMax: number;
  /** Of each kind of answer, in characters. */
  readonly snapshotSizeMax: number;
  readonly floorsMax: number;
}

/** What is kept of an answer beside its text, in characters: anybody can ask for a million lists that are empty. */
const entrySize = 700;

/** A primary that has just been elected may not know the latest version yet. */
const secondLookMs = 50;

export function createPublicReads(options: PublicReadsOptions): PublicReads {
  const { queries, known, counting, snapshotMsMax, snapshotSizeMax, floorsMax } = options;
  const floors = createFloors(floorsMax);
  const sizeOf = ({ text }: Ready, key: string) => text.length + key.length + entrySize;
  const kept = { msMax: snapshotMsMax, sizeMax: snapshotSizeMax, sizeOf };

  const availabilities = createSnapshots<EventId, ReadyOfEvent>({
    ...kept,
    async read(eventId) {
      const floor = floors.of(eventId);
      const counts = await counting.ofEvent(eventId, floor);
      if (counts === undefined) return undefined;
      const { version, commitId } = counts;
      if (version < floor) floors.forget(eventId, floor);
      // With the commit's id: a database that was restored may come to the same version another way.
      return { text: JSON.stringify(availabilityOf(counts)), etag: `"${version}-${commitId}"`, version };
    },
  });

  const events = createSnapshots<EventId, ReadyEvent>({
    ...kept,
    async read(eventId) {
      const floor = floors.of(eventId);
      const view = await known.load(eventId);
      if (view === undefined) return undefined;
      if (view.version < floor) floors.forget(eventId, floor);
      const counts = await counting.ofEvent(eventId, view.version);
      if (counts === undefined) return undefined;
      const text = JSON.stringify(eventDocument(view, counts));
      return { text, etag: etagOf(text), version: view.version, view };
    },
  });

  const pages = createSnapshots<string, ReadyPage>({
    ...kept,
    async read(key) {
      const { eventsChanged, raised } = floors;
      const { items, nextCursor } = await queries.listEvents(JSON.parse(key) as EventListQuery);
      const least = new Map(items.map(({ eventId }) => [eventId, floors.of(eventId)]));
      const counts = await counting.ofEvents([...least.keys()], (eventId) => least.get(eventId) ?? 0);
      const shown = items.flatMap((view) => {
        const counted = counts.get(view.eventId);
        return counted === undefined ? [] : [eventDocument(view, counted)];
      });
      const text = JSON.stringify({ items: shown, nextCursor: nextCursor ?? null });
      const versions = new Map(shown.map(({ eventId, version }) => [eventId, version]));
      for (const [eventId, floor] of least) if ((versions.get(eventId) ?? 0) < floor) floors.forget(eventId, floor);
      return { text, etag: etagOf(text), versions, eventsChanged, raised };
    },
  });

  const head = singleFlight((eventId: EventId) => queries.readHead(eventId));

  async function everWas(eventId: EventId, version: number): Promise<boolean> {
    const reached = async () => ((await head(eventId))?.version ?? 0) >= version;
    if (await reached()) return true;
    await delay(secondLookMs);
    return reached();
  }

  async function read<Value extends ReadyOfEvent>(
    snapshots: Snapshots<EventId, Value>,
    eventId: EventId,
    versionMin: number,
  ): Promise<Value | Absent> {
    const floor = floors.of(eventId);
    const recent = await (versionMin > floor ? snapshots.renew(eventId) : snapshots.read(eventId));
    if (recent === undefined) return 'unknown';
    if (recent.version >= Math.max(versionMin, floor)) return recent;
    if (versionMin > floor) {
      if (!(await everWas(eventId, versionMin))) return 'never-was';
      floors.raise(eventId, versionMin);
    }
    const now = await snapshots.renew(eventId);
    if (now === undefined) return 'unknown';
    return now.version >= versionMin ? now : 'out-of-reach';
  }

  const peek = <Value extends ReadyOfEvent>(snapshots: Snapshots<EventId, Value>, eventId: EventId, least: number) => {
    const found = snapshots.peek(eventId);
    return found !== undefined && found.version >= least && found.version >= floors.of(eventId) ? found : undefined;
  };

  function isCurrent(page: ReadyPage): boolean {
    if (page.raised === floors.raised) return true;
    if (page.eventsChanged !== floors.eventsChanged) return false;
    const { raised } = floors;
    for (const [eventId, version] of page.versions) if (version < floors.of(eventId)) return false;
    page.raised = raised;
    return true;
  }

  async function readPage(key: string): Promise<Ready> {
    let page = await pages.read(key);
    if (page === undefined || !isCurrent(page)) page = await pages.renew(key);
    if (page === undefined) throw new Error('a list is never absent');
    return page;
  }

  return {
    availability: (eventId, least) => peek(availabilities, eventId, least) ?? read(availabilities, eventId, least),
    event: (eventId, least) => peek(events, eventId, least) ?? read(events, eventId, least),
    eventNow: (eventId) => events.renew(eventId),
    list(query) {
      const key = keyOf(query);
      const page = pages.peek(key);
      return page !== undefined && isCurrent(page) ? page : readPage(key);
    },
    tell: floors.tell,
  };
}

/** Equal for those who are shown the same. Only who asks for drafts is shown any. */
function keyOf({ status, from, cursor, limit, draftsOf }: EventListQuery): string {
  return JSON.stringify({ status, from, cursor, limit, draftsOf: status === 'draft' ? draftsOf.toSorted() : [] });
}
