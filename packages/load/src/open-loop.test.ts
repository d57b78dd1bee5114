import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterEach, expect, it, vi } from 'vitest';
import { arrivals } from './arrivals.ts';
import { quantilesOf } from './histogram.ts';
import { Connections } from './http/connections.ts';
import { openLoop } from './open-loop.ts';
import { createRandom } from './random.ts';
import { Recorder } from './recorder.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Answers who asks for its health at once, and all others when it is told to. */
async function startStalled(): Promise<{ url: string; held: ServerResponse[]; isOpen: boolean }> {
  const stalled = { url: '', held: [] as ServerResponse[], isOpen: false };
  server = createServer((request, response) => {
    if (request.url === '/health/live' || stalled.isOpen) response.end();
    else stalled.held.push(response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  stalled.url = `http://127.0.0.1:${address.port}`;
  return stalled;
}

/** 100 arrivals within half a second. */
const due = (): ReturnType<typeof arrivals> =>
  arrivals({
    ratePerSecond: 200,
    seconds: 0.501,
    rampSeconds: 0,
    spacing: 'even',
    random: createRandom(1),
    share: { index: 0, of: 1 },
  });

async function comeTo(url: string, connections: Connections, recorder: Recorder): Promise<void> {
  const startedAt = performance.now();
  const now = () => performance.now() - startedAt;
  await openLoop({
    arrivals: due(),
    now,
    signal: new AbortController().signal,
    onArrival: ({ dueMs }) =>
      connections.send(
        { method: 'GET', path: `/${url.length}`, headers: [], keepsBody: false },
        () => recorder.wentOut(dueMs, now()),
        ({ status }) => recorder.cameBack('read', dueMs, now(), String(status)),
      ),
  });
}

it('sends to a server that stands still as if it did not', async () => {
  const stalled = await startStalled();
  const recorder = new Recorder(0);
  await using connections = await Connections.open([stalled.url], 100);
  await comeTo(stalled.url, connections, recorder);
  expect(recorder).toMatchObject({ sent: 100, answered: 0 });
  await vi.waitUntil(() => stalled.held.length === 100);
  for (const response of stalled.held) response.end();
  await vi.waitUntil(() => recorder.answered === 100);
  // Whoever came first has waited since the instant at which they were due, and half a second passed until the last had come.
  const latency = recorder.latency.get('read');
  expect(latency && quantilesOf(latency).max).toBeGreaterThanOrEqual(490);
});

it('shows as lag what waits for a connection, and counts it as latency', async () => {
  const stalled = await startStalled();
  const recorder = new Recorder(0);
  await using connections = await Connections.open([stalled.url], 10);
  await comeTo(stalled.url, connections, recorder);
  expect(recorder.sent).toBe(10);
  expect([connections.waiting, connections.queued]).toEqual([90, 90]);
  stalled.isOpen = true;
  for (const response of stalled.held) response.end();
  await vi.waitUntil(() => recorder.answered === 100);
  const latency = recorder.latency.get('read');
  expect(quantilesOf(recorder.lag).max).toBeGreaterThanOrEqual(440);
  expect(latency && quantilesOf(latency).max).toBeGreaterThanOrEqual(490);
});

it('lets nobody come any more when it is told so', async () => {
  const stop = new AbortController();
  const come: number[] = [];
  await openLoop({
    arrivals: due(),
    now: () => 250,
    signal: stop.signal,
    onArrival({ n }) {
      come.push(n);
      stop.abort();
    },
  });
  expect(come.length).toBe(50);
});
