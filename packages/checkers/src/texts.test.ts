import { describe, expect, it } from 'vitest';
import { Texts } from './texts.ts';

describe('texts', () => {
  it('have numbers in the order in which they came, and come back as they were', () => {
    const some = ['', 'a', 'A', 'é', 'ÿ', 'Ā', '日本', '🙂', 'a\u0000', 'x'.repeat(5_000)];
    const many = Array.from({ length: 20_000 }, (_, n) => (n % 3 === 0 ? `Ω${n}` : `u${n}`));
    const all = [...some, ...many];
    const texts = new Texts();
    for (const [number, text] of all.entries()) {
      expect(texts.find(text)).toBeUndefined();
      expect(texts.add(text)).toBe(number);
      expect(texts.add(text)).toBe(number);
    }
    expect(texts.count).toBe(all.length);
    expect(all.map((_, number) => texts.at(number))).toEqual(all);
    expect(all.map((text) => texts.find(text))).toEqual(all.map((_, number) => number));
    // The same bytes, read the other way.
    expect(texts.find(Buffer.from('日本', 'utf16le').toString('latin1'))).toBeUndefined();
  });
});
