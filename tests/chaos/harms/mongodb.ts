import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { electionTimeoutMs } from '../arena.ts';
import type { Scenario } from '../scenario.ts';
import { standStill, stutter } from './still.ts';

/** Of a replica set of three. */
export const mongodb: readonly Scenario[] = [
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
    name: 'the primary stutters',
    members: 3,
    harm: async ({ mongoSet, rollcall: { collections } }) =>
      stutter(await mongoSet?.primary(), () => collections.db.command({ ping: 1 })),
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
      await Promise.all([standStill(two, 5_000), standStill(three, 5_000)]);
      return 'two of three members stood still for 5000 ms';
    },
  },
];
