import { describe, expect, it } from 'vitest';
import { checkRest, type Remains } from './rest.ts';

const rest: Remains = { waiting: 0, isMarked: false, failedWakeUps: 0 };

describe('an event at rest', () => {
  it('has nothing that is left alone', () => {
    expect(checkRest(rest)).toEqual([]);
  });

  it.each([
    ['commands', { waiting: 2 }],
    ['a mark', { isMarked: true }],
    ['failed wake-ups', { failedWakeUps: 1 }],
  ])('has %s left', (_what, parts) => {
    expect(checkRest({ ...rest, ...parts }).map(({ check }) => check)).toEqual(['left-alone']);
  });
});
