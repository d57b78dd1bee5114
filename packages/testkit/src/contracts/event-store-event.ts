import type { DomainEvent, ExistingEvent, JournalEntry, Obligation } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { aPool, aRole } from '../spec/commands.ts';
import { newCommandId } from '../spec/ids.ts';
import { volunteers, type StoreBench } from './event-store-bench.ts';
import { anEvent, seated, writerOf } from './event-store-writer.ts';

const everySetting = {
  location: 'Town hall',
  signupOpensAt: 5,
  signupClosesAt: 9_999_999_999_999,
  cancelClosesAt: 8_888_888_888_888,
  capacity: 70,
  usersMayMove: true,
};

/** What a store keeps of the event itself, and of decisions about it. */
export function eventContract(bench: () => StoreBench): void {
  async function storedAfter(...events: readonly ExistingEvent[]): Promise<ExistingEvent | undefined> {
    const { store } = bench();
    const writer = writerOf(store);
    for (const changedEvent of events) await writer.commit({ changedEvent });
    return (await store.loadEvent(writer.eventId))?.current;
  }

  describe('loadEvent', () => {
    it('gives back settings and roles, in their order and without counts', async () => {
      const { store } = bench();
      const roles = [
        aRole('zebra-keepers', { waitlist: 'off' }),
        aRole(),
        aRole('cooks', { capacity: 0, waitlist: 'offer', waitlistMax: 7, offerMs: 60_000 }),
        aRole('guests', { capacity: null }),
      ];
      const writer = writerOf(store);
      const event = anEvent({ roles, settings: everySetting });
      await writer.begin(event, seated('ann', 1));
      const stored = await store.loadEvent(writer.eventId);
      expect(stored?.current).toStrictEqual(event);
      expect([...(stored?.current.roles.keys() ?? [])]).toEqual(roles.map(({ roleId }) => roleId));
    });

    it('gives back pools and the obligation', async () => {
      const limits = [
        { limit: 'role', roleId: volunteers },
        { limit: 'pool', poolId: aPool('hall', 0).poolId },
        { limit: 'event' },
      ] as const;
      const obligation: Obligation = { kind: 'demote', causationId: newCommandId(), acceptedAt: 1_234, limits };
      const pools = [aPool('hall', 12, 'volunteers', 'cooks'), aPool('kitchen', 0, 'cooks')];
      const event = anEvent({ roles: [aRole(), aRole('cooks')], pools, obligation });
      expect(await storedAfter(event)).toStrictEqual(event);
      const { limits: _none, ...promote } = { ...obligation, kind: 'promote' } as const;
      expect(await storedAfter(anEvent({ obligation: promote }))).toStrictEqual(anEvent({ obligation: promote }));
    });

    it('does not make up settings that were not given', async () => {
      expect(await storedAfter(anEvent())).toStrictEqual(anEvent());
    });

    it('lacks what a change took away', async () => {
      const obligation: Obligation = { kind: 'cancel', causationId: newCommandId(), acceptedAt: 1_234 };
      const full = anEvent({ settings: everySetting, pools: [aPool('hall', 12, 'volunteers')], obligation });
      expect(await storedAfter(full, anEvent())).toStrictEqual(anEvent());
      expect(await storedAfter(anEvent(), full)).toStrictEqual(full);
    });
  });

  describe('the journal', () => {
    it('keeps what was changed to and from nothing', async () => {
      const { store } = bench();
      const writer = writerOf(store);
      await writer.begin(anEvent());
      const domainEvents: readonly DomainEvent[] = [
        { type: 'EventSettingsChanged', before: { location: 'Town hall', capacity: 3 }, after: { capacity: 4 } },
        { type: 'RoleCapacityChanged', roleId: volunteers, before: 2, after: null },
        { type: 'PoolsChanged', before: [], after: [aPool('hall', 12, 'volunteers')] },
      ];
      const { entries } = await writer.commit({ domainEvents });
      const [step] = await store.readJournal(writer.eventId, 2, 2);
      expect(step?.domainEvents).toStrictEqual(domainEvents);
      expect(await store.findDecisions(writer.eventId, [entries[0]!.commandId])).toStrictEqual(entries);
    });

    it.each<Partial<JournalEntry>>([
      { actor: { kind: 'system' }, commandType: 'ExpireOffer' },
      { actor: undefined, commandType: 'ObligationStep', causationId: newCommandId() },
    ])('keeps who decided and why: %o', async (entry) => {
      const { store } = bench();
      const writer = writerOf(store);
      await writer.begin(anEvent());
      const { entries } = await writer.commit({ entry });
      expect(await store.findDecisions(writer.eventId, [entries[0]!.commandId])).toStrictEqual(entries);
    });
  });
}
