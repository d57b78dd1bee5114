import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { encodePublication } from '@rollcall/contracts/storage';
import type { CommitId, EventCounts, RoleCounts } from '@rollcall/domain';
import { afterEach, expect, it, vi } from 'vitest';
import { createOpenEvent } from '../../support/events.ts';
import { request } from '../../support/http.ts';
import { listen } from '../../support/listening.ts';
import { startOnSharedServers, type Rollcall } from '../../support/rollcall.ts';

let rollcall: Rollcall;
afterEach(() => rollcall.stop());

const role = { name: 'volunteers', capacity: 5, waitlist: 'auto' } as const;
const never = '600000';

async function signUp(user: string, eventId: string, roleId: string | undefined): Promise<void> {
  const { status } = await request(`${rollcall.urls[0]}/v1/events/${eventId}/registrations`, {
    token: await rollcall.token(user),
    body: { roleId },
    headers: { prefer: 'wait=10' },
  });
  expect(status).toBe(201);
}

it('heals when the connection is lost over which news come', async () => {
  rollcall = await startOnSharedServers({ apis: 1, workers: 1, apiEnv: { LIVE_CHECK_MS: never } });
  const { eventId, roleIds } = await createOpenEvent(rollcall, { roles: [role] });
  const stream = await listen(`${rollcall.urls[0]}/v1/events/${eventId}/live`);
  await stream.until(({ name }) => name === 'counts');
  const confirmed = (count: number) =>
    stream.until(({ data }) => (data['roles'] as RoleCounts[])[0]?.confirmed === count);
  await signUp('ann', eventId, roleIds[0]);
  await confirmed(1);
  for (const [count, user] of [
    [2, 'bob'],
    [3, 'cem'],
  ] as const) {
    expect(await rollcall.redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub')).toBeGreaterThan(0);
    await signUp(user, eventId, roleIds[0]);
    await confirmed(count);
  }
  stream.leave();
});

it('ends all streams when it stops, each with another time to come back, and stops in good order', async () => {
  rollcall = await startOnSharedServers({ apis: 1, workers: 1 });
  const { eventId } = await createOpenEvent(rollcall, { roles: [role] });
  const streams = await Promise.all(
    Array.from({ length: 300 }, () => listen(`${rollcall.urls[0]}/v1/events/${eventId}/live`)),
  );
  // One that does not read, and one that never asked for anything.
  const port = Number(new URL(rollcall.urls[0] ?? '').port);
  const deaf = connect(port, '127.0.0.1').on('error', () => undefined);
  deaf.write(`GET /v1/events/${eventId}/live HTTP/1.1\r\nhost: x\r\n\r\n`);
  const silent = connect(port, '127.0.0.1').on('error', () => undefined);
  await Promise.all(streams.map(({ until }) => until(({ name }) => name === 'counts')));
  const [api] = rollcall.apis;
  await api?.stop(15_000);
  expect(await api?.ended).toBe('exit code 0');
  await Promise.all(streams.map(({ ended }) => ended));
  const retries = streams.map(({ text }) => Number(/\n\nretry: (\d+)\n\n$/.exec(text())?.[1]));
  expect(Math.min(...retries)).toBeGreaterThanOrEqual(2000);
  expect(Math.max(...retries)).toBeLessThanOrEqual(12_000);
  // 300 that are spread over 10 s are not all within 5.
  expect(Math.max(...retries) - Math.min(...retries)).toBeGreaterThan(5000);
  deaf.destroy();
  silent.destroy();
});

it('keeps nothing for readers that do not read but the newest state', async () => {
  const apiEnv = {
    LIVE_CHECK_MS: never,
    LIVE_UPDATES_PER_SECOND_MAX: '1000',
    LIVE_SENDS_PER_SECOND_MAX: '10000000',
    LIVE_PER_ADDRESS_MAX: '1000',
  };
  rollcall = await startOnSharedServers({ apis: 1, workers: 1, apiEnv });
  const roles = Array.from({ length: 100 }, (_, n) => ({ ...role, name: `role ${n}` }));
  const { eventId, roleIds } = await createOpenEvent(rollcall, { roles });
  const port = Number(new URL(rollcall.urls[0] ?? '').port);
  const readers = Array.from({ length: 40 }, () => {
    const reader = connect(port, '127.0.0.1').on('error', () => undefined);
    reader.write(`GET /v1/events/${eventId}/live HTTP/1.1\r\nhost: x\r\n\r\n`);
    return reader.pause();
  });
  const witness = await listen(`${rollcall.urls[0]}/v1/events/${eventId}/live`);
  const counts = (version: number): EventCounts => {
    const seats = { capacity: 5, confirmed: version % 6, waitlist: 0, offered: 0, available: 0 };
    return { eventId, version, commitId: `c${version}` as CommitId, roles: new Map(roleIds.map((id) => [id, seats])) };
  };
  const rss = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${rollcall.apis[0]?.pid}/status`, 'utf8'))?.[1]) / 1024;
  const { version } = (await witness.until(({ name }) => name === 'counts')).data;
  let last = version as number;
  /** Until so many updates have been sent to each: those that come too fast are left out. */
  const publishUntil = async (updates: number) => {
    while (witness.heard.length < updates) {
      last += 1;
      const message = encodePublication(eventId, { answers: [], counts: counts(last) });
      await rollcall.redis.publish(rollcall.keyspace.publications, message);
    }
  };
  await publishUntil(300);
  const before = rss();
  const frameBytes = JSON.stringify(witness.heard.at(-1)?.data).length;
  // All that was sent to them is three times what the process may grow by.
  await publishUntil(300 + Math.ceil((600 * 2 ** 20) / frameBytes / readers.length));
  expect(rss() - before).toBeLessThan(200);

  const [reader] = readers;
  let text = '';
  reader?.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  reader?.resume();
  await vi.waitFor(() => expect(text).toContain(`id: ${last}-c${last}\n`), 20_000);
  expect(text.match(/^event: counts$/gm)?.length).toBeLessThan(witness.heard.length);
  for (const one of readers) one.destroy();
  witness.leave();
});
