import { describe, expect, it } from 'vitest';
import { coalesced } from './coalesced.ts';

describe('what comes while somebody works', () => {
  it('is told of together, and once', async () => {
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    async function* source() {
      yield ['a'];
      await begun;
      for (let n = 0; n < 100; n += 1) yield ['a', n % 2 === 0 ? 'b' : 'c'];
    }
    const told: (readonly string[])[] = [];
    for await (const items of coalesced(source())) {
      told.push(items);
      begin();
      // A round of the event loop: all of the source has come then.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(told).toEqual([['a'], ['a', 'b', 'c']]);
  });

  it('ends with the source, and fails with it after what came before', async () => {
    async function* source() {
      yield [1];
      throw new Error('lost');
    }
    const told: (readonly number[])[] = [];
    const all = async () => {
      for await (const items of coalesced(source())) told.push(items);
    };
    await expect(all()).rejects.toThrow('lost');
    expect(told).toEqual([[1]]);
  });
});
