import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOf, proseOf } from './texts.ts';

describe('a text', () => {
  it.each([
    ['as it is', 'as it is'],
    ['two\r\nlines\tand', 'two lines and'],
    ['nul\u0000 and \uD800 and \uFFFD.', 'nul and  and .'],
    ['a whole 👍 pair', 'a whole 👍 pair'],
    ['x'.repeat(21), 'x'.repeat(20)],
    ['👍'.repeat(21), '👍'.repeat(20)],
  ])('of one line: %j', (text, line) => expect(lineOf(text, 20)).toBe(line));

  it.each([
    ['two\r\nlines\rand\n\tmore', 'two\nlines\nand\n\tmore'],
    ['nul\u0000\u0085 and \uDC00\uFFFD', 'nul and '],
  ])('of many lines: %j', (text, prose) => expect(proseOf(text, 30)).toBe(prose));

  it('is what Rollcall takes, and stays what it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        for (const clean of [lineOf, proseOf]) {
          const once = clean(text, 10);
          expect(clean(once, 10)).toBe(once);
          expect(Array.from(once).length).toBeLessThanOrEqual(10);
          expect(once.isWellFormed()).toBe(true);
        }
        expect(lineOf(text, 10)).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
