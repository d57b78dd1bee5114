import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { metricsOf } from '../../support/logs.ts';
import type { Arena } from '../arena.ts';
import { ask, type Heard } from '../load.ts';
import type { Scenario } from '../scenario.ts';

const signUps = 60;
/** Of each kind. */
const streams = 50;
/** How long a stream lasts at that API, in ms: by then also those have ended whose clients are silent. */
const streamMsMax = 6_000;
const fallMsMax = 30_000;
const patienceMs = 30_000;

async function connected(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  return socket;
}

/** The connection breaks in the middle of the body, or when all has been sent: at once, or a moment later. */
async function signUpAndVanish({ rollcall }: Arena, heard: Heard, user: string, isWhole: boolean): Promise<void> {
  const body = JSON.stringify({ roleId: heard.event.roleIds[0] });
  const head = [
    `POST /v1/events/${heard.event.eventId}/registrations HTTP/1.1`,
    'host: rollcall',
    `authorization: Bearer ${await rollcall.token(user)}`,
    `idempotency-key: ${user}`,
    'prefer: wait=10',
    'content-type: application/json',
    `content-length: ${body.length}`,
  ];
  const socket = await connected(rollcall.urls[0] ?? '');
  socket.write(`${head.join('\r\n')}\r\n\r\n${isWhole ? body : body.slice(0, body.length / 2)}`);
  await delay(Math.random() * 20);
  socket.resetAndDestroy();
}

async function listen({ rollcall }: Arena, { event }: Heard): Promise<Socket> {
  const socket = await connected(rollcall.urls[0] ?? '');
  socket.write(`GET /v1/events/${event.eventId}/live HTTP/1.1\r\nhost: rollcall\r\n\r\n`);
  return socket;
}

const valueOf = (metrics: readonly string[], name: string): number =>
  Number(
    metrics
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')
      .at(-1) ?? 0,
  );
const openStreams = 'rollcall_live_streams_open{kind="counts"}';
const endedStreams = (reason: string) => `rollcall_live_streams_ended_total{kind="counts",reason="${reason}"}`;

/** One more than they may be open: of whoever follows the counts at each API through all of this, and comes back. */
async function untilOpen({ rollcall }: Arena, count: number): Promise<readonly string[]> {
  const [api] = rollcall.apis;
  assert.ok(api);
  for (const until = Date.now() + fallMsMax; ; await delay(100)) {
    const metrics = await metricsOf(api);
    const open = valueOf(metrics, openStreams);
    if (open === count || open === count + 1) return metrics;
    assert.ok(Date.now() < until, `${open} live streams are open instead of ${count}`);
  }
}

async function harm(arena: Arena, heard: Heard): Promise<string> {
  const { rollcall } = arena;
  const { eventId, roleIds } = heard.event;
  await arena.killApi(0, { LOG_LEVEL: 'info', LIVE_STREAM_MS_MAX: String(streamMsMax) });
  const listeners = await Promise.all(Array.from({ length: 3 * streams }, () => listen(arena, heard)));
  await untilOpen(arena, listeners.length);
  const ghosts = Array.from({ length: signUps }, (_, n) => ({ user: `ghost-${n}`, isWhole: n % 2 === 0 }));
  await Promise.all(ghosts.map(({ user, isWhole }) => signUpAndVanish(arena, heard, user, isWhole)));
  // The others neither read nor leave.
  for (const [n, socket] of listeners.entries()) {
    if (n % 3 === 0) socket.resetAndDestroy();
    else if (n % 3 === 1) socket.destroy();
    else socket.pause();
  }
  const metrics = await untilOpen(arena, 0);
  for (const socket of listeners) socket.destroy();
  const [left, timedOut] = ['left', 'time'].map((reason) => valueOf(metrics, endedStreams(reason)));
  assert.equal(left, 2 * streams);
  assert.ok(timedOut === streams || timedOut === streams + 1, `${timedOut} streams have run out of time`);

  const users = await rollcall.collections.registrations.distinct('userId', { eventId, userId: { $regex: /^ghost-/ } });
  const halves = ghosts.filter(({ user, isWhole }) => !isWhole && users.some((userId) => userId === user));
  assert.equal(halves.length, 0, 'half a request was taken');
  assert.ok(users.length > 0, 'nobody who vanished was decided');
  // They come back, with the same key, and get what was decided, or are decided now.
  for (const { user } of ghosts) {
    await ask(rollcall, heard, {
      path: `/v1/events/${eventId}/registrations`,
      body: { roleId: roleIds[0] },
      token: await rollcall.token(user),
      key: user,
      until: Date.now() + patienceMs,
    });
  }
  await arena.killApi(0);
  return `${ghosts.length} broke off their sign-ups, ${users.length} of these were decided; ${listeners.length} live streams were left behind`;
}

export const clients: readonly Scenario[] = [{ name: 'clients vanish', members: 3, harm }];
