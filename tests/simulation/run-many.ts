import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { sumOf, type Tally } from './report.ts';
import type { Share } from './share.ts';

export interface Many {
  /** The first seed. */
  readonly from: number;
  /** How many, or for how long. */
  readonly seeds?: number;
  readonly minutes?: number;
}

/** Simulates on all cores. */
export async function runMany({
  from,
  seeds = Infinity,
  minutes = Infinity,
}: Many): Promise<{ readonly tally: Tally; readonly seconds: number }> {
  const startedAt = performance.now();
  const untilMs = Date.now() + minutes * 60_000;
  const threads = Math.max(1, Math.min(availableParallelism(), seeds));
  const shares = Array.from({ length: threads }, (_, index): Share => ({
    from: from + index,
    step: threads,
    to: from + seeds,
    untilMs,
  }));
  const tally = sumOf(await Promise.all(shares.map(runShare)));
  return { tally, seconds: (performance.now() - startedAt) / 1_000 };
}

function runShare(share: Share): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('share.ts', import.meta.url), {
      workerData: share,
      // Nearly all that a run makes is garbage at once.
      resourceLimits: { maxYoungGenerationSizeMb: 96 },
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
