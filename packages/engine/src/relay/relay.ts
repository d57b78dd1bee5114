import { sameHead } from '../memory.ts';
import { createPendingChanges, type PendingChanges, type RipeChanges } from './pending-changes.ts';
import {
  ChangesLostError,
  type EventChange,
  type EventChanges,
  type EventHead,
  type RelayPorts,
  type ResumePoint,
} from './ports.ts';
import { createTrueCounts, type TrueCounts } from './true-counts.ts';

export interface RelayLimits {
  /** How long a worker has to refresh and tell what it committed before the relay looks, in ms; twice that at most. */
  readonly settleMs: number;
  /** Pause between two comparisons of the cache with the registrations, each of some events, in ms. */
  readonly compareEveryMs: number;
  /** Events per comparison. */
  readonly comparedAtOnce: number;
}

/** Events that are seen to at a time. */
const atOnce = 8;
const headsPerPage = 1_000;
/** Before what could not be seen to is tried again, in ms. */
const retryMs = 1_000;
/** Comparing takes this part of the time at most: counting a large event keeps the store busy for a while. */
const comparingPart = 1 / 20;

/**
 * Follows committed changes and sees to it that what is derived from them is true: the count cache, and what live streams
 * are told. The worker that committed does it at once; the relay makes sure, after it died, after Redis lost it, and after
 * the store was restored.
 *
 * Leads until `signal` is aborted. All it does may happen twice or out of order without harm, so two that lead at the same
 * time only do double work.
 *
 * @throws Error when the store can't be followed; then somebody has to lead anew, from the stored point.
 */
export async function relay(ports: RelayPorts, limits: RelayLimits, signal: AbortSignal): Promise<void> {
  const counts = createTrueCounts(ports);
  const pending = createPendingChanges();
  // None of them has any sense without the others.
  const stop = new AbortController();
  const leading: Leading = { ports, limits, counts, pending, signal: AbortSignal.any([signal, stop.signal]) };
  ports.observer.leads(true);
  ports.reach('relay-elected');
  const ends = await Promise.allSettled(
    [following, seeingTo, comparing].map((work) => work(leading).finally(() => stop.abort())),
  );
  ports.observer.leads(false);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

interface Leading {
  readonly ports: RelayPorts;
  readonly limits: RelayLimits;
  readonly counts: TrueCounts;
  readonly pending: PendingChanges;
  readonly signal: AbortSignal;
}

async function following({ ports, pending, signal }: Leading): Promise<void> {
  let from = await ports.changes.readResumePoint();
  while (!signal.aborted) {
    from ??= await fromHeads(ports, pending);
    try {
      for await (const step of ports.changes.follow(from, signal)) {
        if (step.change !== undefined) ports.reach('relay-change-read');
        pending.step(step);
      }
    } catch (error) {
      if (!(error instanceof ChangesLostError)) throw error;
      from = undefined;
      await ports.pause(retryMs, signal);
    }
  }
}

/** What has changed until now is found by the versions of all events; what changes from here on is followed. */
async function fromHeads(
  { changes, cache, observer, reach, now }: RelayPorts,
  pending: PendingChanges,
): Promise<ResumePoint> {
  observer.changesLost();
  const point = await changes.now();
  for await (const page of pagesOfHeads(changes, headsPerPage)) {
    const cached = await cache.read(page.map(({ eventId }) => eventId));
    for (const { eventId, ...head } of page) {
      const counts = cached.get(eventId);
      // What is not cached is counted by whoever asks for it.
      if (counts !== undefined && !sameHead(counts, head)) pending.note({ eventId, head, committedAt: now() });
    }
  }
  reach('relay-heads-read');
  return point;
}

async function* pagesOfHeads(changes: EventChanges, countMax: number): AsyncGenerator<readonly EventHead[]> {
  let page: readonly EventHead[] = [];
  do {
    page = await changes.readHeads(page.at(-1)?.eventId, countMax);
    yield page;
  } while (page.length === countMax);
}

async function seeingTo({ ports, limits, counts, pending, signal }: Leading): Promise<void> {
  let stored: ResumePoint | undefined;
  let wentWell = true;
  while (!signal.aborted) {
    await ports.pause(wentWell ? limits.settleMs : retryMs, signal);
    const ripe = pending.takeRipe();
    wentWell = (await seeToAll(ports, counts, ripe)) && (await settle(ports, counts, signal));
    if (!wentWell) {
      pending.giveBack(ripe);
      continue;
    }
    const { resumePoint } = ripe;
    if (resumePoint === undefined || resumePoint === stored) continue;
    await ports.changes.storeResumePoint(resumePoint);
    stored = resumePoint;
    ports.reach('relay-point-stored');
  }
}

/** Whether all went well. */
async function seeToAll(ports: RelayPorts, counts: TrueCounts, { changes }: RipeChanges): Promise<boolean> {
  const all = changes.values();
  let failed = false;
  // All take from the same iterator.
  const next = async () => {
    for (const change of all) if (!(await seeTo(ports, counts, change))) failed = true;
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  return !failed;
}

async function seeTo(
  ports: RelayPorts,
  counts: TrueCounts,
  { eventId, head, committedAt }: EventChange,
): Promise<boolean> {
  try {
    const current = await counts.bringTo(eventId, head);
    // Also where the cache was right: whoever wrote it may have died before it told anybody.
    if (current !== undefined) await ports.channel.publish(current);
    ports.reach('relay-published');
    ports.observer.relayed(Math.max(0, ports.now() - committedAt));
    return true;
  } catch (error) {
    ports.observer.warned('counts not brought up to date', eventId, error);
    return false;
  }
}

/** What has contradicted the store takes a moment, all of it together. Whether all went well. */
async function settle(ports: RelayPorts, counts: TrueCounts, signal: AbortSignal): Promise<boolean> {
  try {
    for (const current of await counts.settle(signal)) await ports.channel.publish(current);
    return true;
  } catch (error) {
    ports.observer.warned('cached counts not put right', undefined, error);
    return false;
  }
}

/** Round and round through all events. */
async function comparing({ ports, limits, counts, signal }: Leading): Promise<void> {
  while (!signal.aborted) {
    let restMs = limits.compareEveryMs;
    try {
      for await (const page of pagesOfHeads(ports.changes, limits.comparedAtOnce)) {
        await ports.pause(restMs, signal);
        if (signal.aborted) return;
        const startedAt = ports.now();
        await counts.compare(page.map(({ eventId }) => eventId));
        await settle(ports, counts, signal);
        restMs = Math.max(limits.compareEveryMs, (ports.now() - startedAt) / comparingPart);
      }
    } catch (error) {
      ports.observer.warned('counts not compared', undefined, error);
      await ports.pause(restMs, signal);
    }
  }
}
