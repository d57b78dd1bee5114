import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createSnapshots } from './snapshots.ts';

interface Value {
  readonly turn: number;
}

function controlled(msMax: number, sizeMax = 10) {
  const turns: PromiseWithResolvers<Value | undefined>[] = [];
  const snapshots = createSnapshots<string, Value>({
    msMax,
    sizeMax,
    sizeOf: () => 1,
    read() {
      const turn = Promise.withResolvers<Value | undefined>();
      turns.push(turn);
      return turn.promise;
    },
  });
  const land = (place: number) => turns[place]?.resolve({ turn: place });
  return { snapshots, turns, land };
}

const long = 3_600_000;

it('a crowd shares one read, and who comes soon after is answered from memory', async () => {
  const { snapshots, turns, land } = controlled(long);
  const crowd = Array.from({ length: 1000 }, () => snapshots.read('a'));
  land(0);
  expect(new Set(await Promise.all(crowd))).toEqual(new Set([{ turn: 0 }]));
  expect(snapshots.peek('a')).toEqual({ turn: 0 });
  expect(turns).toHaveLength(1);
});

it('age counts from when the read began, however long it took', async () => {
  const { snapshots, turns, land } = controlled(20);
  const first = snapshots.read('a');
  await delay(30);
  // The turn began longer ago than an answer may be old.
  const second = snapshots.read('a');
  land(0);
  expect(await first).toEqual({ turn: 0 });
  expect(snapshots.peek('a')).toBeUndefined();
  land(1);
  expect(await second).toEqual({ turn: 1 });
  expect(turns).toHaveLength(2);
});

it('who wants it as it is now shares a read that begins now', async () => {
  const { snapshots, turns, land } = controlled(long);
  const early = snapshots.read('a');
  const now = [snapshots.renew('a'), snapshots.renew('a')];
  land(0);
  await early;
  land(1);
  expect(await Promise.all(now)).toEqual([{ turn: 1 }, { turn: 1 }]);
  expect(turns).toHaveLength(2);
});

it('0 ms keeps nothing', async () => {
  const { snapshots, land } = controlled(0);
  const read = snapshots.read('a');
  land(0);
  await read;
  expect(snapshots.peek('a')).toBeUndefined();
});

it('failures and what is not there are not kept', async () => {
  const { snapshots, turns } = controlled(long);
  const failed = snapshots.read('a');
  turns[0]?.reject(new Error('no'));
  await expect(failed).rejects.toThrow('no');
  const absent = snapshots.read('a');
  turns[1]?.resolve(undefined);
  expect(await absent).toBeUndefined();
  expect(snapshots.peek('a')).toBeUndefined();
});

it('those that nobody asked for longest make room', async () => {
  const { snapshots, land } = controlled(long, 2);
  for (const [place, key] of ['a', 'b', 'c'].entries()) {
    const read = snapshots.read(key);
    land(place);
    await read;
  }
  expect(['a', 'b', 'c'].map((key) => snapshots.peek(key) !== undefined)).toEqual([false, true, true]);
});
