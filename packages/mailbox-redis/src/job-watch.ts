import { every, type Repeating } from '@rollcall/runtime';

export interface JobWatchOptions {
  /** For how long jobs may be due while the worker has room and takes none, in ms. */
  readonly stuckMs: number;
  /** Jobs that the worker has ever taken. */
  readonly taken: () => number;
  /** Whether it could take one now: not when it is full of jobs, or waits for Redis to take writes. */
  readonly hasRoom: () => boolean;
  /** Asks Redis whether somebody should take a job now. @throws when Redis is away */
  readonly hasDue: () => Promise<boolean>;
  readonly onStuck: () => void;
}

/** Looks per `stuckMs`. */
const looksPerStuck = 5;

/**
 * Tells of a worker that has stopped taking jobs, while its process and its timers go on. All of this must be so at every
 * one of several looks in a row, over `stuckMs`: jobs are due, the worker has room, and it has taken none since the look
 * before. Looks are counted, not time: a process that was stopped, or a machine that slept, gets its time to go on.
 * A look that fails, because Redis is away, begins the count anew: connections come back without us.
 */
export function watchJobs({ stuckMs, taken, hasRoom, hasDue, onStuck }: JobWatchOptions): Repeating {
  let looks = 0;
  let takenBefore = taken();
  const isIdle = () => taken() === takenBefore && hasRoom();

  async function look(): Promise<void> {
    const isStuck = isIdle() && (await hasDue()) && isIdle();
    takenBefore = taken();
    looks = isStuck ? looks + 1 : 0;
    // As many pauses between them.
    if (looks <= looksPerStuck) return;
    looks = 0;
    onStuck();
  }

  return every(stuckMs / looksPerStuck, look, () => {
    // Redis is away, and its connections tell of it.
    looks = 0;
  });
}
