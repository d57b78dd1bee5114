import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { electionTimeoutMs, type Arena, type Members } from './arena.ts';
import type { Heard } from './load.ts';

/** Something that goes wrong while people sign up, and that is over when it resolves. */
export interface Scenario {
  readonly name: string;
  /** Of the replica set that it needs. */
  readonly members: Members;
  /** Accepted commands are lost with it. */
  readonly destroys?: boolean;
  /** @returns what shows that it has happened @throws AssertionError when it has not */
  readonly harm: (arena: Arena, heard: Heard) => Promise<string>;
}

const stopped =
  (which: 'workers' | 'apis', ms: number) =>
  async ({ rollcall }: Arena): Promise<string> => {
    const { pid } = rollcall[which][0] ?? { pid: 0 };
    process.kill(pid, 'SIGSTOP');
    await delay(ms);
    process.kill(pid, 'SIGCONT');
    return `for ${ms} ms`;
  };

/** A worker that kills itself there, and another one in its place. All work is theirs. */
const crashes =
  (point: string) =>
  async (arena: Arena): Promise<string> => {
    const times = 2;
    await arena.kill(1);
    for (let n = 0; n < times; n += 1) {
      await arena.kill(0);
      arena.rollcall.replaceWorker(0, { CRASH_AT: `${point}:${n + 1}` });
      const how = await Promise.race([arena.rollcall.workers[0]?.ended, delay(15_000).then(() => 'it did not die')]);
      assert.equal(how, 'SIGKILL');
    }
    arena.rollcall.replaceWorker(0);
    arena.rollcall.replaceWorker(1);
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

const redisWay =
  (bad: Parameters<Arena['redisWay']['set']>[0], ms: number) =>
  async ({ redisWay: way }: Arena): Promise<string> => {
    way.set(bad);
    await delay(ms);
    way.set({ delayMs: 0, isBlackHole: false });
    return `${JSON.stringify(bad)} for ${ms} ms, ${way.reset()} connections broken after that`;
  };

export const scenarios: readonly Scenario[] = [
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
      const how = await Promise.race([arena.rollcall.apis[0]?.ended, delay(10_000).then(() => 'it did not die')]);
      await arena.killApi(0);
      assert.equal(how, 'SIGKILL');
      return `killed after its 20th append`;
    },
  },
  { name: "a worker's clock is two minutes ahead", members: 3, harm: clockOff(120_000) },
  { name: "a worker's clock is two minutes behind", members: 3, harm: clockOff(-120_000) },
  {
    name: 'the primary is killed',
    members: 3,
    async harm({ mongoSet }) {
      const before = await mongoSet?.primary();
      await before?.kill();
      const startedAt = Date.now();
      const after = await mongoSet?.primary();
      assert.notEqual(after, before);
      const ms = Date.now() - startedAt;
      await before?.start();
      return `another primary after ${ms} ms, with an election timeout of ${electionTimeoutMs} ms`;
    },
  },
  {
    name: 'the primary stands still',
    members: 3,
    async harm({ mongoSet }) {
      const before = await mongoSet?.primary();
      before?.pause();
      const startedAt = Date.now();
      await delay(electionTimeoutMs);
      const after = await mongoSet?.primary();
      const ms = Date.now() - startedAt;
      before?.resume();
      assert.notEqual(after, before);
      return `another primary after ${ms} ms, with an election timeout of ${electionTimeoutMs} ms`;
    },
  },
  {
    name: 'the primary steps down',
    members: 3,
    async harm({ mongoSet }) {
      const before = await mongoSet?.primary();
      await mongoSet?.stepDown();
      const after = await mongoSet?.primary();
      assert.notEqual(after, before);
      return 'another primary';
    },
  },
  {
    name: 'no majority of the replica set is left',
    members: 3,
    async harm({ mongoSet }) {
      const [, two, three] = mongoSet?.members ?? [];
      two?.pause();
      three?.pause();
      await delay(5_000);
      two?.resume();
      three?.resume();
      return 'two of three members stood still for 5000 ms';
    },
  },
  {
    name: 'Redis is killed, and comes back with its file',
    members: 3,
    async harm({ redis }) {
      await redis.kill();
      await delay(1_000);
      await redis.start();
      return 'killed, and started after 1000 ms';
    },
  },
  {
    name: 'Redis stands still',
    members: 3,
    async harm({ redis }) {
      redis.pause();
      await delay(3_000);
      redis.resume();
      return 'stood still for 3000 ms';
    },
  },
  {
    name: 'Redis loses everything',
    members: 3,
    destroys: true,
    async harm({ rollcall }) {
      const before = await rollcall.redis.dbsize();
      assert.ok(before > 0);
      await rollcall.redis.flushall();
      return `${before} keys were lost`;
    },
  },
  {
    name: 'Redis takes nothing more',
    members: 3,
    async harm({ rollcall }, heard) {
      const failed = heard.failed;
      await rollcall.redis.config('SET', 'maxmemory', '1');
      await delay(3_000);
      await rollcall.redis.config('SET', 'maxmemory', '0');
      assert.ok(heard.failed > failed, 'nobody was told to come again');
      return `maxmemory was reached for 3000 ms: ${heard.failed - failed} requests were told to come again`;
    },
  },
  { name: 'all connections to Redis break', members: 1, harm: redisWay({}, 10) },
  { name: 'the way to Redis is slow', members: 1, harm: redisWay({ delayMs: 300 }, 4_000) },
  { name: 'the way to Redis is a black hole', members: 1, harm: redisWay({ isBlackHole: true }, 4_000) },
  {
    name: 'commits are sent and their answers lost',
    members: 1,
    async harm({ mongo }) {
      const times = 20;
      for (let n = 0; n < times; n += 1) {
        // Somewhere in a batch: now before, now after the commit has been sent.
        await Promise.race([mongo?.way.cutAfter(1_000 + Math.floor(Math.random() * 20_000)), delay(2_000)]);
        await delay(100);
      }
      return `${times} connections to MongoDB were cut in the middle`;
    },
  },
  {
    name: 'the way to MongoDB is a black hole',
    members: 1,
    async harm({ mongo }) {
      mongo?.way.set({ isBlackHole: true });
      await delay(5_000);
      mongo?.way.set({ isBlackHole: false });
      return `nothing came through for 5000 ms, ${mongo?.way.reset() ?? 0} connections broken after that`;
    },
  },
];
