import type { Scheduler } from './scheduler.ts';

/** One life of a process, from its start to its death: what it began is never ended by another. */
export interface Life {
  readonly isOver: boolean;
  readonly isStopped: boolean;
  /** Wall clock, ms since 1970, as this process sees it. */
  now(): number;
  /** Something comes in. The dead hear nothing, and the stopped only when they go on. */
  hear(act: () => void): void;
}

export interface Process {
  readonly name: string;
  readonly isUp: boolean;
  /** As by `kill -9`: nothing that it began goes on. */
  kill(): void;
  /** As by SIGSTOP: it goes on after that time as if nothing had been. */
  stop(ms: number): void;
  /** How far its wall clock is from the true time, in ms. */
  setClock(aheadMs: number): void;
}

/** @param start begins a life; called at once, and after each death some time later */
export function startProcess(scheduler: Scheduler, { name, epoch, restartMs, start }: ProcessOptions): Process {
  let [stoppedUntil, aheadMs] = [0, 0];
  let life: Pick<Life, 'isOver'> & { end(): void };

  function begin(): void {
    let isOver = false;
    const own = {
      get isOver() {
        return isOver;
      },
      get isStopped() {
        return stoppedUntil > scheduler.now();
      },
      end: () => void (isOver = true),
      now: () => epoch + scheduler.now() + aheadMs,
      hear(act: () => void): void {
        if (isOver) return;
        const rest = stoppedUntil - scheduler.now();
        if (rest > 0) scheduler.after(rest, () => own.hear(act));
        else act();
      },
    };
    life = own;
    start(own);
  }
  begin();
  return {
    name,
    get isUp() {
      return !life.isOver;
    },
    kill() {
      if (life.isOver) return;
      life.end();
      stoppedUntil = 0;
      scheduler.after(restartMs(), begin);
    },
    stop(ms) {
      stoppedUntil = Math.max(stoppedUntil, scheduler.now() + ms);
    },
    setClock(ms) {
      aheadMs = ms;
    },
  };
}

export interface ProcessOptions {
  readonly name: string;
  /** When the run began, ms since 1970. */
  readonly epoch: number;
  readonly restartMs: () => number;
  readonly start: (life: Life) => void;
}

/** Never ends for the dead, and early when the signal is aborted. */
export const pauseOf = (scheduler: Scheduler, life: Life, ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      signal?.removeEventListener('abort', end);
      resolve();
    };
    if (signal?.aborted === true) end();
    else scheduler.after(ms, () => life.hear(end));
    signal?.addEventListener('abort', end);
  });

/** Turns that never pile up, whatever becomes of one. */
export function repeat(scheduler: Scheduler, life: Life, everyMs: number, turn: () => Promise<unknown>): void {
  const next = async (): Promise<void> => {
    await pauseOf(scheduler, life, everyMs);
    await turn().catch(() => undefined);
    void next();
  };
  void next();
}
