import { eventIdFor, type EventCounts, type EventId } from '@rollcall/domain';
import type { CountCache } from '@rollcall/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aCommitId, aRoleId, newCommandId } from '../spec/ids.ts';

export interface CountCacheUnderTest {
  readonly cache: CountCache;
  close(): Promise<void>;
}

export function countCacheContract(name: string, makeAdapter: () => Promise<CountCacheUnderTest>): void {
  describe(`count cache: ${name}`, () => {
    let adapter: CountCacheUnderTest;
    let eventId: EventId;
    beforeEach(async () => {
      adapter = await makeAdapter();
      eventId = eventIdFor(newCommandId());
    });
    afterEach(() => adapter.close());

    const read = async (id: EventId) => (await adapter.cache.read([id])).get(id);
    const at = (version: number, confirmed = version, id = eventId): EventCounts => ({
      eventId: id,
      version,
      commitId: aCommitId(`commit-${version}`),
      roles: new Map([[aRoleId('volunteers'), { capacity: 20, confirmed, waitlist: 1, offered: 2, available: 3 }]]),
    });

    it('has nothing of an event that nobody wrote', async () => {
      expect(await read(eventId)).toBeUndefined();
    });

    it('reads many events in one call, and leaves out those that it does not have', async () => {
      const [second, unknown] = [eventIdFor(newCommandId()), eventIdFor(newCommandId())];
      await adapter.cache.setIfNewer(at(1));
      await adapter.cache.setIfNewer(at(2, 2, second));
      const found = await adapter.cache.read([second, unknown, eventId]);
      expect(found).toEqual(
        new Map([
          [eventId, at(1)],
          [second, at(2, 2, second)],
        ]),
      );
      expect((await adapter.cache.read([])).size).toBe(0);
    });

    it('gives back what was set', async () => {
      const counts = at(7);
      await adapter.cache.setIfNewer(counts);
      expect(await read(eventId)).toEqual(counts);
    });

    it.each([
      [[1, 2, 3]],
      [[1, 3, 2]],
      [[2, 1, 3]],
      [[2, 3, 1]],
      [[3, 1, 2]],
      [[3, 2, 1]],
      // As numbers, not as text.
      [[9, 10]],
      [[10, 9]],
    ])('keeps the newest whatever the order: %j', async (versions) => {
      for (const version of versions) await adapter.cache.setIfNewer(at(version));
      expect(await read(eventId)).toEqual(at(Math.max(...versions)));
    });

    it('keeps the newest of many that come at the same time', async () => {
      await Promise.all([4, 1, 6, 3, 5, 2].map((version) => adapter.cache.setIfNewer(at(version))));
      expect(await read(eventId)).toEqual(at(6));
    });

    it('keeps what it has of the same version', async () => {
      expect(await adapter.cache.setIfNewer(at(5, 5))).toBe(true);
      expect(await adapter.cache.setIfNewer(at(5, 6))).toBe(false);
      expect(await read(eventId)).toEqual(at(5, 5));
    });

    it.each([4, 5, 6])('puts version %j in the place of version 5, if that was seen there', async (version) => {
      await adapter.cache.setIfNewer(at(5));
      expect(await adapter.cache.replace(eventId, at(5), at(version, 17))).toBe(true);
      expect(await read(eventId)).toEqual(at(version, 17));
    });

    it('keeps what has come since it was looked at', async () => {
      await adapter.cache.setIfNewer(at(6));
      expect(await adapter.cache.replace(eventId, at(5), at(4))).toBe(false);
      expect(await adapter.cache.replace(eventId, { ...at(6), commitId: aCommitId('another') }, at(4))).toBe(false);
      expect(await adapter.cache.replace(eventId, at(5), undefined)).toBe(false);
      expect(await read(eventId)).toEqual(at(6));
    });

    it('replaces nothing where nothing is', async () => {
      expect(await adapter.cache.replace(eventId, at(5), at(4))).toBe(false);
      expect(await read(eventId)).toBeUndefined();
    });

    it('removes what was seen, and takes older counts after that', async () => {
      await adapter.cache.setIfNewer(at(5));
      expect(await adapter.cache.replace(eventId, at(5), undefined)).toBe(true);
      expect(await read(eventId)).toBeUndefined();
      expect(await adapter.cache.setIfNewer(at(4))).toBe(true);
      expect(await read(eventId)).toEqual(at(4));
    });

    it('forgets roles that the newer counts do not have', async () => {
      const cooks = new Map([
        [aRoleId('cooks'), { capacity: null, confirmed: 0, waitlist: 0, offered: 0, available: null }],
      ]);
      await adapter.cache.setIfNewer(at(1));
      await adapter.cache.setIfNewer({ ...at(2), roles: cooks });
      expect((await read(eventId))?.roles).toEqual(cooks);
    });

    it('keeps events apart', async () => {
      const other = eventIdFor(newCommandId());
      await adapter.cache.setIfNewer(at(5));
      await adapter.cache.setIfNewer(at(3, 3, other));
      expect(await read(other)).toEqual(at(3, 3, other));
      expect(await read(eventId)).toEqual(at(5));
    });
  });
}
