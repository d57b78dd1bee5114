import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createCountCache } from '@rollcall/counts-redis';
import type { EventId } from '@rollcall/domain';
import { relayPoints } from '@rollcall/engine';
import { createEventQueries, createEventStore, ensureSchema } from '@rollcall/store-mongo';
import { benchOf } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createOpenEvent, type OpenEvent } from '../support/events.ts';
import { request, type Reply } from '../support/http.ts';
import { logOf, metricsOf } from '../support/logs.ts';
import { startOnSharedServers, startRollcall, type Rollcall } from '../support/rollcall.ts';
import { startOwnServers, type OwnServers } from '../support/servers.ts';

/** Recovery takes as long as it takes. */
const patience = { timeout: 30_000, interval: 50 };

const cacheOf = ({ redis, keyPrefix }: Rollcall) => createCountCache({ redis, keyPrefix, ttlMs: 60_000 });

const countsOf = ({ collections }: Rollcall, eventId: EventId) =>
  createEventQueries(collections, 10_000).countEvent(eventId);

/** Until the cache says what a count over the registrations says, of this version or a later one. */
async function untilTrue(rollcall: Rollcall, eventId: EventId, version = 0): Promise<void> {
  await vi.waitFor(async () => {
    const cached = (await cacheOf(rollcall).read([eventId])).get(eventId);
    expect(cached).toEqual(await countsOf(rollcall, eventId));
    expect(cached?.version).toBeGreaterThanOrEqual(version);
  }, patience);
}

/** With the defaults a dead leader is missed after 2.5 s. */
const workerEnv = { RELAY_LEADER_TTL_MS: '600', RELAY_LEADER_RENEW_MS: '150', RELAY_LEADER_TRY_MS: '100' };

describe('a relay that is killed', () => {
  // Together: they spend their time waiting for leaders to be missed.
  it.concurrent.each(relayPoints)('at %s is followed by one that leaves nothing undone', async (point) => {
    const rollcall = await startOnSharedServers({ apis: 0, workers: 0, workerEnv });
    // Committed past all workers: nobody but the relay can bring it to the cache, which has the counts of its opening.
    const event = benchOf(createEventStore(rollcall.collections));
    await event.open();
    await cacheOf(rollcall).setIfNewer((await countsOf(rollcall, event.eventId))!);
    let version = 2;
    const victim = rollcall.startWorker({ CRASH_AT: point });
    const ended = new AbortController();
    void victim.ended.then(() => ended.abort());
    // The first changes may come before anybody follows them.
    for (; !ended.signal.aborted; await delay(100)) {
      ({ version } = (await event.commit(event.signUp(`user-${version}`))).next);
    }
    expect(await victim.ended).toBe('SIGKILL');

    rollcall.startWorker();
    await untilTrue(rollcall, event.eventId, version);
    await rollcall.stop();
  });

  it('is followed by one that stands by, and that has led from where it stopped', async () => {
    const rollcall = await startOnSharedServers({ apis: 0, workers: 2 });
    const leads = async () =>
      Promise.all(rollcall.workers.map(async (worker) => (await metricsOf(worker)).includes('rollcall_relay_leads 1')));
    await vi.waitFor(async () => expect((await leads()).toSorted()).toEqual([false, true]), patience);
    const leader = (await leads()).indexOf(true);
    const event = benchOf(createEventStore(rollcall.collections));
    const opened = await event.open();
    await untilTrue(rollcall, event.eventId, opened.next.version);

    rollcall.workers[leader]?.kill();
    const [successor] = rollcall.workers.splice(1 - leader, 1);
    const { next } = await event.commit(event.signUp('ann'));
    await untilTrue(rollcall, event.eventId, next.version);
    expect(await metricsOf(successor!)).toContain('rollcall_relay_changes_lost_total 0');
    await successor!.stop(20_000);
    await rollcall.stop();
  });
});

