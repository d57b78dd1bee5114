import { setTimeout as delay } from 'node:timers/promises';
import { createKeyspace } from '@rollcall/mailbox-redis';
import { peakRssBytesOf, rssBytesOf } from '../measure.ts';
import type { BenchOptions } from '../options.ts';
import type { Check } from '../sides/side.ts';
import type { RollcallContender } from '../sides/rollcall.ts';
import type { Stage } from '../stage.ts';
import type { GrownEvent } from './growth.ts';
import { expectAll } from './run.ts';

export interface OpenWaitsFigures {
  readonly openWaits: number;
  readonly registrations: number;
  /** Bytes; undefined where the system does not tell. */
  readonly apiRssBefore: number | undefined;
  readonly apiRssWithOpenWaits: number | undefined;
  readonly apiRssPeak: number | undefined;
  readonly workerRss: number | undefined;
  readonly workerRssPeak: number | undefined;
  readonly check: Check;
}

const takenMsMax = 20_000;

/** Memory with many registrations and many who wait: the workers are held still until all requests are in. */
export async function runOpenWaits(
  stage: Stage,
  rollcall: RollcallContender,
  grown: GrownEvent,
  { openWaits }: BenchOptions,
): Promise<OpenWaitsFigures> {
  const { origin, path, body, eventId } = grown.target;
  const target = { origin, path, body, prefer: 'wait=30', firstUser: grown.signups, count: openWaits };
  const mailbox = createKeyspace(stage.keyPrefix).mailbox(eventId);
  const apiRssBefore = rssBytesOf(rollcall.api.pid);
  for (const worker of rollcall.workers) worker.signal('SIGSTOP');
  try {
    await stage.generator.perform({ kind: 'hold', target });
    for (const end = Date.now() + takenMsMax; (await stage.redis.xlen(mailbox)) < openWaits; await delay(50)) {
      if (Date.now() > end) throw new Error(`not all of ${openWaits} waiting requests were taken`);
    }
  } finally {
    for (const worker of rollcall.workers) worker.signal('SIGCONT');
  }
  const apiRssWithOpenWaits = rssBytesOf(rollcall.api.pid);
  const { statuses } = await stage.generator.perform({ kind: 'release' });
  expectAll(statuses, 201, 'open waits');
  grown.signups += openWaits;
  const [worker] = rollcall.workers;
  return {
    openWaits,
    registrations: grown.signups,
    apiRssBefore,
    apiRssWithOpenWaits,
    apiRssPeak: peakRssBytesOf(rollcall.api.pid),
    workerRss: worker === undefined ? undefined : rssBytesOf(worker.pid),
    workerRssPeak: worker === undefined ? undefined : peakRssBytesOf(worker.pid),
    check: await grown.target.check(grown.signups),
  };
}
