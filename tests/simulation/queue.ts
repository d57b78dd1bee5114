import type { Weather } from './network.ts';
import type { Life } from './processes.ts';
import type { Scheduler } from './scheduler.ts';

/** What a worker says of a job that it was given. */
type JobEnd = 'done' | 'retry';

/**
 * Jobs as BullMQ keeps them: one per key that waits; one that is added while its key is being worked on follows that; a worker
 * that is not heard of for a while loses its job to another.
 */
export interface Queue<Data> {
  /** @param delayMs not before that */
  add(data: Data, delayMs?: number): void;
  /** A worker that takes so many jobs at a time, as long as it lives. */
  serve(life: Life, atOnce: number, work: (data: Data) => Promise<JobEnd>): void;
  /** Gives a job that somebody is at to somebody else as well. */
  giveTwice(): void;
  /** Forgets the jobs that wait. */
  lose(): void;
  /** Jobs that wait or are being worked on. */
  readonly size: number;
  snapshot(): () => void;
  flush(): void;
}

interface Active<Data> {
  readonly data: Data;
  readonly life: Life;
  /** Another is to follow. */
  isWanted: boolean;
  /** Nobody is at it any more. */
  isForgotten: boolean;
}

interface Server<Data> {
  readonly life: Life;
  readonly work: (data: Data) => Promise<JobEnd>;
  free: number;
}

/** After which a worker that is not heard of has lost its jobs, and how often that is looked at; as the settings have it. */
const jobLockMs = 5_000;
const stalledEveryMs = 2_000;

export function createQueue<Data>(scheduler: Scheduler, weather: Weather, keyOf: (data: Data) => string): Queue<Data> {
  const { dice } = scheduler;
  let waiting = new Map<string, Data>();
  let active = new Map<string, Active<Data>>();
  const servers: Server<Data>[] = [];
  let looking = false;

  function add(data: Data, delayMs = 0): void {
    const key = keyOf(data);
    const current = active.get(key);
    if (current !== undefined) current.isWanted = true;
    else if (delayMs > 0) {
      // Kept by the server, and lost with its memory.
      const [then, job] = [waiting, data];
      scheduler.after(delayMs, () => {
        if (then === waiting) add(job);
      });
    } else {
      waiting.set(key, data);
      give();
    }
  }

  function give(): void {
    if (!weather.isUp) return;
    for (const [key, data] of waiting) {
      const free = servers.filter(({ life, free: room }) => room > 0 && !life.isOver);
      if (free.length === 0) return;
      waiting.delete(key);
      const job: Active<Data> = { data, life: dice.pick(free).life, isWanted: false, isForgotten: false };
      active.set(key, job);
      start(key, job);
    }
  }

  function start(key: string, job: Active<Data>): void {
    const server = servers.find(({ life }) => life === job.life);
    if (server === undefined) return;
    server.free -= 1;
    scheduler.after(dice.below(weather.delayMsMax + 1), () =>
      server.life.hear(() => {
        server.work(job.data).then(
          (end) => finish(key, job, server, end),
          () => finish(key, job, server, 'done'),
        );
      }),
    );
  }

  function finish(key: string, job: Active<Data>, server: Server<Data>, end: JobEnd): void {
    server.free += 1;
    // A server that has lost its memory, or is away, believes that somebody is at it still.
    job.isForgotten = true;
    if (!weather.isUp) return;
    if (active.get(key) === job) {
      active.delete(key);
      if (end === 'retry') add(job.data, 200 + dice.below(300));
      else if (job.isWanted) add(job.data);
    }
    give();
  }

  function lookForStalled(): void {
    for (const [key, job] of active) {
      if (!job.life.isOver && !job.life.isStopped && !job.isForgotten) continue;
      active.delete(key);
      waiting.set(key, job.data);
    }
    give();
    looking = active.size + waiting.size > 0;
    if (looking) scheduler.after(stalledEveryMs, lookForStalled);
  }

  return {
    add(data, delayMs) {
      add(data, delayMs);
      if (looking) return;
      looking = true;
      scheduler.after(jobLockMs, lookForStalled);
    },
    serve(life, atOnce, work) {
      servers.push({ life, work, free: atOnce });
      give();
    },
    giveTwice() {
      for (const [key, job] of active) start(key, job);
    },
    lose: () => waiting.clear(),
    get size() {
      return waiting.size + active.size;
    },
    snapshot() {
      const [then, busy] = [new Map(waiting), new Map(active)];
      return () => {
        [waiting, active] = [new Map(then), new Map(busy)];
      };
    },
    flush() {
      [waiting, active] = [new Map(), new Map()];
    },
  };
}
