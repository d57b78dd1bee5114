import { eventIdFor, type DomainEvent } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { aRoleId, newCommandId } from '../spec/ids.ts';
import type { QueriesBench } from './event-queries-bench.ts';
import { tooManyFacts, volunteers } from './event-store-bench.ts';
import { anEvent, changed, gone, seated, waiting, writerOf } from './event-store-writer.ts';

const offer = { expiresAt: Date.UTC(2030, 4, 2) };

/** Who keeps a line reads it once and follows the journal from its version on. */
export function lineContract(bench: () => QueriesBench): void {
  describe('a line', () => {
    it('are the sequences of those who wait without an offer, in order, at the version that it says', async () => {
      const { store, queries } = bench();
      const writer = writerOf(store);
      const [ann, bob, cem] = [waiting('ann', 9), waiting('bob', 4), waiting('cem', 6)];
      const others = [seated('dan', 5), gone(waiting('eve', 3)), waiting('fay', 7, { role: 'cooks' })];
      const { next } = await writer.begin(anEvent(), ann, bob, cem, ...others);
      await writerOf(store).begin(anEvent(), waiting('ann', 5));
      const line = async () => (await queries.readLine(writer.eventId, volunteers))?.sequences;
      expect(await queries.readLine(writer.eventId, volunteers)).toEqual({ ...next, sequences: [4, 6, 9] });

      await writer.write(changed(bob, { ...bob, offer }), changed(cem, { ...cem, offer }));
      expect(await line()).toEqual([9]);
      // Demoted, promoted, and cancelled.
      await writer.write(changed(bob, bob));
      expect(await line()).toEqual([4, 9]);
      await writer.write(changed(cem, { ...gone(cem), status: 'confirmed' }));
      expect(await line()).toEqual([4, 9]);
      const last = await writer.write(changed(ann, gone(ann)));
      expect(await queries.readLine(writer.eventId, volunteers)).toEqual({ ...last.next, sequences: [4] });
    });

    it('is empty where nobody waits, and nothing where there is no event', async () => {
      const { store, queries } = bench();
      const writer = writerOf(store);
      const { next } = await writer.begin(anEvent(), seated('ann', 1), waiting('bob', 2, { offer }));
      expect(await queries.readLine(writer.eventId, volunteers)).toEqual({ ...next, sequences: [] });
      expect(await queries.readLine(writer.eventId, aRoleId('cooks'))).toEqual({ ...next, sequences: [] });
      expect(await queries.readLine(eventIdFor(newCommandId()), volunteers)).toBeUndefined();
    });
  });

  describe('the head and the steps to it', () => {
    it('are those of the last commit', async () => {
      const { store, queries } = bench();
      const writer = writerOf(store);
      expect(await queries.readHead(writer.eventId)).toBeUndefined();
      const { next } = await writer.begin(anEvent());
      expect(await queries.readHead(writer.eventId)).toEqual(next);
      const domainEvents: readonly DomainEvent[] = [{ type: 'EventClosed' }];
      const second = await writer.commit({ domainEvents });
      const third = await writer.write();
      expect(await queries.readHead(writer.eventId)).toEqual(third.next);
      const steps = [
        { ...second.next, domainEvents },
        { ...third.next, domainEvents: [] },
      ];
      expect(await queries.readSteps(writer.eventId, 2, 3)).toEqual(steps);
      expect(await queries.readSteps(writer.eventId, 2, 99)).toEqual(steps);
      expect(await queries.readSteps(writer.eventId, 4, 99)).toEqual([]);
    });

    it('are given up, and fewer answered, when they say more than can be followed', async () => {
      const { store, queries } = bench();
      const writer = writerOf(store);
      await writer.begin(anEvent());
      const { next } = await writer.commit({ further: tooManyFacts() });
      expect(await queries.readSteps(writer.eventId, 1, next.version - 1)).toHaveLength(next.version - 1);
      expect((await queries.readSteps(writer.eventId, 1, next.version)).length).toBeLessThan(next.version);
    });
  });
}
