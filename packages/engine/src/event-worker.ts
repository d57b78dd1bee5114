import type { EventId } from '@rollcall/domain';
import { LRUCache } from 'lru-cache';
import { drain } from './drain.ts';
import type { DrainLimits, DrainPorts } from './drain-ports.ts';
import type { EventMemory } from './memory.ts';
import type { EventLock, WakeUps } from './ports.ts';

export interface EventWorkerOptions {
  readonly ports: DrainPorts;
  readonly lock: EventLock;
  readonly wakeUps: WakeUps;
  readonly limits: DrainLimits;
  /** How many events a worker remembers the counts of; the least recently used are counted anew when they wake. */
  readonly memoryEventsMax: number;
}

export interface EventWorker {
  /** Works on one event under its lock until the mailbox is empty or the event has had its turn. */
  work(eventId: EventId): Promise<'empty' | 'yielded' | 'busy'>;
  /** The same without the lock: always correct, and wasteful when somebody else is at it. */
  workWithoutLock(eventId: EventId): Promise<'empty' | 'yielded'>;
}

export function createEventWorker({ ports, lock, wakeUps, limits, memoryEventsMax }: EventWorkerOptions): EventWorker {
  const memories = new LRUCache<EventId, EventMemory>({ max: memoryEventsMax });

  async function workWithoutLock(eventId: EventId): Promise<'empty' | 'yielded'> {
    const left = await drain(ports, limits, memories, eventId);
    if (left === 'empty') return 'empty';
    // Before this job ends: a wake-up that is added while a job is active follows it.
    await wakeUps.add(eventId);
    return 'yielded';
  }

  return {
    workWithoutLock,
    async work(eventId) {
      // The lock is released inside, before the caller finishes its job: a wake-up that comes in between finds it free.
      const outcome = await lock.withEventLock(eventId, () => workWithoutLock(eventId));
      if (outcome.kind === 'done') return outcome.value;
      ports.observer.lockBusy(eventId);
      return 'busy';
    },
  };
}
