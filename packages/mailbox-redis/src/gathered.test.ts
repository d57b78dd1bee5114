import { describe, expect, it } from 'vitest';
import { gathered } from './gathered.ts';

/** Doubles numbers; even and odd ones by different calls. */
function doubling() {
  const calls: (readonly number[])[] = [];
  const double = gathered<number, number>({
    keyOf: (item) => String(item % 2),
    async send(items) {
      calls.push(items);
      if (items.includes(13)) throw new Error('the server is away');
      // One that forgets a thing.
      return items.filter((item) => item !== 7).map((item) => item * 2);
    },
  });
  return { double, calls };
}

describe('what is gathered', () => {
  it('goes in one call per key for each turn, in order', async () => {
    const { double, calls } = doubling();
    expect(await Promise.all([1, 2, 3, 4].map(double))).toEqual([2, 4, 6, 8]);
    expect(await double(6)).toBe(12);
    expect(calls).toEqual([[1, 3], [2, 4], [6]]);
  });

  it('goes in several calls when it is much', async () => {
    const { double, calls } = doubling();
    const items = Array.from({ length: 100 }, (_, index) => 2 * index);
    expect(await Promise.all(items.map(double))).toEqual(items.map((item) => item * 2));
    expect(calls.map(({ length }) => length)).toEqual([64, 36]);
  });

  it('fails with its call, and others do not', async () => {
    const { double } = doubling();
    const [one, other, third] = [double(11), double(13), double(2)];
    await expect(one).rejects.toThrow('away');
    await expect(other).rejects.toThrow('away');
    expect(await third).toBe(4);
  });

  it('fails rather than wait for an answer that is missing', async () => {
    const { double } = doubling();
    const [one, other] = [double(5), double(7)];
    await expect(one).rejects.toThrow('1 results of 2');
    await expect(other).rejects.toThrow('1 results of 2');
  });
});
