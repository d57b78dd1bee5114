export interface Repeating {
  /** No more turns; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/** Runs `turn` again and again, `pauseMs` after the last one ended: slow turns never pile up. */
export function every(pauseMs: number, turn: () => Promise<void>, onError: (error: unknown) => void): Repeating {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  const schedule = () => {
    timer = setTimeout(() => {
      running = turn()
        .catch(onError)
        .finally(() => {
          if (!stopped) schedule();
        });
    }, pauseMs);
  };
  schedule();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
