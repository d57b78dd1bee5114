import type { Arrival } from './arrivals.ts';

/** How often it looks who is due, in ms: no timer is finer, and spinning would take a core from the servers. */
const lookEveryMs = 1;

export interface OpenLoopOptions {
  readonly arrivals: Iterator<Arrival, void, undefined>;
  /** ms since the start of the run */
  readonly now: () => number;
  readonly onArrival: (arrival: Arrival) => void;
  /** Nobody comes any more. */
  readonly signal: AbortSignal;
}

/** Lets everybody come at their time, whatever became of those before. Resolves when the last has come. */
export function openLoop({ arrivals, now, onArrival, signal }: OpenLoopOptions): Promise<void> {
  let next = arrivals.next();
  return new Promise((resolve) => {
    const timer = setInterval(letCome, lookEveryMs);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();

    function letCome(): void {
      const until = now();
      while (next.done !== true && next.value.dueMs <= until) {
        onArrival(next.value);
        next = arrivals.next();
      }
      if (next.done === true) end();
    }

    function end(): void {
      clearInterval(timer);
      signal.removeEventListener('abort', end);
      resolve();
    }
  });
}
