import type { EventId } from '@rollcall/domain';
import { createRig, noLock, signUp, takenLock, theEventId, type Rig, type WorkerParts } from '@rollcall/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EventLock, MailboxHead, WakeUps } from './ports.ts';
import { createSweeper, type Sweeper } from './sweeper.ts';

describe('the sweeper', () => {
  let rig: Rig;
  const ann = signUp('ann');
  beforeEach(async () => {
    rig = createRig();
    await rig.open(rig.worker());
  });

  function sweeperOf(parts: WorkerParts = {}, wakeUps: WakeUps = rig.wakeUps) {
    const swept: (readonly MailboxHead[])[] = [];
    const drained: [EventId, boolean][] = [];
    const warnings: string[] = [];
    const sweeper = createSweeper({
      mailbox: rig.mailbox,
      wakeUps,
      worker: rig.worker(parts),
      observer: {
        warned: (message) => void warnings.push(message),
        swept: (heads) => void swept.push(heads),
        sweeperDrained: (eventId, withLock) => void drained.push([eventId, withLock]),
      },
      drainsMax: 2,
    });
    return { sweeper, swept, drained, warnings };
  }

  it('leaves a mailbox that holds something to the queue at first', async () => {
    await rig.send(ann);
    const { sweeper, swept, drained } = sweeperOf();
    await sweep(sweeper, 1);
    expect(rig.wakeUps.added).toEqual([]);
    expect(drained).toEqual([]);
    expect(swept).toEqual([[expect.objectContaining({ depth: 1 })]]);
  });

  it('drains by itself what has not moved since its last look', async () => {
    await rig.send(ann);
    const { sweeper, drained } = sweeperOf();
    await sweep(sweeper, 2);
    expect(drained).toEqual([[theEventId, true]]);
    expect(rig.answerTo(ann)).toMatchObject({ result: { status: 'confirmed' } });
    await sweep(sweeper, 2);
    expect(drained).toHaveLength(1);
  });

  it('wakes a worker for one that stays, ever more seldom', async () => {
    await rig.send(ann);
    const added: number[] = [];
    let sweeps = 0;
    const wakeUps: WakeUps = { add: async () => void added.push(sweeps) };
    const { sweeper } = sweeperOf({ lock: { withEventLock: () => new Promise(() => undefined) } }, wakeUps);
    for (sweeps = 1; sweeps <= 20; sweeps += 1) await sweeper.sweep();
    expect(added).toEqual([4, 8, 16]);
  });

  it('leaves alone a mailbox that moves, however full it stays', async () => {
    await rig.send(ann, signUp('bob'), signUp('cem'));
    const { sweeper, drained } = sweeperOf();
    for (let n = 0; n < 3; n += 1) {
      await sweep(sweeper, 1);
      const [head] = await rig.redis.readHead(theEventId, 1);
      await rig.redis.done(theEventId, [head!.entryId], undefined);
    }
    expect(drained).toEqual([]);
  });

  it('clears the mark of an empty mailbox and wakes nobody', async () => {
    rig.redis.plantDirty(theEventId);
    const { sweeper, swept } = sweeperOf();
    await sweep(sweeper, 1);
    expect(await rig.redis.dirtyEvents()).toEqual([]);
    expect(rig.wakeUps.added).toEqual([]);
    expect(swept).toEqual([[]]);
  });

  it('goes without the lock when it was taken for two sweeps', async () => {
    await rig.send(ann);
    const { sweeper, drained } = sweeperOf({ lock: takenLock });
    await sweep(sweeper, 3);
    expect(drained).toEqual([]);
    await sweep(sweeper, 1);
    expect(drained).toEqual([[theEventId, false]]);
    expect(rig.answerTo(ann)).toMatchObject({ result: { status: 'confirmed' } });
  });

  it('goes without the lock also when each answer of the lock takes longer than a sweep', async () => {
    await rig.send(ann);
    const slow: { answer: () => void }[] = [];
    const lock: EventLock = {
      withEventLock: () => new Promise((resolve) => slow.push({ answer: () => resolve({ kind: 'busy' }) })),
    };
    const { sweeper, drained } = sweeperOf({ lock });
    for (let n = 0; n < 12; n += 1) {
      await sweeper.sweep();
      // The attempt that was made a sweep ago comes back now.
      if (n % 2 === 0) {
        slow.shift()?.answer();
        await new Promise(setImmediate);
      }
    }
    slow.shift()?.answer();
    await sweeper.settled();
    expect(drained).toContainEqual([theEventId, false]);
  });

  it('does its work without the queue', async () => {
    await rig.send(ann);
    const broken: WakeUps = { add: async () => Promise.reject(new Error('planted')) };
    const { sweeper, drained } = sweeperOf({}, broken);
    await sweep(sweeper, 2);
    expect(drained).toEqual([[theEventId, true]]);
  });

  it('goes on when wake-ups can not be added, and says so', async () => {
    await rig.send(ann);
    const broken: WakeUps = { add: async () => Promise.reject(new Error('planted')) };
    const { sweeper, drained, warnings } = sweeperOf({ lock: takenLock }, broken);
    await sweep(sweeper, 4);
    expect(drained).toEqual([[theEventId, false]]);
    expect(warnings).toContain('the sweeper could not see to a mailbox');
  });

  it('goes on after a drain that failed', async () => {
    await rig.send(ann);
    rig.mailbox.failNextDone('lost');
    const { sweeper, drained, warnings } = sweeperOf();
    await sweep(sweeper, 2);
    expect(warnings).toEqual(['the sweeper could not drain']);
    await sweep(sweeper, 1);
    expect(drained).toEqual([[theEventId, true]]);
  });

  it('finds what a worker left that died between commit and trim', async () => {
    await rig.send(ann);
    rig.mailbox.failNextDone('lost');
    await expect(rig.worker({ lock: noLock }).work(theEventId)).rejects.toThrow(/planted/);
    const { sweeper } = sweeperOf();
    await sweep(sweeper, 2);
    expect(rig.answerTo(ann)).toMatchObject({ version: 3 });
    expect(rig.database.journal(theEventId)).toHaveLength(3);
    expect(await rig.depth()).toBe(0);
  });
});

async function sweep(sweeper: Sweeper, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    await sweeper.sweep();
    await sweeper.settled();
  }
}
