import { createCountCache } from '@rollcall/counts-redis';
import { commandIdFromToken } from '@rollcall/domain';
import { createEventQueries } from '@rollcall/store-mongo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOnSharedServers, type Rollcall } from '../support/rollcall.ts';
import { follow, type Followers } from './followers.ts';
import { judge } from './judge.ts';
import { load, type Heard } from './load.ts';

// Each plant stays: what one of them leaves behind the others find as well.

let rollcall: Rollcall;
let heard: Heard;
let followers: Followers;

beforeAll(async () => {
  rollcall = await startOnSharedServers({ apis: 1, workers: 1 });
  heard = await load(rollcall, { perSecond: 60, seconds: 2, patienceMs: 30_000 }, (begun) => {
    followers = follow(rollcall, begun.event.eventId);
  });
});
afterAll(async () => {
  await followers[Symbol.asyncDispose]();
  await rollcall.stop();
});

const nobody = commandIdFromToken('nobody'.padStart(22, '0'));
const checksOf = async (parts: Partial<Heard> = {}, shown = followers, withinMs = 300) => {
  const found = await judge(rollcall, { ...heard, ...parts }, shown, { destroys: false, withinMs });
  return found.map((violation) => violation.split(':')[0]);
};

describe('the judge of chaos', () => {
  it('finds nothing where nothing is wrong', async () => {
    expect(heard.told.length).toBeGreaterThan(100);
    expect(await checksOf({}, followers, 20_000)).toEqual([]);
  });

  it('finds an answer that is not so', async () => {
    const [first, ...others] = heard.told;
    if (first === undefined) throw new Error('nobody was told anything');
    expect(
      await checksOf({ told: [{ ...first, body: { ...first.body, registrationId: 'another' } }, ...others] }),
    ).toEqual(['answers']);
  });

  it('finds an answer that nobody should get', async () => {
    expect(await checksOf({ wrong: ['500 {}'] })).toEqual(['answered']);
  });

  it('finds a command that was accepted and is not decided', async () => {
    expect(await checksOf({ accepted: new Set([...heard.accepted, nobody]) })).toEqual(['accepted']);
  });

  it('finds somebody who is shown what is no more so', async () => {
    const shown = followers.shown.map((counts) => ({ ...counts, version: counts.version - 1 }));
    expect(await checksOf({}, { ...followers, shown })).toEqual(['counts']);
  });

  it('finds commands that nobody sees to', async () => {
    const { eventId } = heard.event;
    const [worker] = rollcall.workers;
    worker?.kill();
    await worker?.ended;
    await rollcall.redis.sadd(rollcall.keyspace.dirty(eventId), eventId);
    expect(await checksOf()).toEqual(['left-alone']);
    await rollcall.redis.srem(rollcall.keyspace.dirty(eventId), eventId);
  });

  it('finds wrong counts in the cache', async () => {
    const { eventId } = heard.event;
    const counts = await createEventQueries(rollcall.collections, 10_000).countEvent(eventId);
    if (counts === undefined) throw new Error('nothing is counted');
    const cache = createCountCache({ redis: rollcall.redis, keyPrefix: rollcall.keyPrefix, ttlMs: 60_000 });
    const roles = new Map([...counts.roles].map(([id, role]) => [id, { ...role, confirmed: role.confirmed + 1 }]));
    await cache.setIfNewer(counts);
    await cache.replace(eventId, counts, { ...counts, roles });
    expect(new Set(await checksOf())).toEqual(new Set(['counts']));
    await cache.replace(eventId, counts, counts);
  });

  it('finds a registration that the journal does not have so', async () => {
    const { registrations } = rollcall.collections;
    await registrations.updateOne(
      { eventId: heard.event.eventId, status: 'confirmed' },
      { $set: { sequence: 99_999 } },
    );
    expect(await checksOf()).toContain('projection');
  });

  it('finds decisions that are not in the order in which the commands came', async () => {
    const { journal } = rollcall.collections;
    const { eventId } = heard.event;
    const [early, late] = await journal.find({ eventId, version: { $gt: 2 } }, { limit: 2 }).toArray();
    if (early === undefined || late === undefined) throw new Error('nothing was decided');
    const { redis, keyspace } = rollcall;
    const [one, other] = [keyspace.receipt(eventId, early.commandId), keyspace.receipt(eventId, late.commandId)];
    const [first, second] = await redis.mget(one, other);
    await redis.mset(one, second ?? '', other, first ?? '');
    expect(await checksOf()).toContain('arrival-order');
  });
});
