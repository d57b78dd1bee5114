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
      await adapter.cache.setIfNewer(at(5, 5));
      await adapter.cache.setIfNewer(at(5, 6));
      expect(await read(eventId)).toEqual(at(5, 5));
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
