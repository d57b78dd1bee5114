import { setTimeout as delay } from 'node:timers/promises';
import { eventIdFor, registrationIdFor } from '@rollcall/domain';
import type { OpenOffer } from '@rollcall/engine';
import { newCommandId } from '@rollcall/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOfferTimers, startOfferTimerWorker, type OfferTimerQueue } from './offer-timers.ts';
import { redisKinds, testRedis, type TestRedis } from './testing.ts';

const offerUntil = (expiresAt: number): OpenOffer => ({
  eventId: eventIdFor(newCommandId()),
  registrationId: registrationIdFor(newCommandId()),
  expiresAt,
});

describe.each(redisKinds)('offer timers on $kind', ({ url }) => {
  let server: TestRedis;
  let timers: OfferTimerQueue;
  let worker: AsyncDisposable;
  const expired: { offer: OpenOffer; at: number }[] = [];
  const faults: unknown[] = [];

  beforeEach(async () => {
    expired.length = 0;
    server = testRedis(url);
    const { keyspace } = server;
    timers = createOfferTimers(await server.connect('queue'), keyspace, (error) => faults.push(error));
    worker = startOfferTimerWorker({
      ...(await server.jobOptions((error) => faults.push(error))),
      onExpired: async (offer) => {
        expired.push({ offer, at: Date.now() });
        if (offer.expiresAt === 1) throw new Error('planted: the mailbox is away');
      },
    });
  });
  afterEach(async () => {
    await worker[Symbol.asyncDispose]();
    await timers[Symbol.asyncDispose]();
    server.close();
  });

  it('tell of each offer when it has run out, and not before', async () => {
    const now = Date.now();
    const [soon, past] = [offerUntil(now + 300), offerUntil(now - 1_000)];
    await timers.schedule([soon, past]);
    await vi.waitFor(() => expect(expired.map(({ offer }) => offer)).toEqual([past, soon]), { timeout: 10_000 });
    expect(expired[1]?.at).toBeGreaterThanOrEqual(soon.expiresAt);
  });

  it('go on after one that could not be told', async () => {
    const [first, second] = [offerUntil(1), offerUntil(2)];
    await timers.schedule([first]);
    await vi.waitFor(() => expect(expired).toHaveLength(1), { timeout: 10_000 });
    await delay(20);
    await timers.schedule([second]);
    await vi.waitFor(() => expect(expired.at(-1)?.offer).toEqual(second), { timeout: 10_000 });
  });
});
