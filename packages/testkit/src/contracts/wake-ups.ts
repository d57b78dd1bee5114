import { eventIdFor, type EventId } from '@rollcall/domain';
import type { WakeUps } from '@rollcall/engine';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { newCommandId } from '../spec/ids.ts';

export interface WakeUpsUnderTest {
  readonly wakeUps: WakeUps;
  /** Starts a consumer that handles at least two events side by side. */
  consume(handler: (eventId: EventId) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Long enough for a queue on a busy machine. */
const withinMs = 10_000;
const until = (fact: () => void) => vi.waitFor(fact, { timeout: withinMs, interval: 5 });
const newEventId = () => eventIdFor(newCommandId());

export function wakeUpsContract(name: string, makeAdapter: () => Promise<WakeUpsUnderTest>): void {
  describe(`wake-ups: ${name}`, () => {
    let adapter: WakeUpsUnderTest | undefined;
    afterEach(() => adapter?.close());

    it('wakes for an event that was added before anybody listened', async () => {
      adapter = await makeAdapter();
      const eventId = newEventId();
      await adapter.wakeUps.add(eventId);
      const woken: EventId[] = [];
      await adapter.consume(async (id) => void woken.push(id));
      await until(() => expect(woken).toEqual([eventId]));
    });

    it('makes one of many, and never none', async () => {
      adapter = await makeAdapter();
      const eventId = newEventId();
      const { wakeUps } = adapter;
      for (let n = 0; n < 5; n += 1) await wakeUps.add(eventId);
      const woken: EventId[] = [];
      await adapter.consume(async (id) => void woken.push(id));
      const last = newEventId();
      await wakeUps.add(last);
      await until(() => expect(woken).toEqual(expect.arrayContaining([eventId, last])));
      const count = woken.filter((id) => id === eventId).length;
      expect(count).toBeLessThanOrEqual(5);
    });

    it('wakes again for what was added while the event was being handled', async () => {
      adapter = await makeAdapter();
      const eventId = newEventId();
      const entered = Promise.withResolvers<void>();
      const leave = Promise.withResolvers<void>();
      let calls = 0;
      await adapter.consume(async () => {
        calls += 1;
        if (calls > 1) return;
        entered.resolve();
        await leave.promise;
      });
      await adapter.wakeUps.add(eventId);
      await entered.promise;
      await adapter.wakeUps.add(eventId);
      await adapter.wakeUps.add(eventId);
      leave.resolve();
      await until(() => expect(calls).toBeGreaterThanOrEqual(2));
    });

    it('wakes again after everything was handled', async () => {
      adapter = await makeAdapter();
      const eventId = newEventId();
      let calls = 0;
      await adapter.consume(async () => void (calls += 1));
      await adapter.wakeUps.add(eventId);
      await until(() => expect(calls).toBe(1));
      await adapter.wakeUps.add(eventId);
      await until(() => expect(calls).toBe(2));
    });

    it('does not let one event hold up another', async () => {
      adapter = await makeAdapter();
      const [slow, quick] = [newEventId(), newEventId()];
      const leave = Promise.withResolvers<void>();
      const handled: EventId[] = [];
      await adapter.consume(async (id) => {
        if (id === slow) await leave.promise;
        handled.push(id);
      });
      await adapter.wakeUps.add(slow);
      await adapter.wakeUps.add(quick);
      await until(() => expect(handled).toEqual([quick]));
      leave.resolve();
      await until(() => expect(handled).toEqual([quick, slow]));
    });
  });
}
