// The clients of live streams, in a process of their own: what they cost is not the API's, and their files are not either.
import { setTimeout as delay } from 'node:timers/promises';
import { LiveClient } from './live-client.ts';
import type { ListenersReply, ListenersTask, Received } from './task.ts';

/** Streams that are being opened at a time. */
const openingMax = 100;
const untilMsMax = 60_000;

const clients: LiveClient[] = [];

async function open(url: string, count: number): Promise<void> {
  let left = count;
  const openNext = async () => {
    for (; left > 0;) {
      left -= 1;
      const client = new LiveClient(url);
      clients.push(client);
      await client.first;
    }
  };
  await Promise.all(Array.from({ length: openingMax }, openNext));
}

async function until(version: number): Promise<void> {
  const isBehind = (client: LiveClient) => client.version < version;
  for (const end = performance.now() + untilMsMax; clients.some(isBehind); await delay(20)) {
    if (performance.now() < end) continue;
    throw new Error(`${clients.filter(isBehind).length} of ${clients.length} never got version ${version}`);
  }
}

function received(): Received {
  const frames = clients.flatMap(({ frames: own }, stream) => own.map(({ version, at }) => ({ stream, version, at })));
  return {
    streams: Uint32Array.from(frames, ({ stream }) => stream),
    versions: Uint32Array.from(frames, ({ version }) => version),
    at: Float64Array.from(frames, ({ at }) => at),
    lastStates: [...new Set(clients.map(({ state }) => state))],
    lost: clients.filter(({ isOpen }) => !isOpen).length,
  };
}

async function perform(task: ListenersTask): Promise<void> {
  switch (task.kind) {
    case 'open':
      return open(task.url, task.count);
    case 'until':
      return until(task.version);
    case 'close':
      for (const client of clients.splice(0)) client.close();
  }
}

process.on('message', (task: ListenersTask) => {
  const reply = (message: ListenersReply) => process.send?.(message);
  perform(task).then(
    () => reply({ kind: 'done', received: received() }),
    (error: unknown) => reply({ kind: 'failed', message: String(error) }),
  );
});
