import type { EventId } from '@rollcall/domain';
import {
  ChangesLostError,
  type EventChange,
  type EventChanges,
  type EventStore,
  type ResumePoint,
} from '@rollcall/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { benchOf, type StoreBench } from './event-store-bench.ts';

export interface EventChangesUnderTest {
  readonly store: EventStore;
  readonly changes: EventChanges;
  close(): Promise<void>;
}

export function eventChangesContract(name: string, makeAdapter: () => Promise<EventChangesUnderTest>): void {
  describe(`event changes: ${name}`, () => {
    let adapter: EventChangesUnderTest;
    let bench: StoreBench;
    beforeEach(async () => {
      adapter = await makeAdapter();
      bench = benchOf(adapter.store);
    });
    afterEach(() => adapter.close());

    /** What there is behind the point, once it is as many, and where one gets to with it. */
    async function collect(
      from: ResumePoint,
      count: number,
    ): Promise<{ changes: EventChange[]; reached: ResumePoint }> {
      const found: EventChange[] = [];
      let reached = from;
      const stop = new AbortController();
      for await (const { change, resumePoint } of adapter.changes.follow(from, stop.signal)) {
        reached = resumePoint;
        if (change !== undefined) found.push(change);
        if (found.length === count) stop.abort();
      }
      return { changes: found, reached };
    }

    const heads = (changes: readonly EventChange[]) => changes.map(({ eventId, head }) => [eventId, head?.version]);

    it('tells of each batch once, with its last version and its commit', async () => {
      const from = await adapter.changes.now();
      await bench.open();
      const batch = await bench.commit(bench.signUp('ann'), bench.signUp('bob'), bench.signUp('cem'));
      const { changes } = await collect(from, 2);
      expect(changes.map(({ eventId, head }) => ({ eventId, head }))).toEqual([
        { eventId: bench.eventId, head: { version: 2, commitId: expect.any(String) as string } },
        { eventId: bench.eventId, head: batch.next },
      ]);
    });

    it('goes on where somebody else has stopped', async () => {
      const from = await adapter.changes.now();
      await bench.open();
      const { reached } = await collect(from, 1);
      await bench.commit(bench.signUp('ann'));
      await bench.commit(bench.signUp('bob'));
      expect(heads((await collect(reached, 2)).changes)).toEqual([
        [bench.eventId, 3],
        [bench.eventId, 4],
      ]);
    });

    it('tells of what is committed while it is followed', async () => {
      const following = collect(await adapter.changes.now(), 2);
      await bench.open();
      await bench.commit(bench.signUp('ann'));
      expect(heads((await following).changes)).toEqual([
        [bench.eventId, 2],
        [bench.eventId, 3],
      ]);
    });

    it('moves the point on while nothing happens, and ends when it is told to', async () => {
      const stop = new AbortController();
      const from = await adapter.changes.now();
      for await (const { change } of adapter.changes.follow(from, stop.signal)) {
        expect(change).toBeUndefined();
        stop.abort();
      }
    });

    it('ends at once when it waits', async () => {
      const stop = new AbortController();
      const following = adapter.changes.follow(await adapter.changes.now(), stop.signal)[Symbol.asyncIterator]();
      await following.next();
      const next = following.next();
      stop.abort();
      expect((await next).done).toBe(true);
    });

    it.each(['garbage', '{}x', ''])('does not know a point that it never gave out: %j', async (point) => {
      const following = adapter.changes.follow(point as ResumePoint, new AbortController().signal);
      await expect(following[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(ChangesLostError);
    });

    it('keeps the point that was stored last', async () => {
      expect(await adapter.changes.readResumePoint()).toBeUndefined();
      const first = await adapter.changes.now();
      await adapter.changes.storeResumePoint(first);
      await bench.open();
      const { reached } = await collect(first, 1);
      await adapter.changes.storeResumePoint(reached);
      expect(await adapter.changes.readResumePoint()).toBe(reached);
    });

    it('reads the heads of all events page by page', async () => {
      const others = [benchOf(adapter.store), benchOf(adapter.store)];
      for (const { open } of [bench, ...others]) await open();
      const signup = await bench.commit(bench.signUp('ann'));
      const ids = [bench, ...others].map(({ eventId }) => eventId).toSorted();
      const read: [EventId, number][] = [];
      for (let after: EventId | undefined; ;) {
        const page = await adapter.changes.readHeads(after, 2);
        read.push(...page.map(({ eventId, version }): [EventId, number] => [eventId, version]));
        after = page.at(-1)?.eventId;
        if (page.length < 2) break;
      }
      expect(read.map(([eventId]) => eventId)).toEqual(ids);
      expect(new Map(read).get(bench.eventId)).toBe(signup.next.version);
    });
  });
}
