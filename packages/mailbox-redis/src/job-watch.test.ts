import { describe, expect, it, vi } from 'vitest';
import { watchJobs } from './job-watch.ts';

describe('the watch over a worker', () => {
  /** `onLook`: what a look at the queue finds. `stuckAt`: after how many looks it told. */
  function watched(onLook: (looks: number) => Promise<boolean> | boolean = () => true) {
    const seen = { taken: 7, room: true, looks: 0, stuckAt: [] as number[] };
    const watch = watchJobs({
      stuckMs: 50,
      taken: () => seen.taken,
      hasRoom: () => seen.room,
      hasDue: async () => onLook((seen.looks += 1)),
      onStuck: () => seen.stuckAt.push(seen.looks),
    });
    return {
      seen,
      watch,
      until: (isSo: () => boolean) => vi.waitFor(() => expect(isSo()).toBe(true), { interval: 1, timeout: 10_000 }),
    };
  }

  it('tells after jobs were due at six looks in a row and none was taken, and begins anew', async () => {
    const { seen, watch, until } = watched();
    await until(() => seen.stuckAt.length >= 2);
    await watch.stop();
    expect(seen.stuckAt.slice(0, 2)).toEqual([6, 12]);
  });

  it.each([
    ['nothing is due at one of six looks', (looks: number) => looks % 6 !== 0],
    ['Redis is away at one of six looks', (looks: number) => (looks % 6 === 0 ? Promise.reject(new Error()) : true)],
  ])('is quiet while %s', async (_when, onLook) => {
    const { seen, watch, until } = watched(onLook);
    await until(() => seen.looks > 24);
    await watch.stop();
    expect(seen.stuckAt).toEqual([]);
  });

  it('is quiet while jobs are taken, also during a look', async () => {
    const { seen, watch, until } = watched((looks) => {
      if (looks % 5 === 0) seen.taken += 1;
      return true;
    });
    await until(() => seen.looks > 24);
    await watch.stop();
    expect(seen.stuckAt).toEqual([]);
  });

  it('does not ask Redis while there is no room, and begins anew when there is', async () => {
    // The room is gone when the third look has begun.
    const { seen, watch, until } = watched((looks) => {
      if (looks === 3) seen.room = false;
      return true;
    });
    await until(() => !seen.room);
    const other = watched();
    await other.until(() => other.seen.stuckAt.length >= 2);
    await other.watch.stop();
    expect(seen.looks).toBe(3);
    seen.room = true;
    await until(() => seen.stuckAt.length > 0);
    await watch.stop();
    expect(seen.stuckAt[0]).toBe(3 + 6);
  });
});
