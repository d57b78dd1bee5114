import type { CommitId, EventCounts } from '@rollcall/domain';
import { expect, it } from 'vitest';
import { eventIdOf } from '../testing/fakes.ts';
import { listenAt, type FakeListener } from '../testing/listeners.ts';
import { createLiveCounts } from './live-counts.ts';

const eventId = eventIdOf('open');
const at = (version: number, commit = 'a'): EventCounts => ({
  eventId,
  version,
  commitId: `${commit}-${version}` as CommitId,
  roles: new Map(),
});

/** Counts over a cache and a store that say what a test has them say. News are sent at once. */
function liveCounts(start: EventCounts | undefined) {
  const world = {
    cache: start,
    store: start,
    headsRead: 0,
    counted: 0,
    fault: undefined as Error | undefined,
    /** Happens while the head of the store is on its way. */
    meanwhile: () => {},
  };
  const errors: unknown[] = [];
  let sends = Promise.resolve(0);
  const counts = createLiveCounts({
    counting: {
      async ofEvent(_eventId, versionMin = 0) {
        if (world.fault !== undefined) throw world.fault;
        return world.cache !== undefined && world.cache.version >= versionMin ? world.cache : world.store;
      },
    },
    queries: {
      async readHead() {
        world.headsRead += 1;
        const head = world.store;
        world.meanwhile();
        return head;
      },
      async countEvent() {
        world.counted += 1;
        return world.store;
      },
    },
    onNews(news) {
      sends = sends.then(() => counts.send(news));
    },
    onError: (error) => errors.push(error),
  });
  const enter = async (lastEventId?: string) => counts.enter(eventId, lastEventId);
  return { counts, world, errors, enter, sent: () => sends };
}
const versions = ({ got }: { got: readonly { version?: unknown }[] }) => got.map(({ version }) => version);

it('shows who comes the counts, and what is new from then on', async () => {
  const { counts, enter, sent } = liveCounts(at(3));
  const listener = listenAt(await enter());
  expect(listener.got).toEqual([{ eventId, version: 3, roles: [] }]);
  expect(listener.ids).toEqual(['3-a-3']);
  counts.take(at(4));
  await sent();
  counts.take(at(4));
  counts.take(at(2));
  expect(await sent()).toBe(1);
  expect(versions(listener)).toEqual([3, 4]);
});

it('encodes a state once for all who are sent it', async () => {
  const { counts, enter, sent } = liveCounts(at(3));
  const frames = new Set<Buffer>();
  for (let n = 0; n < 3; n += 1) {
    (await enter())?.attach(
      { begin: (_ms, frame) => frames.add(frame), offer: (frame) => frames.add(frame), end() {} },
      0,
    );
  }
  expect(frames.size).toBe(1);
  counts.take(at(4));
  expect(await sent()).toBe(3);
  expect(frames.size).toBe(2);
});

it('knows of nobody, and of no such event', async () => {
  const { counts, enter } = liveCounts(undefined);
  expect(await enter()).toBeUndefined();
  expect(counts.size).toBe(0);
  counts.take(at(4));
  expect(await counts.send(eventId)).toBe(0);
});

it('forgets an event when the last one leaves', async () => {
  const { counts, enter, sent } = liveCounts(at(3));
  const seats = [await enter(), await enter()];
  const [first] = seats.map(listenAt);
  seats[0]?.leave();
  counts.take(at(4));
  expect(await sent()).toBe(1);
  expect(first?.got).toHaveLength(1);
  expect(counts.size).toBe(1);
  seats[1]?.leave();
  expect(counts.size).toBe(0);
});

it('does not forget that somebody listens when it can not be told what to', async () => {
  const { counts, enter, world } = liveCounts(at(3));
  world.fault = new Error('away');
  await expect(enter()).rejects.toThrow('away');
  expect(counts.size).toBe(0);
});

it('hears what is published while it reads the counts for the first', async () => {
  const { counts, enter } = liveCounts(at(3));
  const entering = enter();
  counts.take(at(5));
  expect(versions(listenAt(await entering))).toEqual([5]);
});

it('tells a client that has the state that it is up to date', async () => {
  const { enter } = liveCounts(at(3));
  const listener = listenAt(await enter('3-a-3'));
  expect(listener).toMatchObject({ isUpToDate: true, got: [] });
});

it('asks the store when a client knows of a newer version, so that it never sees the past', async () => {
  const { enter, world } = liveCounts(at(3));
  const first = listenAt(await enter());
  world.store = at(6);
  expect(versions(listenAt(await enter('5-a-5')))).toEqual([6]);
  expect(versions(first)).toEqual([3, 6]);
});