describe('the count cache', () => {
  let servers: OwnServers;
  let rollcall: Rollcall;
  let event: OpenEvent;
  let url: string;
  let users = 0;

  beforeAll(async () => {
    servers = await startOwnServers();
    rollcall = await startRollcall({
      mongodbUrl: servers.mongo.url,
      redisUrl: servers.redis.url,
      apis: 1,
      workers: 2,
      workerEnv: { COUNTS_COMPARE_MS: '200' },
    });
    event = await createOpenEvent(rollcall, { roles: [{ name: 'volunteers', capacity: 50, waitlist: 'auto' }] });
    url = `${rollcall.urls[0]}/v1/events/${event.eventId}`;
  });
  afterAll(async () => {
    await rollcall.stop();
    await servers.stop();
  });

  /** Somebody new signs up, and repeats with the same key until it is decided. */
  async function signUp(): Promise<Reply> {
    users += 1;
    const token = await rollcall.token(`user-${users}`);
    const headers = { prefer: 'wait=5', 'idempotency-key': randomUUID() };
    for (;;) {
      const reply = await request(`${url}/registrations`, { token, body: { roleId: event.roleIds[0] }, headers });
      if (reply.status === 201) return reply;
      expect([202, 503]).toContain(reply.status);
      await delay(100);
    }
  }

  const availability = async () => (await request(`${url}/availability`)).body;
  const repairs = async () =>
    (await Promise.all(rollcall.workers.map(metricsOf))).flat().filter((line) => /_repaired_total.* [1-9]/.test(line));

  it('is true again after it was emptied in the middle of signups', async () => {
    const going = Array.from({ length: 10 }, async () => {
      for (let n = 0; n < 10; n += 1) await signUp();
    });
    await delay(150);
    await rollcall.redis.flushall();
    await Promise.all(going);
    await untilTrue(rollcall, event.eventId);
    await vi.waitFor(async () => {
      expect(await availability()).toMatchObject({ roles: [{ confirmed: 50, waitlist: 50, available: 0 }] });
    }, patience);
  });

  it('is true again after a hand has written into it, and says so', async () => {
    const key = `${rollcall.keyPrefix}counts:${event.eventId}`;
    const roles = JSON.stringify([
      [event.roleIds[0], { capacity: 50, confirmed: 7, waitlist: 0, offered: 0, available: 43 }],
    ]);
    await rollcall.redis.hset(key, 'roles', roles);
    await untilTrue(rollcall, event.eventId);
    expect((await repairs()).join()).toContain('kind="other-counts"');
    await vi.waitFor(() => {
      const lines = rollcall.workers.flatMap(logOf).filter(({ kind }) => kind === 'other-counts');
      expect(lines).toMatchObject([{ eventId: event.eventId, msg: 'cached counts put right' }]);
    }, patience);
    // One that looks as if it came from the future.
    await rollcall.redis.hset(key, 'version', '999999');
    await untilTrue(rollcall, event.eventId);
    expect((await repairs()).join()).toContain('kind="ahead"');
    // And one that is no count at all.
    await rollcall.redis.hset(key, 'roles', 'seven');
    await vi.waitFor(async () => {
      expect(await availability()).toMatchObject({ roles: [{ confirmed: 50, waitlist: 50 }] });
    }, patience);
    await untilTrue(rollcall, event.eventId);
  });

  it('is true again after the database was restored to an earlier state, and goes on from there', async () => {
    const { db } = rollcall.collections;
    const names = ['events', 'registrations', 'journal', 'relay'] as const;
    const dump = await Promise.all(
      names.map(async (name) => [name, await db.collection(name).find().toArray()] as const),
    );
    const before = await availability();
    for (let n = 0; n < 20; n += 1) await signUp();
    await untilTrue(rollcall, event.eventId);
    expect(await availability()).toMatchObject({ roles: [{ waitlist: 70 }] });

    for (const name of names) await db.collection(name).drop();
    await db.collection('schemaChanges').drop();
    await ensureSchema(db);
    for (const [name, documents] of dump) {
      for (const document of documents) {
        // The relay stores where it is at any time.
        await db.collection(name).replaceOne({ _id: document._id }, document, { upsert: true });
      }
    }
    await untilTrue(rollcall, event.eventId);
    await vi.waitFor(async () => expect(await availability()).toEqual(before), patience);

    await signUp();
    await untilTrue(rollcall, event.eventId);
    await vi.waitFor(async () => expect(await availability()).toMatchObject({ roles: [{ waitlist: 51 }] }), patience);
  });
});
