import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkHistory } from '@rollcall/checkers';
import type { CommandId, EventId } from '@rollcall/domain';
import { startRedisCluster, type ManagedServer, type RedisCluster } from '@rollcall/infra';
import {
  connectRedis,
  createKeyspace,
  createWakeUps,
  createWritePause,
  startWakeUpWorker,
  type ConnectionUse,
} from '@rollcall/mailbox-redis';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createOpenEvent, type OpenEvent } from '../support/events.ts';
import { request, type Reply } from '../support/http.ts';
import { recordedHistory, untilDecided } from '../support/recorded.ts';
import { startOnSharedServers, type Rollcall } from '../support/rollcall.ts';

let folder: string;
let cluster: RedisCluster;
let rollcall: Rollcall;
/** At least one event on each master. */
const eventsOf = new Map<ManagedServer, OpenEvent[]>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-cluster-'));
  cluster = await startRedisCluster({ dataDir: folder, durability: 'always', log: () => undefined });
  rollcall = await startOnSharedServers({ redisUrl: cluster.url, apis: 2, workers: 2 });
  while (eventsOf.size < cluster.masters.length) {
    const event = await createOpenEvent(rollcall, { roles: [{ name: 'drivers', capacity: 3, waitlist: 'auto' }] });
    const master = await cluster.masterOf(rollcall.keyspace.mailbox(event.eventId));
    eventsOf.set(master, [...(eventsOf.get(master) ?? []), event]);
  }
});
afterAll(async () => {
  await rollcall.stop();
  await cluster[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

let people = 0;

/** Somebody new, each time by the other API. */
async function signUp({ eventId, roleIds }: OpenEvent, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  people += 1;
  return request(`${rollcall.urls[people % rollcall.urls.length]}/v1/events/${eventId}/registrations`, {
    token: await rollcall.token(`user-${people}`),
    body: { roleId: roleIds[0] },
    headers: { prefer: 'wait=10', ...headers },
  });
}

/** Asks again and again until it is decided. */
async function untilSignedUp(event: OpenEvent, withinMs = 60_000): Promise<CommandId> {
  for (const deadline = Date.now() + withinMs; ; await delay(100)) {
    const reply = await signUp(event);
    if (reply.status === 201) return reply.body['commandId'] as CommandId;
    if (Date.now() > deadline) throw new Error(`still ${reply.status} ${JSON.stringify(reply.body)}`);
  }
}

it.each([0, 1, 2])(
  'events of the other masters go on while one is away, its own get 503 and go on when it is back (master %i)',
  async (index) => {
    const dead = cluster.masters[index];
    if (dead === undefined) throw new Error('there is no such master');
    const lost = eventsOf.get(dead) ?? [];
    const others = [...eventsOf].filter(([master]) => master !== dead).flatMap(([, events]) => events);
    const before = new Map<OpenEvent, CommandId>();
    for (const event of lost) before.set(event, await untilSignedUp(event));

    await dead.kill();
    for (const event of lost) {
      const refused = await signUp(event);
      expect(refused.status).toBe(503);
      expect(['/problems/busy', '/problems/outcome-unknown']).toContain(refused.body['type']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    // Wherever wake-ups, locks, publications and the relay's lock are: one of the turns takes each of them away.
    for (const event of others) for (let n = 0; n < 3; n += 1) await untilSignedUp(event);
    expect((await request(`${rollcall.urls[0]}/health/ready`)).status).toBe(200);

    await dead.start();
    await cluster.untilWhole();
    for (const event of lost) {
      const after = await untilSignedUp(event);
      await untilDecided(rollcall, event.eventId, new Set([before.get(event) ?? after, after]));
    }
    for (const { eventId } of [...lost, ...others]) {
      // This process has to find the master again, too.
      await vi.waitFor(() => rollcall.redis.get(rollcall.keyspace.sequence(eventId)), 30_000);
      expect(checkHistory(await recordedHistory(rollcall, eventId))).toEqual([]);
    }
  },
);

it.each([
  { what: 'their master was killed', all: false, killed: true },
  { what: 'their master stood still', all: false, killed: false },
  { what: 'all masters were killed', all: true, killed: true },
])('wake-ups come again by themselves after $what', async ({ what, all, killed }) => {
  const keyspace = createKeyspace(`${what}:`);
  const ignore = () => undefined;
  const open = (use: ConnectionUse) =>
    connectRedis({ url: cluster.url, use, commandTimeoutMs: 2_000, onError: ignore });
  const [redis, queueRedis] = [open('commands'), open('queue')];
  await using wakeUps = createWakeUps(queueRedis, keyspace, ignore);
  await using writes = createWritePause({ redis, keyspace, pauseMsMax: 1_000, onBegin: ignore, onEnd: ignore });
  const woken = new Set<EventId>();
  const onReplaced = vi.fn<() => void>();
  await using _worker = startWakeUpWorker({
    connect: () => open('blocking'),
    queueRedis,
    keyspace,
    concurrency: 2,
    jobLockMs: 5_000,
    stalledEveryMs: 2_000,
    stuckMs: 60_000,
    writes,
    onReplaced,
    onError: ignore,
    async onWakeUp(eventId) {
      woken.add(eventId);
      return 'done';
    },
  });
  const untilWoken = (eventId: EventId) =>
    vi.waitFor(
      async () => {
        await wakeUps.add(eventId);
        expect(woken).toContain(eventId);
      },
      { timeout: 60_000, interval: 50 },
    );
  const [one, other] = [...eventsOf.values()].flat().map(({ eventId }) => eventId);
  if (one === undefined || other === undefined) throw new Error('there are no two events');
  await untilWoken(one);

  const dead = all ? cluster.masters : [await cluster.masterOf(keyspace.queuePrefix)];
  for (const master of dead) await (killed ? master.kill() : master.pause());
  await expect(wakeUps.add(other)).rejects.toThrow(/closed|timed out|writeable|max retries|ECONN/);
  // BullMQ takes its blocking connection for broken after 6 s.
  await delay(7_000);
  for (const master of dead) await (killed ? master.start() : master.resume());
  await cluster.untilWhole();
  await untilWoken(other);
  expect(onReplaced).not.toHaveBeenCalled();
  for (const each of [redis, queueRedis]) each.disconnect();
});
