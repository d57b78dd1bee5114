import { createClient } from '@rollcall/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOpenEvent, type OpenEvent } from '../../support/events.ts';
import { request } from '../../support/http.ts';
import { listen, type Heard } from '../../support/listening.ts';
import { startOnSharedServers, type Rollcall } from '../../support/rollcall.ts';

const signups = 600;
const reconnects = 10;
const role = { name: 'volunteers', capacity: 250, waitlist: 'auto' } as const;

let rollcall: Rollcall;
let urls: readonly string[];
let sentBefore = 0;

beforeAll(async () => {
  // Streams end by themselves all the time.
  const apiEnv = { LIVE_STREAM_MS_MAX: '300', LIVE_HEARTBEAT_MS: '50', LIVE_RETRY_MS: '10' };
  rollcall = await startOnSharedServers({ apis: 2, workers: 2, apiEnv });
  ({ urls } = rollcall);
});
afterAll(() => rollcall.stop());

/** A rush that goes on until it is told that it may end; returns how many signed up. */
async function rush({ eventId, roleIds }: OpenEvent, isEnough: () => boolean): Promise<number> {
  let sent = 0;
  const from = sentBefore;
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      while (sent < signups || !isEnough()) {
        const n = sent;
        sent += 1;
        const { status } = await request(`${urls[n % 2]}/v1/events/${eventId}/registrations`, {
          token: await rollcall.token(`user-${from + n}`),
          body: { roleId: roleIds[0] },
          headers: { prefer: 'wait=10' },
        });
        if (status !== 201) throw new Error(`not signed up: ${status}`);
      }
    }),
  );
  sentBefore += sent;
  return sent;
}

const finalRoles = (count: number) => [
  { confirmed: Math.min(count, role.capacity), waitlist: Math.max(0, count - role.capacity) },
];

it('a client that reconnects ten times and more during a rush ends with the final counts', async () => {
  const event = await createOpenEvent(rollcall, { roles: [role] });
  const abort = new AbortController();
  const versions: number[] = [];
  let opened = 0;
  let roles: readonly object[] = [];
  let isFinal = (): boolean => false;
  const following = (async () => {
    const onState = (state: string) => {
      if (state === 'open') opened += 1;
    };
    for await (const news of createClient({ url: urls[0] ?? '' }).followCounts(event.eventId, {
      signal: abort.signal,
      onState,
    })) {
      if (news.kind === 'refused') throw new Error(JSON.stringify(news));
      versions.push(news.value.version);
      ({ roles } = news.value);
      if (isFinal()) return;
    }
  })();
  const sent = await rush(event, () => opened > reconnects);
  // The event was made and opened by two commands.
  isFinal = () => versions.at(-1) === sent + 2;
  if (!isFinal()) await following;
  abort.abort();
  await following;
  expect(opened).toBeGreaterThan(reconnects);
  expect(roles).toMatchObject(finalRoles(sent));
  expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
  expect(versions.length).toBeGreaterThan(reconnects);
});

it('never shows the past to a client that goes from one API to the other with what it had last', async () => {
  const event = await createOpenEvent(rollcall, { roles: [role] });
  const heard: Heard[] = [];
  const state = { connections: 0, isOver: false };
  const path = `/v1/events/${event.eventId}/live`;
  const wandering = (async () => {
    for (; !state.isOver || state.connections <= reconnects; state.connections += 1) {
      const last = heard.at(-1)?.id;
      const stream = await listen(
        `${urls[state.connections % 2]}${path}`,
        last === undefined ? {} : { 'last-event-id': last },
      );
      await stream.ended;
      expect(stream.heard.length > 0 || stream.text().includes(': up to date')).toBe(true);
      heard.push(...stream.heard);
    }
  })();
  const sent = await rush(event, () => state.connections > reconnects);
  state.isOver = true;
  await wandering;
  // Whoever has it all is told so, and is shown nothing.
  const last = await listen(`${urls[0]}${path}`, { 'last-event-id': heard.at(-1)?.id ?? '' });
  await last.ended;
  const versions = heard.concat(last.heard).map(({ data }) => data['version'] as number);
  expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
  expect(versions.at(-1)).toBe(sent + 2);
  expect(heard.concat(last.heard).at(-1)?.data['roles']).toMatchObject(finalRoles(sent));
});

it.each(['999999999-forged', '1-forged', 'garbage', 'x'.repeat(8000)])(
  'shows the state to a client that says it had %.16s',
  async (lastEventId) => {
    const event = await createOpenEvent(rollcall, { roles: [role] });
    const url = `${urls[0]}/v1/events/${event.eventId}`;
    const { heard, ended } = await listen(`${url}/live`, { 'last-event-id': lastEventId });
    await ended;
    const { body } = await request(`${url}/availability`);
    expect(heard.map(({ name, data }) => ({ name, data }))).toEqual([{ name: 'counts', data: body }]);
  },
);
