import { describe, expect, it } from 'vitest';
import { SortedLine } from './sorted-line.ts';

const expectStanding = (line: SortedLine, sequences: readonly number[]) => {
  expect(line.length).toBe(sequences.length);
  expect(sequences.map((sequence) => line.placeOf(sequence))).toEqual(sequences.map((_, index) => index + 1));
};

describe('a line', () => {
  it('knows the places of those who stand in it', () => {
    const line = new SortedLine([3, 5, 9]);
    expectStanding(line, [3, 5, 9]);
    expect([0, 4, 10].map((sequence) => line.placeOf(sequence))).toEqual([undefined, undefined, undefined]);
    expect(new SortedLine([]).placeOf(1)).toBeUndefined();
  });

  it.each<[what: string, changes: [number, boolean][], then: number[]]>([
    ['nothing', [], [3, 5, 9]],
    ['one who leaves at the head', [[3, false]], [5, 9]],
    [
      'all who leave',
      [
        [3, false],
        [5, false],
        [9, false],
      ],
      [],
    ],
    ['one who leaves in the middle', [[5, false]], [3, 9]],
    ['one who leaves at the end', [[9, false]], [3, 5]],
    ['one who joins at the end', [[10, true]], [3, 5, 9, 10]],
    ['one who comes back in front', [[1, true]], [1, 3, 5, 9]],
    [
      'many at once',
      [
        [3, false],
        [4, true],
        [9, false],
        [12, true],
        [11, true],
      ],
      [4, 5, 11, 12],
    ],
    [
      'what is so already',
      [
        [5, true],
        [4, false],
        [20, false],
        [1, false],
      ],
      [3, 5, 9],
    ],
  ])('takes %s', (_what, changes, then) => {
    const line = new SortedLine([3, 5, 9]);
    line.apply(new Map(changes));
    expectStanding(line, then);
  });

  it('agrees with a set that is sorted anew, whatever happens', () => {
    let seed = 4711;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const naive = new Set<number>();
    const line = new SortedLine([]);
    for (let turn = 1; turn <= 2000; turn += 1) {
      const changes = new Map<number, boolean>();
      for (let n = random(8); n > 0; n -= 1) {
        // Mostly new ones at the end, and others of all ages.
        const sequence = random(2) === 0 ? turn * 8 + n : random(turn * 8);
        changes.set(sequence, random(5) < 3);
      }
      for (const [sequence, stands] of changes) {
        if (stands) naive.add(sequence);
        else naive.delete(sequence);
      }
      line.apply(changes);
      if (turn % 50 === 0)
        expectStanding(
          line,
          [...naive].toSorted((left, right) => left - right),
        );
    }
    expect(line.length).toBeGreaterThan(100);
    expect(line.slots).toBeLessThan(line.length * 4);
  });
});
