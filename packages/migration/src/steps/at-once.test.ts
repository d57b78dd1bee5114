import { expect, it } from 'vitest';
import { atOnce, grouped, inGroups } from './at-once.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

it('works on so many at once and no more', async () => {
  let [now, most] = [0, 0];
  const done: number[] = [];
  await atOnce([5, 1, 4, 2, 3, 1], 3, async (turns) => {
    now += 1;
    most = Math.max(most, now);
    for (let each = 0; each < turns; each += 1) await turn();
    done.push(turns);
    now -= 1;
  });
  expect(most).toBe(3);
  expect(done.toSorted()).toEqual([1, 1, 2, 3, 4, 5]);
});

it('begins nothing new after a failure, waits for what is under way, and throws the first', async () => {
  const ended: string[] = [];
  const begun: string[] = [];
  const work = async (name: string) => {
    begun.push(name);
    if (name !== 'slow') throw new Error(name);
    for (let each = 0; each < 5; each += 1) await turn();
    ended.push(name);
  };
  await expect(atOnce(['slow', 'bad', 'next', 'last'], 2, work)).rejects.toThrow('bad');
  expect(ended).toEqual(['slow']);
  expect(begun).not.toContain('last');
});

it('waits for what is under way when there is nothing more to be had', async () => {
  const ended: number[] = [];
  async function* items() {
    yield 1;
    await turn();
    throw new Error('no more');
  }
  const work = async (item: number) => {
    for (let each = 0; each < 5; each += 1) await turn();
    ended.push(item);
  };
  await expect(atOnce(items(), 4, work)).rejects.toThrow('no more');
  expect(ended).toEqual([1]);
});

it('takes groups in their order', async () => {
  async function* items() {
    yield* [1, 2, 3, 4, 5];
  }
  const found: (readonly number[])[] = [];
  for await (const group of grouped(items(), 2)) found.push(group);
  expect(found).toEqual([[1, 2], [3, 4], [5]]);
  expect(inGroups([1, 2, 3], 2)).toEqual([[1, 2], [3]]);
  expect(inGroups([], 2)).toEqual([]);
});
