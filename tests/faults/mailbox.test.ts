import { setTimeout as delay } from 'node:timers/promises';
import { checkHistory } from '@rollcall/checkers';
import { parseCommandId, parseRoleId, type CommandId, type RoleId, type UserId } from '@rollcall/domain';
import { afterEach, expect, it, vi } from 'vitest';
import { createOpenEvent } from '../support/events.ts';
import { request } from '../support/http.ts';
import { logOf } from '../support/logs.ts';
import { recordedHistory, untilDecided } from '../support/recorded.ts';
import { staffClaims, startOnSharedServers, type Rollcall } from '../support/rollcall.ts';

let rollcall: Rollcall;
afterEach(() => rollcall.stop());

const role = { name: 'volunteers', capacity: 5, waitlist: 'auto' } as const;

it('decides what can not be read as unprocessable, buries what has no id, and goes on with the rest', async () => {
  rollcall = await startOnSharedServers({ apis: 1, workers: 1 });
  const { eventId, roleIds } = await createOpenEvent(rollcall, { roles: [role] });
  const { redis, keyspace } = rollcall;
  const unreadable = parseCommandId('cunreadable00000000000x') as CommandId;
  const plant = async (fields: Readonly<Record<string, string>>) => {
    const number = await redis.incr(keyspace.sequence(eventId));
    await redis.xadd(keyspace.mailbox(eventId), `${number}-1`, ...Object.entries(fields).flat());
    await redis.sadd(keyspace.dirty(eventId), eventId);
  };
  await plant({ c: unreadable, at: String(Date.now()), p: '{"body":{"type":"Nonsense"}}' });
  await plant({ x: 'no id, no time' });
  const reply = await request(`${rollcall.urls[0]}/v1/events/${eventId}/registrations`, {
    token: await rollcall.token('ann'),
    body: { roleId: roleIds[0] },
    headers: { prefer: 'wait=10' },
  });
  expect(reply.status).toBe(201);

  await untilDecided(rollcall, eventId, new Set([unreadable]));
  const entry = await rollcall.collections.journal.findOne({ eventId, commandId: unreadable });
  expect(entry).toMatchObject({ outcome: 'rejected', rejection: { reason: 'unprocessable' } });
  expect(await redis.xlen(keyspace.deadLetters(eventId))).toBe(1);
  expect(await redis.xlen(keyspace.mailbox(eventId))).toBe(0);
});

it('a command that the rules fail at is decided unprocessable, the others as ever, and staff are shown it', async () => {
  rollcall = await startOnSharedServers({ apis: 1, workers: 1 });
  const { eventId, roleIds } = await createOpenEvent(rollcall, { roles: [role] });
  const url = `${rollcall.urls[0]}/v1/events/${eventId}`;
  const signUp = async (user: string, headers: Readonly<Record<string, string>> = {}) =>
    request(`${url}/registrations`, { token: await rollcall.token(user), body: { roleId: roleIds[0] }, headers });
  const ann = await signUp('ann', { prefer: 'wait=10' });
  expect(ann.status).toBe(201);
  // The rules fail at a registration for a role that is not there.
  const { matchedCount } = await rollcall.collections.registrations.updateOne(
    { eventId, userId: 'ann' as UserId },
    { $set: { roleId: parseRoleId('nowhere') as RoleId } },
  );
  expect(matchedCount).toBe(1);

  // So that all of them are one batch.
  const [worker] = rollcall.workers;
  if (worker === undefined) throw new Error('there is no worker');
  process.kill(worker.pid, 'SIGSTOP');
  const bob = await signUp('bob');
  const bad = await request(`${url}/registrations/${String(ann.body['registrationId'])}/cancel`, {
    token: await rollcall.token('ann'),
    body: {},
  });
  const cem = await signUp('cem');
  const sent = [bob, bad, cem];
  expect(sent.map(({ status }) => status)).toEqual([202, 202, 202]);
  process.kill(worker.pid, 'SIGCONT');
  const commandIds = sent.map(({ body }) => body['commandId'] as CommandId);
  await untilDecided(rollcall, eventId, new Set(commandIds));

  const staff = await rollcall.token('staff-1', staffClaims);
  const journal = await request(`${url}/journal`, { token: staff });
  const items = journal.body['items'] as { commandId: CommandId; outcome: string; rejection?: { reason: string } }[];
  const shown = items.filter(({ commandId }) => commandIds.includes(commandId));
  expect(shown.map(({ outcome, rejection }) => rejection?.reason ?? outcome)).toEqual([
    'accepted',
    'unprocessable',
    'accepted',
  ]);
  const status = await request(`${url}/commands/${commandIds[1]}`, { token: staff });
  expect(status.body).toMatchObject({ status: 'rejected', problem: { type: '/problems/unprocessable' } });
  // Somebody is warned with its id, to look for why.
  await vi.waitFor(() =>
    expect(logOf(worker).map(({ msg }) => msg)).toContain(`command ${commandIds[1]} could not be decided`),
  );
});

it('a mailbox without a wake-up is found by the sweeper', async () => {
  rollcall = await startOnSharedServers({ apis: 1, workers: 0 });
  const { redis, keyspace } = rollcall;
  const worker = rollcall.startWorker();
  const { eventId, roleIds } = await createOpenEvent(rollcall, { roles: [role] });
  await worker.stop(20_000);
  const taken = await request(`${rollcall.urls[0]}/v1/events/${eventId}/registrations`, {
    token: await rollcall.token('ann'),
    body: { roleId: roleIds[0] },
  });
  expect(taken.status).toBe(202);
  // Every trace of a wake-up is lost; only the mailbox and its dirty mark are left.
  const lost = await redis.keys(`${keyspace.queuePrefix.replaceAll(/[[\]?*\\]/g, '\\$&')}*`);
  expect(lost.length).toBeGreaterThan(0);
  await redis.del(...lost);
  rollcall.startWorker();
  await untilDecided(rollcall, eventId, new Set([taken.body['commandId'] as CommandId]), 20_000);
});

it('a worker that is paused beyond its lock and its job can not commit what it decided before', async () => {
  rollcall = await startOnSharedServers({ apis: 1, workers: 2 });
  const { eventId, roleIds } = await createOpenEvent(rollcall, { roles: [{ ...role, capacity: 50 }] });
  const tokens = await Promise.all(Array.from({ length: 400 }, (_, n) => rollcall.token(`user-${n}`)));
  const accepted = new Set<CommandId>();
  const [first] = rollcall.workers;
  if (first === undefined) throw new Error('there is no worker');
  let sent = 0;
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      while (sent < tokens.length) {
        const n = sent;
        sent += 1;
        if (n === 100) process.kill(first.pid, 'SIGSTOP');
        const reply = await request(`${rollcall.urls[0]}/v1/events/${eventId}/registrations`, {
          token: tokens[n] ?? '',
          body: { roleId: roleIds[0] },
        });
        accepted.add(reply.body['commandId'] as CommandId);
      }
    }),
  );
  await untilDecided(rollcall, eventId, accepted);
  process.kill(first.pid, 'SIGCONT');
  // Time for the woken worker to try what it had in hand.
  await delay(2_000);
  expect(checkHistory(await recordedHistory(rollcall, eventId))).toEqual([]);
});
