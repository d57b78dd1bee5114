import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ManagedServer } from '@rollcall/infra';
import type { Scenario } from '../scenario.ts';
import { onSmallDisk, whyNoDisk } from '../small-disk.ts';

const endsMsMax = 60_000;
const writeMsMax = 2_000;
/** How long it is away each time, in ms. */
const awayMs = 1_000;

/** It ends when it can't write; a supervisor starts it again, and once there is no room yet. */
async function runsFull(server: ManagedServer, dataDir: string, write?: () => Promise<unknown>): Promise<string> {
  return onSmallDisk(server, dataDir, async (disk) => {
    for (const time of ['first', 'second']) {
      // What is started may have made room for itself.
      disk.fill();
      for (const until = Date.now() + endsMsMax; server.pid !== undefined; await delay(50)) {
        await Promise.race([write?.().catch(() => undefined), delay(writeMsMax)]);
        assert.ok(Date.now() < until, `it goes on with a full disk, the ${time} time`);
      }
      await delay(awayMs);
      // It may end before it is there.
      if (time === 'first') await server.start().catch(() => undefined);
    }
    disk.free();
    await server.start();
    return 'it ended twice with a full disk';
  });
}

export const disks: readonly Scenario[] = [
  {
    name: "Redis' disk is full",
    members: 1,
    whyNot: whyNoDisk,
    harm: ({ redis, redisDir }) => runsFull(redis, redisDir),
  },
  {
    name: "MongoDB's disk is full",
    members: 1,
    whyNot: whyNoDisk,
    async harm({ mongo, rollcall }) {
      assert.ok(mongo);
      const { client, db } = rollcall.collections;
      return runsFull(mongo.server, mongo.dataDir, async () => {
        // The journal has room that was set aside. A checkpoint, which comes by itself once a minute, needs new room for what is new.
        await db.collection('aside').insertMany(Array.from({ length: 8 }, () => ({ bytes: randomBytes(1_000_000) })));
        await client.db('admin').command({ fsync: 1 });
      });
    },
  },
];
