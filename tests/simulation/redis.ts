import type { EventCounts, EventId } from '@rollcall/domain';
import type { OpenOffer, Publication } from '@rollcall/engine';
import {
  createInMemoryCountCache,
  createInMemoryMailbox,
  type InMemoryCountCache,
  type InMemoryMailbox,
} from '@rollcall/testkit';
import { createLocks, type Locks } from './locks.ts';
import { fair, type Weather } from './network.ts';
import type { Life } from './processes.ts';
import { createQueue, type Queue } from './queue.ts';
import type { Scheduler } from './scheduler.ts';

interface News extends Pick<Publication, 'answers'> {
  readonly counts: EventCounts | undefined;
}

/** Published to all who listen at that moment; to everybody at another time, to some twice, and to some not at all. */
interface Channel {
  publish(news: News): void;
  listen(life: Life, hear: (news: News) => void): void;
}

/** All that Redis does for Rollcall, on one server with one memory. */
export interface RedisServer {
  readonly weather: Weather;
  readonly mailbox: InMemoryMailbox;
  readonly cache: InMemoryCountCache;
  readonly locks: Locks;
  readonly wakeUps: Queue<EventId>;
  readonly offers: Queue<OpenOffer>;
  readonly channel: Channel;
  /** Its wall clock, from which commands have their times. */
  clockAheadMs: number;
  /** The memory as it is. @returns what brings it back: a server that lost what it had not written to its disk */
  snapshot(): () => void;
  /** Everything is lost. */
  flush(): void;
}

export interface RedisOptions {
  readonly epoch: number;
  readonly depthMax: number;
  /** Told of what no Redis of Rollcall may come to. */
  readonly complain: (what: string) => void;
}

export function createRedisServer(scheduler: Scheduler, { epoch, depthMax, complain }: RedisOptions): RedisServer {
  const weather = fair();
  const channel = createChannel(scheduler, weather);
  const now = () => epoch + scheduler.now() + server.clockAheadMs;
  const stored = createInMemoryMailbox({ now, depthMax, publish: (publication) => channel.publish(publication) });
  const mailbox: InMemoryMailbox = {
    ...stored,
    get dead() {
      return stored.dead;
    },
    async append(command) {
      const appended = await stored.append(command);
      // Damage is planted past the cap, and may come between the append and this look.
      const depth = stored.waiting(command.eventId).filter(isCommandId).length;
      if (appended.kind === 'new' && depth > depthMax)
        complain(`cap: ${depth} commands wait for ${command.eventId}, and ${depthMax} may`);
      return appended;
    },
  };
  const [cache, locks] = [watched(createInMemoryCountCache(), complain), createLocks(scheduler)];
  const wakeUps = createQueue<EventId>(scheduler, weather, (eventId) => eventId);
  const offers = createQueue<OpenOffer>(
    scheduler,
    weather,
    ({ registrationId, expiresAt }) => `${registrationId} ${expiresAt}`,
  );
  const memories = [mailbox, cache, locks, wakeUps, offers];
  const server: RedisServer = {
    weather,
    mailbox,
    cache,
    locks,
    wakeUps,
    offers,
    channel,
    clockAheadMs: 0,
    snapshot() {
      const restores = memories.map((memory) => memory.snapshot());
      return () => {
        for (const restore of restores) restore();
      };
    },
    flush() {
      for (const memory of memories) memory.flush();
    },
  };
  return server;
}

/** Of what waits: a damaged entry has no such id. */
export const isCommandId = (text: string): boolean => text.length === 23;

/** A cache never goes back by itself: only where somebody puts right what contradicts the store. */
function watched(cache: InMemoryCountCache, complain: (what: string) => void): InMemoryCountCache {
  return {
    ...cache,
    setIfNewer(counts) {
      const before = cache.versionOf(counts.eventId);
      const setting = cache.setIfNewer(counts);
      const after = cache.versionOf(counts.eventId);
      if (after < before) complain(`cache: version ${after} of ${counts.eventId} after ${before}`);
      return setting;
    },
  };
}

function createChannel(scheduler: Scheduler, weather: Weather): Channel {
  const listeners = new Map<Life, (news: News) => void>();
  const { dice } = scheduler;
  return {
    publish(news) {
      for (const [life, hear] of listeners) {
        if (life.isOver) listeners.delete(life);
        if (dice.percent(weather.lossPercent)) continue;
        for (let copies = dice.percent(1) ? 2 : 1; copies > 0; copies -= 1) {
          scheduler.after(dice.below(weather.delayMsMax + 1), () => life.hear(() => hear(news)));
        }
      }
    },
    listen: (life, hear) => void listeners.set(life, hear),
  };
}
