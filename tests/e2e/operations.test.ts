import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandId } from '@rollcall/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOpenEvent, type OpenEvent } from '../support/events.ts';
import { request, type Reply } from '../support/http.ts';
import { logOf, metricsOf } from '../support/logs.ts';
import { untilDecided } from '../support/recorded.ts';
import { startOnSharedServers, type Rollcall } from '../support/rollcall.ts';

let rollcall: Rollcall;
let event: OpenEvent;
let url: string;

beforeAll(async () => {
  rollcall = await startOnSharedServers({ apis: 1, workers: 2 });
  event = await createOpenEvent(rollcall, { roles: [{ name: 'volunteers', capacity: 10, waitlist: 'auto' }] });
  url = `${rollcall.urls[0]}/v1/events/${event.eventId}/registrations`;
});
afterAll(() => rollcall.stop());

async function signUp(user: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const body = { roleId: event.roleIds[0], notes: 'a secret of mine' };
  return request(url, { token: await rollcall.token(user), body, headers });
}

it('logs ids and no personal data, and counts what it did', async () => {
  const reply = await signUp('lea', { prefer: 'wait=10' });
  expect(reply.status).toBe(201);
  const { commandId } = reply.body;
  const apps = [...rollcall.apis, ...rollcall.workers];
  // Lines are gathered for up to half a second.
  for (const deadline = Date.now() + 5_000; Date.now() < deadline; await delay(50)) {
    if (apps.flatMap(logOf).filter((line) => line.commandId === commandId).length >= 2) break;
  }
  const lines = apps.flatMap(logOf).filter((line) => line.commandId === commandId);
  expect(lines.find(({ msg }) => msg === 'request')).toMatchObject({
    eventId: event.eventId,
    reqId: expect.any(String),
  });
  expect(lines.find(({ msg }) => msg === 'batch committed')).toMatchObject({ eventId: event.eventId });
  const everything = apps.map(({ logFile }) => readFileSync(logFile, 'utf8')).join('');
  for (const personal of ['secret of mine', 'Name of lea', 'lea@example.org'])
    expect(everything).not.toContain(personal);

  const [api] = rollcall.apis;
  if (api === undefined) throw new Error('there is no API');
  expect(await metricsOf(api)).toContain('rollcall_commands_accepted_total{type="SignUp"} 1');
  const workers = (await Promise.all(rollcall.workers.map(metricsOf))).flat();
  expect(workers).toContain('rollcall_decided_total{type="SignUp",outcome="accepted",reason=""} 1');
  const names = new Set(workers.map((line) => line.split(/[{ ]/)[0]));
  for (const name of [
    'mailbox_depth',
    'oldest_undecided_seconds',
    'batch_size_count',
    'commit_seconds_count',
    'lock_waits_total',
  ]) {
    expect(names).toContain(`rollcall_${name}`);
  }
});

it('stops a worker in order: what it has begun is finished, the rest is left to the others', async () => {
  const replies = await Promise.all(Array.from({ length: 200 }, (_, n) => signUp(`stop-${n}`)));
  const [first] = rollcall.workers;
  if (first === undefined) throw new Error('there is no worker');
  process.kill(first.pid, 'SIGTERM');
  expect(await first.ended).toBe('exit code 0');
  expect(logOf(first).map(({ msg }) => msg)).toContain('stopped');
  await untilDecided(rollcall, event.eventId, new Set(replies.map(({ body }) => body['commandId'] as CommandId)));
});

it('stops an API in order: not ready, what is under way is answered, exit code 0', async () => {
  const [api] = rollcall.apis;
  if (api === undefined) throw new Error('there is no API');
  // Nobody decides, so the wait stays open.
  for (const worker of rollcall.workers) await worker.stop(20_000);
  const waiting = signUp('patient', { prefer: 'wait=30' });
  // One whose body is still on its way.
  const body = JSON.stringify({ roleId: event.roleIds[0] });
  const slow = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  slow.on('error', () => undefined);
  slow.setEncoding('utf8').on('data', (piece: string) => (answer += piece));
  const token = await rollcall.token('slow');
  slow.write(`POST ${new URL(url).pathname} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n`);
  slow.write(`content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 5)}`);
  const { redis, keyspace } = rollcall;
  while ((await redis.xlen(keyspace.mailbox(event.eventId))) === 0) await delay(20);

  let ended = false;
  void api.ended.then(() => (ended = true));
  process.kill(api.pid, 'SIGTERM');
  expect((await waiting).status).toBe(202);
  const isReady = () =>
    fetch(`${rollcall.urls[0]}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (await isReady()) await delay(20);
  expect(ended).toBe(false);
  slow.write(body.slice(5));
  expect(await api.ended).toBe('exit code 0');
  expect(answer).toMatch(/^HTTP\/1.1 202 /);
  expect(await redis.xlen(keyspace.mailbox(event.eventId))).toBe(2);
  expect(logOf(api).map(({ msg }) => msg)).toContain('stopped');
});
