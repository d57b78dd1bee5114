// `npm run bench:recovery [-- --kills N] [--only TEXT]`: how long people wait for the next decision after a worker, the primary or Redis was harmed, while
// they sign up 40 times a second. Prints figures; asserts nothing.
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createOpenEvent } from '../support/events.ts';
import { request } from '../support/http.ts';
import { whole } from '../support/whole.ts';
import { electionTimeoutMs, openArena, type Arena } from './arena.ts';

const perSecond = 40;
/** Until everything goes on as before, in ms. */
const calmMs = 3_000;
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '20' }, only: { type: 'string', default: '' } },
});

/** When requests were sent, and when their decisions were there, in ms. */
interface Answered {
  readonly sentAt: number;
  readonly decidedAt: number;
}

/** People who sign up all the time, until they are told to stop. */
function signUp(arena: Arena, eventId: string, roleId: string, signal: AbortSignal): readonly Answered[] {
  const { rollcall } = arena;
  const answered: Answered[] = [];
  let count = 0;
  async function one(user: string): Promise<void> {
    const url = `${rollcall.urls[count % rollcall.urls.length] ?? ''}/v1/events/${eventId}/registrations`;
    const [token, sentAt] = [await rollcall.token(user), performance.now()];
    const options = { token, body: { roleId }, headers: { prefer: 'wait=20', 'idempotency-key': user } };
    const reply = await request(url, options).catch(() => undefined);
    if (reply?.status === 201) answered.push({ sentAt, decidedAt: performance.now() });
  }
  void (async () => {
    while (!signal.aborted) {
      count += 1;
      void one(`user-${count}`);
      await delay(1_000 / perSecond);
    }
  })();
  return answered;
}

/** From then on, until the first decision of a command that was sent after it. */
async function untilNext(answered: readonly Answered[], since: number): Promise<number> {
  for (;;) {
    const next = answered.filter(({ sentAt }) => sentAt > since).map(({ decidedAt }) => decidedAt - since);
    if (next.length > 0) return Math.min(...next);
    await delay(20);
  }
}

async function measure(
  what: string,
  times: number,
  answered: readonly Answered[],
  harm: (turn: number) => Promise<number>,
): Promise<void> {
  if (!what.includes(values.only)) return;
  const waits: number[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    await delay(calmMs);
    waits.push(await untilNext(answered, await harm(turn)));
  }
  const sorted = waits.toSorted((a, b) => a - b).map(Math.round);
  console.log(
    `${what}, ${times} times: median ${sorted[Math.floor(times / 2)] ?? 0} ms, worst ${sorted.at(-1) ?? 0} ms`,
  );
}

await using arena = await openArena(3);
const { rollcall, redis, mongoSet } = arena;
const event = await createOpenEvent(rollcall, { roles: [{ name: 'volunteers', capacity: null, waitlist: 'off' }] });
const end = new AbortController();
const answered = signUp(arena, event.eventId, event.roleIds[0] ?? '', end.signal);
// Either of them may be the one that is busy: both are killed in turn, and started again at once.
await measure('kill -9 of a worker', whole('kills', values.kills), answered, async (turn) => {
  const since = performance.now();
  await arena.kill(turn % 2);
  arena.rollcall.replaceWorker(turn % 2);
  return since;
});
await measure(`kill -9 of the primary, election timeout ${electionTimeoutMs} ms`, 3, answered, async () => {
  const primary = await mongoSet?.primary();
  const since = performance.now();
  await primary?.kill();
  setTimeout(() => void primary?.start(), 10_000);
  await delay(12_000);
  return since;
});
await measure(`the primary stands still for 25 s, election timeout ${electionTimeoutMs} ms`, 3, answered, async () => {
  const primary = await mongoSet?.primary();
  const since = performance.now();
  primary?.pause();
  setTimeout(() => primary?.resume(), 25_000);
  await delay(27_000);
  return since;
});
await measure('Redis is back after 1 s', 5, answered, async () => {
  await redis.kill();
  await delay(1_000);
  await redis.start();
  return performance.now();
});
end.abort();
