import type { RegistrationId } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { newCommandId } from '../spec/ids.ts';
import type { StoreBench } from './event-store-bench.ts';
import { anEvent, changed, gone, waiting, writerOf } from './event-store-writer.ts';

/** What workers that died have left undone. A server may be shared: each test looks for its own. */
export function overdueContract(bench: () => StoreBench): void {
  describe('what is overdue', () => {
    it('are offers from the moment at which they run out, of all events', async () => {
      const { store } = bench();
      const [one, other] = [writerOf(store), writerOf(store)];
      const at = (expiresAt: number) => ({ offer: { expiresAt } });
      const [ann, bob, cem] = [
        waiting('ann', 2, at(5_000)),
        waiting('bob', 3, at(5_001)),
        waiting('cem', 2, at(4_999)),
      ];
      await one.begin(anEvent(), ann, bob);
      await other.begin(anEvent(), cem, waiting('dan', 3));
      const own = async (now: number, countMax = 1_000): Promise<readonly RegistrationId[]> => {
        const { offers } = await store.findOverdue(now, countMax);
        const ids = new Set([ann, bob, cem].map(({ registrationId }) => registrationId));
        return offers.map(({ registrationId }) => registrationId).filter((id) => ids.has(id));
      };
      expect(await own(5_000)).toEqual([cem.registrationId, ann.registrationId]);
      expect(await own(5_001)).toEqual([cem.registrationId, ann.registrationId, bob.registrationId]);
      const { offers } = await store.findOverdue(5_001, 1_000);
      expect(offers).toContainEqual({ eventId: other.eventId, registrationId: cem.registrationId, expiresAt: 4_999 });
      expect((await store.findOverdue(5_001, 1)).offers).toHaveLength(1);

      const { offer: _accepted, ...about } = ann;
      const { offer: _run, ...back } = bob;
      await one.write(changed(ann, { ...about, status: 'confirmed' }), changed(bob, back));
      await other.write(changed(cem, gone(cem)));
      expect(await own(10_000)).toEqual([]);
    });

    it('are no offers of an event that the system before leads, until it ends', async () => {
      const { store } = bench();
      const writer = writerOf(store);
      // The earliest of all, so that it would be in the way of others.
      const [ann, bob] = [1, 2].map((expiresAt) => waiting(`user-${expiresAt}`, 2, { offer: { expiresAt } }));
      if (ann === undefined || bob === undefined) throw new Error('two users');
      const other = writerOf(store);
      await writer.begin(anEvent({ status: 'draft', importing: true }), ann);
      await other.begin(anEvent(), bob);
      const found = async (countMax: number) =>
        (await store.findOverdue(2, countMax)).offers.map(({ registrationId }) => registrationId);
      expect(await found(1)).toEqual([bob.registrationId]);
      expect(await found(1_000)).not.toContain(ann.registrationId);
      await writer.commit({ changedEvent: anEvent() });
      expect(await found(1)).toEqual([ann.registrationId]);
      await writer.write(changed(ann, gone(ann)));
      await other.write(changed(bob, gone(bob)));
    });

    it('are events with an obligation, until it is discharged', async () => {
      const { store } = bench();
      const writer = writerOf(store);
      const obligation = { kind: 'promote', causationId: newCommandId(), acceptedAt: 1 } as const;
      await writer.begin(anEvent({ obligation }));
      await writerOf(store).begin(anEvent());
      const obliged = async () => (await store.findOverdue(0, 1_000)).obligations;
      expect(await obliged()).toContain(writer.eventId);
      expect((await store.findOverdue(0, 1)).obligations).toHaveLength(1);
      await writer.write();
      expect(await obliged()).toContain(writer.eventId);
      await writer.commit({ changedEvent: anEvent() });
      expect(await obliged()).not.toContain(writer.eventId);
    });
  });
}
