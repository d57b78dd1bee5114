import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { workerAppName } from '@rollcall/store-mongo';
import type { Arena } from '../arena.ts';
import type { Scenario } from '../scenario.ts';
import { standStill } from './still.ts';

/** For as long people go on coming, and a process to come up and to reach a point, in ms. */
const diesMsMax = 60_000;

const stopped =
  (which: 'workers' | 'apis', ms: number) =>
  async ({ rollcall }: Arena): Promise<string> => {
    await standStill(rollcall[which][0], ms);
    return `for ${ms} ms`;
  };

/** Such that its transaction is open, and nobody goes on with it. */
async function stopInTransaction({ rollcall }: Arena, pid: number): Promise<void> {
  const admin = rollcall.collections.client.db('admin');
  const left = { type: 'idleSession', appName: workerAppName, transaction: { $exists: true } };
  for (let n = 0; n < 200; n += 1) {
    process.kill(pid, 'SIGSTOP');
    // What it has sent is done by then.
    await delay(100);
    const stages = [{ $currentOp: { allUsers: true, idleSessions: true } }, { $match: left }];
    const found = await admin.aggregate(stages, { readConcern: { level: 'local' } }).toArray();
    if (found.length > 0) return;
    process.kill(pid, 'SIGCONT');
    await delay(Math.random() * 50);
  }
  assert.fail('it was never in a transaction');
}

/** A worker that kills itself there, and another one in its place. All work is theirs. */
const crashes =
  (point: string) =>
  async (arena: Arena): Promise<string> => {
    const times = 2;
    await arena.kill(1);
    try {
      for (let n = 0; n < times; n += 1) {
        await arena.kill(0);
        arena.rollcall.replaceWorker(0, { CRASH_AT: `${point}:${n + 1}` });
        const how = await Promise.race([
          arena.rollcall.workers[0]?.ended,
          delay(diesMsMax).then(() => 'it did not die'),
        ]);
        assert.equal(how, 'SIGKILL');
      }
    } finally {
      await arena.kill(0);
      arena.rollcall.replaceWorker(0);
      arena.rollcall.replaceWorker(1);
    }
    return `killed ${times} times`;
  };

const clockOff =
  (ms: number) =>
  async (arena: Arena): Promise<string> => {
    await arena.kill(0);
    const shifted = `data:text/javascript,const now=Date.now;Date.now=()=>now()+(${ms});`;
    arena.rollcall.replaceWorker(0, { NODE_OPTIONS: `--import="${shifted}"` });
    await delay(4_000);
    assert.equal(await arena.kill(0), 'SIGKILL');
    arena.rollcall.replaceWorker(0);
    return 'for 4 s';
  };

/** Of workers and APIs. */
export const processes: readonly Scenario[] = [
  {
    name: 'the busy worker is killed, twice',
    members: 3,
    async harm(arena) {
      for (const index of [0, 1]) {
        assert.equal(await arena.kill(index), 'SIGKILL');
        arena.rollcall.replaceWorker(index);
        await delay(1_000);
      }
      return 'one after the other';
    },
  },
  { name: 'an API is killed', members: 3, harm: async (arena) => arena.killApi(0) },
  { name: 'a worker stands still for longer than its lock lasts', members: 3, harm: stopped('workers', 3_500) },
  { name: 'a worker stands still for longer than its jobs last', members: 3, harm: stopped('workers', 8_000) },
  {
    name: 'a worker stands still in a transaction for longer than a minute',
    members: 3,
    secondsMin: 100,
    async harm(arena) {
      // Nobody else is busy.
      await arena.kill(1);
      const [worker] = arena.rollcall.workers;
      assert.ok(worker);
      await stopInTransaction(arena, worker.pid);
      const still = standStill(worker, 65_000);
      arena.rollcall.replaceWorker(1);
      await still;
      return 'for 65 s, while another one did its work';
    },
  },
  { name: 'an API stands still', members: 3, harm: stopped('apis', 3_000) },
  ...['after-read', 'in-transaction', 'after-commit', 'after-done', 'before-release'].map((point): Scenario => ({
    name: `a worker dies ${point}`,
    members: 3,
    harm: crashes(point),
  })),
  {
    name: 'an API dies after-append',
    members: 3,
    async harm(arena) {
      await arena.killApi(0, { CRASH_AT: 'after-append:20' });
      const how = await Promise.race([arena.rollcall.apis[0]?.ended, delay(diesMsMax).then(() => 'it did not die')]);
      await arena.killApi(0);
      assert.equal(how, 'SIGKILL');
      return `killed after its 20th append`;
    },
  },
  { name: "a worker's clock is two minutes ahead", members: 3, harm: clockOff(120_000) },
  { name: "a worker's clock is two minutes behind", members: 3, harm: clockOff(-120_000) },
];
