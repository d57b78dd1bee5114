import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Arena } from '../arena.ts';
import type { Scenario } from '../scenario.ts';

const redisWay =
  (bad: Parameters<Arena['redisWay']['set']>[0], ms: number) =>
  async ({ redisWay: way }: Arena): Promise<string> => {
    way.set(bad);
    await delay(ms);
    way.mend();
    const broken = way.reset();
    assert.ok(broken > 0, 'nobody was connected');
    return `${JSON.stringify(bad)} for ${ms} ms, ${broken} connections broken after that`;
  };

/** Far less than 40 sign-ups a second want to send: more and more has to wait. */
const bytesPerSecond = 20_000;
const trickleMs = 4_000;

/** Between processes and servers. */
export const ways: readonly Scenario[] = [
  { name: 'all connections to Redis break', members: 1, harm: redisWay({}, 10) },
  { name: 'the way to Redis is slow', members: 1, harm: redisWay({ delayMs: 300 }, 4_000) },
  { name: 'the way to Redis is a black hole', members: 1, harm: redisWay({ isBlackHole: true }, 4_000) },
  {
    name: 'replies of Redis trickle',
    members: 1,
    async harm({ redisWay: way }) {
      way.set({ bytesPerSecond });
      await delay(trickleMs);
      const { waiting } = way;
      way.mend();
      const broken = way.reset();
      assert.ok(waiting > bytesPerSecond / 4, `only ${waiting} bytes had to wait`);
      return `${bytesPerSecond} bytes a second for ${trickleMs} ms: then ${waiting} waited, and ${broken} connections broke`;
    },
  },
  {
    name: 'commits are sent and their answers lost',
    members: 1,
    async harm({ mongo }) {
      let cuts = 0;
      for (let n = 0; n < 20; n += 1) {
        // Somewhere in a batch: now before, now after the commit has been sent.
        const cut = mongo?.way.cutAfter(1_000 + Math.floor(Math.random() * 20_000)).then(() => (cuts += 1));
        await Promise.race([cut, delay(2_000)]);
        await delay(100);
      }
      assert.ok(cuts > 10, `only ${cuts} were cut`);
      return `${cuts} connections to MongoDB were cut in the middle`;
    },
  },
  {
    name: 'the way to MongoDB is a black hole',
    members: 1,
    async harm({ mongo }) {
      mongo?.way.set({ isBlackHole: true });
      await delay(5_000);
      mongo?.way.mend();
      return `nothing came through for 5000 ms, ${mongo?.way.reset() ?? 0} connections broken after that`;
    },
  },
];
