import { setTimeout as delay } from 'node:timers/promises';
import { createClient, type RollcallClient } from '@rollcall/client';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createOpenEvent, type OpenEvent } from '../support/events.ts';
import { request } from '../support/http.ts';
import { startOnSharedServers, type Rollcall } from '../support/rollcall.ts';

/** As the settings have it. */
const snapshotMs = 100;

let rollcall: Rollcall;
let event: OpenEvent;

beforeAll(async () => {
  // A relay that sees to the signups could fill the cache before those who miss it.
  rollcall = await startOnSharedServers({ apis: 2, workers: 1, workerEnv: { RELAY: 'off' } });
});
beforeEach(async () => {
  event = await createOpenEvent(rollcall, { roles: [{ name: 'cooks', capacity: 5, waitlist: 'auto' }] });
});
afterAll(() => rollcall.stop());

async function clientOf(user: string, api: number): Promise<RollcallClient> {
  return createClient({ url: rollcall.urls[api] ?? '', token: await rollcall.token(user) });
}

/** The version of its decision, answered by the first process. */
async function signUp(user: string): Promise<number> {
  const [roleId = ''] = event.roleIds;
  const result = await (await clientOf(user, 0)).signUpForEvent(event.eventId, { roleId }, { waitSeconds: 10 });
  if (result.kind !== 'decided') throw new Error(JSON.stringify(result));
  return result.value.version;
}

/** Forgets what is cached of all events of this Rollcall. */
async function emptyCache(): Promise<void> {
  const keys = await rollcall.redis.keys(`${rollcall.keyPrefix}counts:*`);
  if (keys.length === 0) throw new Error('nothing was cached');
  await rollcall.redis.del(...keys);
}

it.each(['an event', 'availability', 'a list'])('1,000 who find the cache empty have %s counted once', async (what) => {
  const { db } = rollcall.collections;
  await signUp('ann');
  const path = what === 'a list' ? '?limit=1' : `/${event.eventId}${what === 'availability' ? '/availability' : ''}`;
  const url = `${rollcall.urls[1]}/v1/events${path}`;
  await request(url);
  // Until memory has forgotten it too.
  await delay(2 * snapshotMs);
  await emptyCache();
  await db.command({ profile: 2 });
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => request(url)));
  await db.command({ profile: 0 });
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  const profile = db.collection('system.profile');
  const counted = await profile.countDocuments({ 'command.aggregate': { $exists: true }, appName: 'rollcall-api' });
  await profile.drop();
  expect(counted).toBe(1);
});

it('who was answered a decision reads it at once: there without more ado, elsewhere by its version', async () => {
  const { eventId } = event;
  const [here, there] = [await clientOf('ann', 0), await clientOf('ann', 1)];
  for (const user of ['ann', 'bob', 'cem', 'dan', 'eve']) {
    const version = await signUp(user);
    const atLeast = { kind: 'found', value: { version: expect.toSatisfy((shown: number) => shown >= version) } };
    expect(await here.getAvailability(eventId)).toMatchObject(atLeast);
    expect(await here.getEvent(eventId)).toMatchObject(atLeast);
    expect(await there.getAvailability(eventId, { minVersion: version })).toMatchObject(atLeast);
    expect(await there.getEvent(eventId, { minVersion: version })).toMatchObject(atLeast);
  }
  const { body } = await request(`${rollcall.urls[1]}/v1/events/${eventId}/availability`);
  expect(body).toMatchObject({ roles: [{ confirmed: 5, available: 0 }] });
});

it('a version is reached also where the cache has lost it, and one that never was is refused', async () => {
  const { eventId } = event;
  const client = await clientOf('ann', 1);
  const version = await signUp('ann');
  await emptyCache();
  expect(await client.getAvailability(eventId, { minVersion: version })).toMatchObject({ value: { version } });
  for (const read of [client.getAvailability, client.getEvent])
    expect(await read(eventId, { minVersion: version + 1 })).toMatchObject({
      kind: 'refused',
      status: 400,
      problem: { errors: [{ in: 'querystring', pointer: '/minVersion' }] },
    });
});
