import type { OfferTimers, OpenOffer } from '@rollcall/engine';
import type { RedisClient } from './client.ts';
import { startJobWorker, type JobWorkerOptions } from './job-worker.ts';
import type { Keyspace } from './keyspace.ts';
import { createLazyQueue } from './lazy-queue.ts';

const name = 'offers';

export interface OfferTimerQueue extends OfferTimers, AsyncDisposable {}

/** A delayed BullMQ job for each offer, due when it runs out. One that was lost is found by the sweeper. */
export function createOfferTimers(
  redis: RedisClient,
  keyspace: Keyspace,
  onError: (error: unknown) => void,
): OfferTimerQueue {
  const queue = createLazyQueue<OpenOffer>({ redis, keyspace, name, onError });
  return {
    async schedule(offers) {
      const opened = await queue.open();
      const now = Date.now();
      await opened.addBulk(
        offers.map((offer) => ({ name: 'expire', data: offer, opts: { delay: Math.max(0, offer.expiresAt - now) } })),
      );
    },
    [Symbol.asyncDispose]: () => queue[Symbol.asyncDispose](),
  };
}

export interface OfferTimerWorkerOptions extends JobWorkerOptions {
  readonly onExpired: (offer: OpenOffer) => Promise<void>;
}

export function startOfferTimerWorker({ onExpired, ...options }: OfferTimerWorkerOptions): AsyncDisposable {
  // A job that fails is gone: the sweeper looks for what has run out anyway.
  return startJobWorker<OpenOffer>(name, ({ data }) => onExpired(data), options);
}
