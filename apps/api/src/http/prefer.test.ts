import { describe, expect, it } from 'vitest';
import { parsePreferWait } from './prefer.ts';

describe('Prefer: wait', () => {
  it.each([
    ['wait=10', 10],
    ['WAIT=10', 10],
    ['wait = 10', 10],
    ['wait="7"', 7],
    ['respond-async, wait=10', 10],
    ['wait=10; foo=bar', 10],
    ['wait=0', 0],
    ['wait=9999', 30],
    ['wait=999999999', 30],
  ])('%s is %i s', (header, seconds) => {
    expect(parsePreferWait(header)).toBe(seconds);
  });

  it.each([
    [undefined],
    [''],
    ['wait'],
    ['wait='],
    ['wait=abc'],
    ['wait=-1'],
    ['wait=1.5'],
    ['wait=1e3'],
    ['wait=99999999999'],
    ['await=5'],
    ['waiting=5'],
  ])('%s asks for nothing', (header) => {
    expect(parsePreferWait(header)).toBeUndefined();
  });

  it('takes the first of several', () => {
    expect(parsePreferWait('wait=2, wait=9')).toBe(2);
    expect(parsePreferWait('wait=no, wait=9')).toBeUndefined();
  });
});
