import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';
import { isSilent, stutter } from './still.ts';

export const redisItself: readonly Scenario[] = [
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
    async harm({ redis, rollcall }) {
      assert.ok(await isSilent(redis, 3_000, () => rollcall.redis.ping()), 'it answered');
      return 'for 3000 ms';
    },
  },
  {
    name: 'Redis stutters',
    members: 3,
    harm: ({ redis, rollcall }) => stutter(redis, () => rollcall.redis.ping()),
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
];
