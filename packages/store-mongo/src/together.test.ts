import { describe, expect, it } from 'vitest';
import { together } from './together.ts';

/** Doubles numbers, when it is told to. */
function doubling(sizeMax: number, sizeOf?: (item: number) => number) {
  const runs: { readonly items: readonly number[]; readonly end: (error?: Error) => void }[] = [];
  const double = together<number, number>(
    (items) => {
      const { promise, resolve, reject } = Promise.withResolvers<readonly (number | Promise<number>)[]>();
      const results = () =>
        items.map((item) => (item < 0 ? Promise.reject(new Error(`${item} is negative`)) : item * 2));
      runs.push({ items, end: (error) => (error === undefined ? resolve(results()) : reject(error)) });
      return promise;
    },
    sizeOf === undefined ? { sizeMax } : { sizeMax, sizeOf },
  );
  return { double, runs, settled: () => new Promise((resolve) => setImmediate(resolve)) };
}

describe('what is done together', () => {
  it('is done at once while nothing is under way, and then all that has come meanwhile, in order', async () => {
    const { double, runs, settled } = doubling(10);
    const first = double(1);
    const others = [double(2), double(3)];
    expect(runs.map(({ items }) => items)).toEqual([[1]]);
    runs[0]?.end();
    expect(await first).toBe(2);
    await settled();
    expect(runs.map(({ items }) => items)).toEqual([[1], [2, 3]]);
    runs[1]?.end();
    expect(await Promise.all(others)).toEqual([4, 6]);
  });

  it('is no more than its limit, and what is larger than that is done alone', async () => {
    const { double, runs, settled } = doubling(10, (item) => item);
    const all = [double(1), double(4), double(5), double(30), double(2)];
    for (let n = 0; n < 4; n += 1) {
      runs[n]?.end();
      await settled();
    }
    expect(runs.map(({ items }) => items)).toEqual([[1], [4, 5], [30], [2]]);
    expect(await Promise.all(all)).toEqual([2, 8, 10, 60, 4]);
  });

  it('fails alone where one fails, and together where all do; the next is not held up', async () => {
    const { double, runs, settled } = doubling(10);
    const first = double(1);
    const [one, other] = [double(-2), double(3)];
    runs[0]?.end(new Error('the server is away'));
    await expect(first).rejects.toThrow('away');
    await settled();
    runs[1]?.end();
    await expect(one).rejects.toThrow('negative');
    expect(await other).toBe(6);
  });
});
