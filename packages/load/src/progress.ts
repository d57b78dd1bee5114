import { quantilesOf } from './histogram.ts';
import type { Recorder } from './recorder.ts';
import type { Tasks } from './tasks.ts';

/** How a run stands, of the last second where nothing else is said. */
export interface Progress {
  /** Since the start. */
  readonly seconds: number;
  /** Since the start. */
  readonly sent: number;
  readonly answeredPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Since the start. */
  readonly turnedAway: number;
  readonly lagP99Ms: number;
  /** What was told last. */
  readonly ahead: number;
  /** Requests, thoughts and waits that are open. */
  readonly open: number;
}

export interface WatchingOptions {
  readonly recorder: Recorder;
  readonly tasks: Tasks;
  readonly now: () => number;
  readonly onProgress: (progress: Progress) => void;
}

const everyMs = 1000;

/** Says once per second how it stands, until it is disposed of. */
export function startWatching({ recorder, tasks, now, onProgress }: WatchingOptions): Disposable {
  let [answeredBefore, before] = [0, now()];
  const timer = setInterval(() => {
    const at = now();
    const { latency, lag } = recorder.takeRecent();
    const { p50, p99 } = quantilesOf(latency);
    const answeredPerSecond = Math.round(((recorder.answered - answeredBefore) * 1000) / Math.max(1, at - before));
    [answeredBefore, before] = [recorder.answered, at];
    onProgress({
      seconds: Math.round(at / 1000),
      sent: recorder.sent,
      answeredPerSecond,
      p50Ms: p50,
      p99Ms: p99,
      turnedAway: recorder.turnedAway,
      lagP99Ms: quantilesOf(lag).p99,
      ahead: recorder.aheadLatest,
      open: tasks.open,
    });
  }, everyMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
