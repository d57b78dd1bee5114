import { expect, it, vi } from 'vitest';
import { startProxy } from '../chaos/proxy.ts';
import { createOpenEvent } from '../support/events.ts';
import { request } from '../support/http.ts';
import { startRollcall } from '../support/rollcall.ts';
import { startOwnServers } from '../support/servers.ts';

it('goes on when all connections to Redis are dead without a word', async () => {
  const servers = await startOwnServers();
  await using proxy = await startProxy({ host: '127.0.0.1', port: Number(new URL(servers.redis.url).port) });
  const redisUrl = `redis://127.0.0.1:${proxy.port}`;
  const rollcall = await startRollcall({ mongodbUrl: servers.mongo.url, redisUrl, apis: 1, workers: 1 });
  try {
    const { eventId, roleIds } = await createOpenEvent(rollcall, {
      roles: [{ name: 'volunteers', capacity: 3, waitlist: 'auto' }],
    });
    expect(proxy.freeze()).toBeGreaterThan(8);
    const signUp = async () =>
      request(`${rollcall.urls[0]}/v1/events/${eventId}/registrations`, {
        token: await rollcall.token('ann'),
        body: { roleId: roleIds[0] },
        headers: { prefer: 'wait=10', 'idempotency-key': 'the same' },
      });
    await vi.waitFor(async () => expect((await signUp()).status).toBe(201), { timeout: 60_000 });
  } finally {
    await rollcall.stop();
    await servers.stop();
  }
});
