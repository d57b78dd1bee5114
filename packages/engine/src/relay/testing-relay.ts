import { setImmediate as turn } from 'node:timers/promises';
import type { EventCounts, EventId } from '@rollcall/domain';
import {
  benchOf,
  createInMemoryCountCache,
  createInMemoryEventChanges,
  createInMemoryEventQueries,
  createInMemoryEventStore,
  type InMemoryCountCache,
  type InMemoryEventChanges,
  type StoreBench,
} from '@rollcall/testkit';
import type { CountsRepair, RelayPorts } from './ports.ts';
import { relay } from './relay.ts';

/** Longer than any test: who pauses for so long waits for the signal. */
const forEver = 1e9;

export interface RelayStage {
  readonly cache: InMemoryCountCache;
  readonly changes: InMemoryEventChanges;
  readonly repairs: CountsRepair[];
  readonly warnings: string[];
  readonly published: EventCounts[];
  /** How often a store was asked to count. */
  readonly counted: readonly EventId[];
  changesLost: number;
  event(): StoreBench;
  /** What a count over the registrations gives. */
  truth(eventId: EventId): Promise<EventCounts | undefined>;
  cached(eventId: EventId): Promise<EventCounts | undefined>;
  /** Does to the cache what the worker that committed does. */
  refresh(eventId: EventId): Promise<void>;
  /** A process that leads until it is stopped. */
  lead(options?: LeadOptions): { stop(): Promise<void> };
  /** Lets everybody do what they have to do. */
  quiet(): Promise<void>;
}

interface LeadOptions {
  readonly ports?: Partial<RelayPorts>;
  /** Whether it compares too; else it only follows. */
  readonly compares?: boolean;
}

export function setRelayStage(): RelayStage {
  const changes = createInMemoryEventChanges(createInMemoryEventStore());
  const cache = createInMemoryCountCache();
  const queries = createInMemoryEventQueries(changes.store);
  const [repairs, warnings, published, counted] = [
    new Array<CountsRepair>(),
    new Array<string>(),
    new Array<EventCounts>(),
    new Array<EventId>(),
  ];

  const stage: RelayStage = {
    cache,
    changes,
    repairs,
    warnings,
    published,
    counted,
    changesLost: 0,
    event: () => benchOf(changes.store),
    truth: queries.countEvent,
    cached: async (eventId) => (await cache.read([eventId])).get(eventId),
    async refresh(eventId) {
      const counts = await queries.countEvent(eventId);
      if (counts !== undefined) await cache.setIfNewer(counts);
    },
    lead({ ports = {}, compares = false } = {}) {
      const stop = new AbortController();
      const limits = { settleMs: 1, compareEveryMs: compares ? 1 : forEver, comparedAtOnce: 2 };
      const led = relay({ ...portsOf(), ...ports }, limits, stop.signal);
      // Whoever stops it hears of it.
      led.catch(() => undefined);
      return {
        stop: () => {
          stop.abort();
          return led;
        },
      };
    },
    async quiet() {
      for (let turns = 0; turns < 60; turns += 1) await turn();
    },
  };

  const portsOf = (): RelayPorts => ({
    cache,
    changes,
    queries: {
      ...queries,
      countEvent: (eventId) => {
        counted.push(eventId);
        return queries.countEvent(eventId);
      },
    },
    channel: { publish: async (counts) => void published.push(counts) },
    observer: {
      leads: () => undefined,
      changesLost: () => void (stage.changesLost += 1),
      relayed: () => undefined,
      repaired: (repair) => void repairs.push(repair),
      warned: (message) => void warnings.push(message),
    },
    reach: () => undefined,
    pause: (ms, signal) => (ms >= forEver ? untilAborted(signal) : turn()),
    now: () => 0,
  });
  return stage;
}

function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
