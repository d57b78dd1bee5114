import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { RedisClient } from './client.ts';
import type { Keyspace } from './keyspace.ts';

export interface WritePauseOptions {
  /** Fails soon when Redis is away. */
  readonly redis: RedisClient;
  readonly keyspace: Keyspace;
  /** How long the pauses between two probes become at most, in ms. */
  readonly pauseMsMax: number;
  readonly onBegin: () => void;
  /** `lastedMs`: from the first refusal on. */
  readonly onEnd: (lastedMs: number) => void;
}

export interface WritePause extends AsyncDisposable {
  /** Whether Redis was full when it was last asked. */
  readonly isPaused: boolean;
  /** Whether this is how a full Redis refuses a write; then the pause begins, or goes on. */
  noticed(error: unknown): boolean;
  /** Resolves when Redis takes writes as far as is known, or when `signal` is aborted. */
  over(signal: AbortSignal): Promise<void>;
  /** Does it, unless Redis is full: for what is made good later, by the sweepers. @throws what `write` throws otherwise */
  attempt(write: () => Promise<void>): Promise<void>;
  /** Whether this trouble follows from a full Redis that is known, and is not worth a line of its own. */
  explains(error: unknown): boolean;
}

/** The first pause, in ms: Redis is often full for a moment only, until what was read is trimmed. */
const firstPauseMs = 100;

/** For how long after its end trouble may follow from a full Redis, in ms: longer than locks last. */
const echoMs = 3_000;

const isRefusal = (error: unknown) => error instanceof Error && error.message.includes('OOM command not allowed');

/**
 * What a worker knows of a Redis that is full (`maxmemory`, `noeviction`): it refuses whatever may need memory, and who
 * tries again at once does nothing else any more. BullMQ does that; one worker sent 2,500 to 7,900 commands/s and logged 650
 * to 2,450 lines/s, and does 130 to 390 commands/s so.
 *
 * Modes: writing → paused (`noticed`), paused → writing (a probe is taken). Between two probes is a pause that doubles from
 * 100 ms to `pauseMsMax`, less up to half of it by chance, so that workers don't come back all at once. It starts small
 * again only after Redis took writes for `pauseMsMax`: one that is full again and again is asked seldom.
 */
export function createWritePause({ redis, keyspace, pauseMsMax, onBegin, onEnd }: WritePauseOptions): WritePause {
  // Beside BullMQ's keys, so that in a cluster the same server is asked.
  const probe = `${keyspace.queuePrefix}:probe`;
  const stopping = new AbortController();
  let paused: Promise<void> | undefined;
  let pauseMs = firstPauseMs;
  let endedAt = -Infinity;

  async function probing(): Promise<void> {
    const startedAt = performance.now();
    if (startedAt - endedAt > pauseMsMax) pauseMs = firstPauseMs;
    onBegin();
    do {
      pauseMs = Math.min(pauseMs, pauseMsMax);
      await delay(pauseMs * (0.5 + Math.random() / 2), undefined, { signal: stopping.signal });
      pauseMs *= 2;
    } while (!(await takesWrites()));
    paused = undefined;
    endedAt = performance.now();
    onEnd(endedAt - startedAt);
  }

  /** A Redis that does not answer is not asked more often than one that is full. */
  async function takesWrites(): Promise<boolean> {
    return redis.set(probe, '', 'PX', 1).then(
      () => true,
      () => false,
    );
  }

  function noticed(trouble: unknown): boolean {
    if (!isRefusal(trouble)) return false;
    // What it throws says only that it was stopped.
    if (!stopping.signal.aborted) paused ??= probing().catch(() => undefined);
    return true;
  }

  return {
    get isPaused() {
      return paused !== undefined;
    },
    noticed,
    over(signal) {
      if (paused === undefined || signal.aborted) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const goOn = () => {
        signal.removeEventListener('abort', goOn);
        resolve();
      };
      signal.addEventListener('abort', goOn);
      void paused.then(goOn);
      return promise;
    },
    async attempt(write) {
      if (paused !== undefined) return;
      try {
        await write();
      } catch (error) {
        if (!noticed(error)) throw error;
      }
    },
    explains(error) {
      // A lock that can't be taken or kept says only that it could not, and who held it misses it later.
      const isOfLock = error instanceof Error && error.name === 'LockError';
      const isRecent = paused !== undefined || performance.now() - endedAt < echoMs;
      return isRecent && (isOfLock || isRefusal(error));
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await paused;
    },
  };
}
