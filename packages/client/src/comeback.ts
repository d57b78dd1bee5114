/** When to try again. */
export interface Comeback {
  /** By the server: how long to wait after the stream has ended, in ms. */
  told(retryMs: number): void;
  /** The stream has begun. */
  connected(): void;
  /** Of the next wait, in ms; `retryAfterSeconds`: what a refusal said. */
  nextMs(retryAfterSeconds?: number): number;
}

/** Until a server has said something else. */
const retryMsDefault = 2000;
const failingMsMax = 30_000;
const jitter = 0.5;

/**
 * After a stream that ended: as the server told this client, which tells each another time. While it can't be reached:
 * later each time, and not at the time at which everybody else tries.
 */
export function createComeback(random: () => number = Math.random): Comeback {
  let retryMs = retryMsDefault;
  let failures = 0;
  return {
    told(ms) {
      retryMs = ms;
    },
    connected() {
      failures = -1;
    },
    nextMs(retryAfterSeconds) {
      failures += 1;
      if (failures === 0) return retryMs;
      const ms =
        retryAfterSeconds === undefined
          ? Math.min(failingMsMax, Math.max(retryMs, 1) * 2 ** (failures - 1))
          : retryAfterSeconds * 1000;
      return ms * (1 + jitter * random());
    },
  };
}
