import { eventIdFor } from '@rollcall/domain';
import type { EventLock } from '@rollcall/engine';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newCommandId } from '../spec/ids.ts';

export interface EventLockUnderTest {
  /** Two workers' locks on the same servers. */
  readonly one: EventLock;
  readonly other: EventLock;
  close(): Promise<void>;
}

export function eventLockContract(name: string, makeAdapter: () => Promise<EventLockUnderTest>): void {
  describe(`event lock: ${name}`, () => {
    let adapter: EventLockUnderTest;
    const eventId = eventIdFor(newCommandId());
    beforeEach(async () => {
      adapter = await makeAdapter();
    });
    afterEach(() => adapter.close());

    it('runs the function and hands on its value', async () => {
      expect(await adapter.one.withEventLock(eventId, async () => 42)).toEqual({ kind: 'done', value: 42 });
    });

    it('is busy for everybody else while it is held, without waiting and without running the function', async () => {
      let ran = 0;
      // Asked from inside the holder: an attempt that waits for the release would never come back.
      const outcome = await adapter.one.withEventLock(eventId, async () => [
        await adapter.other.withEventLock(eventId, async () => void (ran += 1)),
        await adapter.one.withEventLock(eventId, async () => void (ran += 1)),
      ]);
      expect(outcome).toEqual({ kind: 'done', value: [{ kind: 'busy' }, { kind: 'busy' }] });
      expect(ran).toBe(0);
    });

    it('lets one of many in', async () => {
      const leave = Promise.withResolvers<void>();
      const held = Array.from({ length: 6 }, (_, n) =>
        (n % 2 === 0 ? adapter.one : adapter.other).withEventLock(eventId, async () => leave.promise),
      );
      let busy = 0;
      for (const attempt of held) void attempt.then(({ kind }) => (busy += kind === 'busy' ? 1 : 0));
      await vi.waitFor(() => expect(busy).toBe(5), { timeout: 10_000, interval: 5 });
      leave.resolve();
      expect((await Promise.all(held)).filter(({ kind }) => kind === 'done')).toHaveLength(1);
    });

    it('leaves other events free', async () => {
      const another = eventIdFor(newCommandId());
      const outcome = await adapter.one.withEventLock(eventId, () =>
        adapter.other.withEventLock(another, async () => 'in'),
      );
      expect(outcome).toEqual({ kind: 'done', value: { kind: 'done', value: 'in' } });
    });

    it('is free again as soon as the function is through', async () => {
      for (const lock of [adapter.one, adapter.other, adapter.one]) {
        expect(await lock.withEventLock(eventId, async () => 'in')).toEqual({ kind: 'done', value: 'in' });
      }
    });

    it('is free again when the function throws, and lets its error out', async () => {
      const fault = new Error('planted');
      await expect(
        adapter.one.withEventLock(eventId, async () => {
          throw fault;
        }),
      ).rejects.toBe(fault);
      expect(await adapter.other.withEventLock(eventId, async () => 'in')).toEqual({ kind: 'done', value: 'in' });
    });
  });
}