it.each(['999999999999999-forged', '2-a-2', '3-forged', 'nonsense', '', 'x'.repeat(100_000)])(
  'shows the state to a client with the forged id %.20s, and counts nothing for it',
  async (lastEventId) => {
    const { enter, world } = liveCounts(at(3));
    expect(versions(listenAt(await enter(lastEventId)))).toEqual([3]);
    expect(world).toMatchObject({ counted: 0 });
    expect(world.headsRead).toBe(lastEventId.startsWith('999') ? 1 : 0);
  },
);

it('finds what was lost on the way', async () => {
  const { counts, enter, world, sent } = liveCounts(at(3));
  const listener = listenAt(await enter());
  world.store = world.cache = at(7);
  await counts.check();
  await sent();
  expect(versions(listener)).toEqual([3, 7]);
  expect(world.headsRead).toBe(0);
});

it('stays where it is while only the cache is behind', async () => {
  const { counts, enter, world, sent } = liveCounts(at(3));
  const listener = listenAt(await enter());
  counts.take(at(5));
  world.store = at(5);
  await counts.check();
  await sent();
  expect(versions(listener)).toEqual([3, 5]);
  expect(world).toMatchObject({ headsRead: 1, counted: 0 });
});

it('counts nothing while the cache is behind and the store ahead', async () => {
  const { counts, enter, world } = liveCounts(at(3));
  listenAt(await enter());
  counts.take(at(5));
  world.store = at(9);
  await counts.check();
  expect(world).toMatchObject({ headsRead: 1, counted: 0 });
});

it.each([
  ['to an earlier version', at(4, 'b')],
  ['to the same version by another way', at(5, 'b')],
])('goes back with the store %s, once it is sure', async (_how, restored) => {
  const { counts, enter, world, sent } = liveCounts(at(5));
  const listener = listenAt(await enter());
  counts.take(restored);
  expect(versions(listener)).toEqual([5]);
  world.store = restored;
  await counts.check();
  await sent();
  expect(listener.ids).toEqual(['5-a-5', `${restored.version}-${restored.commitId}`]);
  await counts.check();
  expect(world.counted).toBe(1);
});

it('does not go back when something newer has come while it made sure', async () => {
  const { counts, enter, world, sent } = liveCounts(at(5));
  const listener = listenAt(await enter());
  world.store = world.cache = at(4, 'b');
  world.meanwhile = () => counts.take(at(6, 'b'));
  await counts.check();
  await sent();
  expect(versions(listener)).toEqual([5, 6]);
});

it.each([
  ['while the cache still knows it', at(4)],
  ['and the cache does not know it either', undefined],
])('ends the streams of an event that is no more, %s', async (_how, cached) => {
  const { counts, enter, world } = liveCounts(at(5));
  const listener = listenAt(await enter());
  world.cache = cached;
  world.store = undefined;
  await counts.check();
  expect(listener.ended).toBe('gone');
});

it('ends no stream because the event could not be found for a moment', async () => {
  const { counts, enter, world, sent } = liveCounts(at(5));
  const listener = listenAt(await enter());
  world.cache = world.store = undefined;
  world.meanwhile = () => (world.store = at(5));
  await counts.check();
  await counts.check();
  await sent();
  expect(listener.ended).toBeUndefined();
  expect(versions(listener)).toEqual([5]);
});

it('offers nobody an older state after a newer one, also who sits down while it is being sent', async () => {
  const { counts, enter, sent } = liveCounts(at(3));
  const [first, second, third] = [await enter(), await enter(), await enter()];
  const late: FakeListener[] = [];
  first?.attach(
    {
      begin() {},
      offer() {
        if (late.length > 0) return;
        counts.take(at(5));
        late.push(listenAt(third));
      },
      end() {},
    },
    0,
  );
  const early = listenAt(second);
  counts.take(at(4));
  await sent();
  await sent();
  expect(new Set(late.flatMap(versions))).toEqual(new Set([5]));
  expect(versions(early).at(-1)).toBe(5);
});

it('goes on checking after one look failed', async () => {
  const { counts, enter, world, errors, sent } = liveCounts(at(3));
  const listener = listenAt(await enter());
  world.fault = new Error('away');
  await counts.check();
  expect(errors).toEqual([world.fault]);
  world.fault = undefined;
  world.cache = at(4);
  await counts.check();
  await sent();
  expect(versions(listener)).toEqual([3, 4]);
});
