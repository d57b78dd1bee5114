import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { isStopped, type ManagedServer } from '@rollcall/infra';

/** A process of ours stands still, and it is seen to it that it does. */
export async function standStill(one: { readonly pid: number | undefined } | undefined, ms: number): Promise<void> {
  const pid = one?.pid;
  assert.ok(pid);
  process.kill(pid, 'SIGSTOP');
  try {
    await delay(ms);
    assert.ok(isStopped(pid), 'it did not stand still');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

type Held = Pick<ManagedServer, 'pause' | 'resume'> | undefined;

/** A server stands still for so long. @returns whether what it was asked then had to wait */
export async function isSilent(server: Held, ms: number, ask: () => Promise<unknown>): Promise<boolean> {
  let isAnswered = false;
  server?.pause();
  const asked = ask().then(() => (isAnswered = true));
  asked.catch(() => undefined);
  await delay(ms);
  server?.resume();
  return !isAnswered;
}

/** How long it stands still, and then goes, in ms: about as long as a slow disk needs to sync. */
const stutterMs = 50;
const stutters = 50;

/** A server stands still and goes on, again and again. @returns what shows that it has */
export async function stutter(server: Held, ask: () => Promise<unknown>): Promise<string> {
  let silent = 0;
  for (let n = 0; n < stutters; n += 1) {
    if (await isSilent(server, stutterMs, ask)) silent += 1;
    await delay(stutterMs);
  }
  assert.ok(silent > stutters / 2, `it was silent only ${silent} of ${stutters} times`);
  return `silent for ${stutterMs} ms ${silent} times`;
}
