import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startLeadership } from './leadership.ts';
import { redisKinds, testRedis, type TestRedis } from './testing.ts';

describe.each(redisKinds)('on $kind', ({ url }) => {
  let server: TestRedis;
  const leading = new Set<string>();
  const errors: unknown[] = [];
  const stops: (() => Promise<void>)[] = [];

  beforeEach(() => {
    server = testRedis(url);
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    leading.clear();
    errors.length = 0;
    server.close();
  });

  const untilAborted = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });

  async function candidate(name: string, lead: (signal: AbortSignal) => Promise<void> = untilAborted) {
    const redis = await server.connect('commands');
    const { stop } = startLeadership({
      clients: [redis],
      keyspace: server.keyspace,
      ttlMs: 400,
      renewEveryMs: 100,
      deadlineMs: 400,
      tryEveryMs: 50,
      onError: (error) => errors.push(error),
      lead: async (signal) => {
        leading.add(name);
        await lead(signal).finally(() => leading.delete(name));
      },
    });
    stops.push(stop);
    return { stop, disconnect: () => redis.disconnect() };
  }

  const patience = { timeout: 10_000, interval: 10 };
  const leaders = () => [...leading].join(', ');

  it('lets one lead, and the next one when that stops', async () => {
    const one = await candidate('one');
    await vi.waitFor(() => expect(leaders()).toBe('one'), patience);
    await candidate('other');
    await delay(300);
    expect(leaders()).toBe('one');
    await one.stop();
    await vi.waitFor(() => expect(leaders()).toBe('other'), patience);
  });

  it('lets the next one lead when the leader can not be heard of any more, and tells that one so', async () => {
    const one = await candidate('one');
    await vi.waitFor(() => expect(leaders()).toBe('one'), patience);
    await candidate('other');
    one.disconnect();
    await vi.waitFor(() => expect(leaders()).toBe('other'), patience);
  });

  it('tells a leader whose lock somebody else has got', async () => {
    await candidate('one');
    await vi.waitFor(() => expect(leaders()).toBe('one'), patience);
    const redis = await server.connect('commands');
    await redis.set(server.keyspace.relay, 'stolen');
    await vi.waitFor(() => expect(leaders()).toBe(''), patience);
  });

  it('tries again after the work has failed', async () => {
    let failures = 0;
    await candidate('one', async (signal) => {
      failures += 1;
      if (failures < 3) throw new Error('planted');
      await untilAborted(signal);
    });
    await vi.waitFor(() => expect(failures).toBe(3), patience);
    await vi.waitFor(() => expect(leaders()).toBe('one'), patience);
    expect(errors).toHaveLength(2);
  });
});
