import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArena, type Arena, type Members } from './arena.ts';
import { play } from './play.ts';
import { scenarios } from './scenarios.ts';

/** The others are for `npm run chaos`. */
const chosen: Readonly<Record<Members, readonly string[]>> = {
  3: [
    'the busy worker is killed, twice',
    'an API is killed',
    'a worker stands still for longer than its lock lasts',
    'a worker dies in-transaction',
    'a worker dies after-commit',
    'the primary is killed',
    'Redis is killed, and comes back with its file',
    'Redis loses everything',
    'Redis loses its last second',
    'the primary takes writes that no majority has, and dies',
  ],
  1: ['all connections to Redis break', 'commits are sent and their answers lost'],
};
const short = { perSecond: 40, seconds: 6 };

describe.each([3, 1] as const)('with %d members of the replica set', (members) => {
  let arena: Arena;
  beforeAll(async () => {
    arena = await openArena(members);
  });
  afterAll(() => arena[Symbol.asyncDispose]());

  it.each(chosen[members])('nothing is lost and nothing twice when %s', { timeout: 180_000 }, async (name) => {
    const scenario = scenarios.find((one) => one.name === name);
    if (scenario?.members !== members) throw new Error('there is no such scenario');
    const { violations, accepted } = await play(arena, scenario, short);
    expect(violations).toEqual([]);
    expect(accepted).toBeGreaterThan(short.perSecond);
  });
});
