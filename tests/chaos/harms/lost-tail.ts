import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandId } from '@rollcall/domain';
import { request } from '../../support/http.ts';
import type { Arena } from '../arena.ts';
import { ask, type Heard } from '../load.ts';
import type { Scenario } from '../scenario.ts';
import { appendedFile, killAndDropTail } from '../tail.ts';

/** What `everysec` may lose: it syncs once a second. */
const tailMs = 1_000;
const signUps = 40;
/** How long somebody repeats what was lost, in ms. */
const patienceMs = 30_000;

interface Sent {
  readonly user: string;
  readonly commandId: CommandId;
}

/** Which of them Redis does not know. */
async function unknownOf({ rollcall }: Arena, { event: { eventId } }: Heard, sent: readonly Sent[]): Promise<Sent[]> {
  const receipts = await Promise.all(
    sent.map(({ commandId }) => rollcall.redis.exists(rollcall.keyspace.receipt(eventId, commandId))),
  );
  return sent.filter((_, index) => receipts[index] === 0);
}

/** People who are content with a 202. @returns those who got one */
async function signUp({ rollcall }: Arena, { event, accepted }: Heard, run: number): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (let n = 0; n < signUps; n += 1) {
    const user = `tail-${run}-${n}`;
    const { status, body } = await request(`${rollcall.urls[n % 2] ?? ''}/v1/events/${event.eventId}/registrations`, {
      token: await rollcall.token(user),
      body: { roleId: event.roleIds[0] },
      headers: { 'idempotency-key': user },
    });
    if (status !== 202) continue;
    const commandId = body['commandId'] as CommandId;
    accepted.add(commandId);
    sent.push({ user, commandId });
  }
  return sent;
}

/** Redis syncs once a second, and its machine loses power. @returns what went with it, in bytes */
async function losePower({ rollcall, redis, redisDir }: Arena, meanwhile: () => Promise<unknown>): Promise<number> {
  await rollcall.redis.config('SET', 'appendfsync', 'everysec');
  const file = appendedFile(redisDir);
  const keptBytes = statSync(file).size;
  await Promise.all([delay(tailMs), meanwhile()]);
  const dropped = await killAndDropTail(redis, file, keptBytes);
  // With `always` again, as it was started first.
  await redis.start();
  assert.ok(dropped > 0, 'nothing was lost');
  return dropped;
}

async function harm(arena: Arena, heard: Heard): Promise<string> {
  const { rollcall } = arena;
  // With workers: what they have decided and taken out is in the mailbox again.
  const first = await losePower(arena, () => signUp(arena, heard, 1));
  await delay(2_000);
  // Without: what was accepted is gone, and nobody has decided it.
  let sent: readonly Sent[] = [];
  let second = 0;
  let lost: readonly Sent[] = [];
  for (const { pid } of rollcall.workers) process.kill(pid, 'SIGSTOP');
  try {
    second = await losePower(arena, async () => (sent = await signUp(arena, heard, 2)));
    lost = await unknownOf(arena, heard, sent);
  } finally {
    for (const { pid } of rollcall.workers) process.kill(pid, 'SIGCONT');
  }
  assert.ok(lost.length > 0, 'no accepted command was lost');

  // Half of them come again, with the same key; the judge asks for the others.
  const again = lost.filter((_, index) => index % 2 === 0);
  for (const { user, commandId } of again) {
    const reply = await ask(rollcall, heard, {
      path: `/v1/events/${heard.event.eventId}/registrations`,
      body: { roleId: heard.event.roleIds[0] },
      token: await rollcall.token(user),
      key: user,
      until: Date.now() + patienceMs,
    });
    assert.equal(reply?.body['commandId'], commandId);
  }
  return `${first} and ${second} bytes were not synced; ${lost.length} accepted commands were lost, ${again.length} repeated`;
}

export const lostTail: Scenario = { name: 'Redis loses its last second', members: 3, destroys: true, harm };
