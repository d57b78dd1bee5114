import type { EventId } from '@rollcall/domain';
import type { Pacer } from './pacer.ts';

export interface DispatcherOptions {
  readonly pacer: Pacer<EventId>;
  /** Sends what is new of an event, and says to how many. */
  readonly send: (eventId: EventId) => Promise<number>;
  /** Events that may be under way at a time. */
  readonly underWayMax: number;
  /** A clock that only goes forward, in ms. */
  readonly elapsed: () => number;
  readonly onError: (error: unknown, eventId: EventId) => void;
}

export interface Dispatcher {
  /** Something is new of this event. */
  want(eventId: EventId): void;
  stop(): void;
}

/** Gives events their turns as the pacer says. */
export function createDispatcher({ pacer, send, underWayMax, elapsed, onError }: DispatcherOptions): Dispatcher {
  let underWay = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function go(): void {
    clearTimeout(timer);
    if (stopped) return;
    while (underWay < underWayMax) {
      const next = pacer.next(elapsed());
      if (next.kind === 'wait') timer = setTimeout(go, Math.ceil(next.ms));
      if (next.kind !== 'send') return;
      underWay += 1;
      void turnOf(next.key);
    }
  }

  async function turnOf(eventId: EventId): Promise<void> {
    const startedAtMs = elapsed();
    let sends = 0;
    try {
      sends = await send(eventId);
    } catch (error) {
      onError(error, eventId);
    }
    underWay -= 1;
    pacer.sent(eventId, startedAtMs, sends);
    go();
  }

  return {
    want(eventId) {
      pacer.want(eventId);
      go();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
