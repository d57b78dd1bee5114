import { setTimeout as delay } from 'node:timers/promises';
import type { BenchOptions } from '../options.ts';
import { startApi, startWorkerProcess } from '../sides/rollcall.ts';
import type { Stage } from '../stage.ts';
import { spreadOf, type Spread } from '../stats.ts';

/** From the start of a process to its being ready, in ms. */
export interface ColdStartFigures {
  readonly api: Spread;
  readonly worker: Spread;
}

const lookEveryMs = 5;
const readyMsMax = 30_000;

/** Each by itself, beside those that run. */
export async function runColdStart(stage: Stage, { rounds }: BenchOptions): Promise<ColdStartFigures> {
  const [api, worker]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const beforeApi = performance.now();
    const { process } = await startApi(stage, `cold-api-${round}`);
    api.push(performance.now() - beforeApi);
    await process.stop();
    const beforeWorker = performance.now();
    const started = startWorkerProcess(stage, `cold-worker-${round}`);
    while (!started.lastLogLines().includes('worker ready')) {
      if (performance.now() - beforeWorker > readyMsMax) throw new Error('a worker did not get ready');
      await delay(lookEveryMs);
    }
    worker.push(performance.now() - beforeWorker);
    await started.stop();
  }
  return { api: spreadOf(api), worker: spreadOf(worker) };
}
