import type { RoleCounts } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { aPool, aRole } from '../spec/commands.ts';
import { aRoleId } from '../spec/ids.ts';
import type { QueriesBench } from './event-queries-bench.ts';
import { volunteers } from './event-store-bench.ts';
import { anEvent, changed, seated, waiting, writerOf } from './event-store-writer.ts';

const [cooks, guests] = [aRoleId('cooks'), aRoleId('guests')];
const offer = { expiresAt: Date.UTC(2030, 4, 2) };

/** What is free is what all limits leave, and an offer is taken. */
export function availabilityContract(bench: () => QueriesBench): void {
  describe('availability', () => {
    it('is what the role, its pools and the event leave', async () => {
      const { store, queries } = bench();
      const writer = writerOf(store);
      const { eventId } = writer;
      const roles = [
        aRole('volunteers', { capacity: 9 }),
        aRole('cooks', { capacity: 9 }),
        aRole('guests', { capacity: null }),
      ];
      const pools = [aPool('hall', 5, 'volunteers', 'cooks')];
      await writer.begin(
        anEvent({ roles, pools }),
        seated('ann', 2),
        waiting('bob', 3, { offer }),
        waiting('cem', 4),
        seated('dan', 5, { role: 'cooks' }),
        seated('eve', 6, { role: 'guests' }),
      );
      const counts: readonly [typeof cooks, RoleCounts][] = [
        [volunteers, { capacity: 9, confirmed: 1, waitlist: 1, offered: 1, available: 2 }],
        [cooks, { capacity: 9, confirmed: 1, waitlist: 0, offered: 0, available: 2 }],
        [guests, { capacity: null, confirmed: 1, waitlist: 0, offered: 0, available: null }],
      ];
      const shown = async () => {
        const counted = await queries.countEvent(eventId);
        expect(await queries.countEvents([eventId])).toEqual(new Map([[eventId, counted]]));
        for (const [roleId, ofRole] of counted?.roles ?? []) {
          expect(await queries.getRoleAvailability(eventId, roleId)).toEqual(ofRole);
        }
        return counted;
      };
      expect(await shown()).toMatchObject({ version: 1, roles: new Map(counts) });

      await writer.commit({ changedEvent: anEvent({ roles, pools, settings: { capacity: 5 } }) });
      const availables = [...((await shown())?.roles.values() ?? [])].map(({ available }) => available);
      expect(availables).toEqual([1, 1, 1]);
    });

    it('follows an offer that is accepted or runs out', async () => {
      const { store, queries } = bench();
      const writer = writerOf(store);
      const { eventId } = writer;
      const [ann, bob] = [waiting('ann', 2, { offer }), waiting('bob', 3, { offer })];
      await writer.begin(anEvent(), ann, bob);
      expect(await queries.getRoleAvailability(eventId, volunteers)).toMatchObject({ offered: 2, available: 0 });
      const { offer: _taken, ...about } = ann;
      const { offer: _lost, ...back } = bob;
      await writer.write(changed(ann, { ...about, status: 'confirmed' }), changed(bob, back));
      const standing = { confirmed: 1, waitlist: 1, offered: 0 };
      expect(await queries.getRoleAvailability(eventId, volunteers)).toMatchObject({ ...standing, available: 1 });
      expect(await queries.getEventSignupCounts(eventId)).toEqual(new Map([[volunteers, standing]]));
      expect(await queries.getUserSignupCount(eventId, ann.userId)).toBe(1);
    });

    it('shows the pools of an event with it', async () => {
      const { store, queries } = bench();
      const writer = writerOf(store);
      const pools = [aPool('hall', 5, 'volunteers')];
      const event = anEvent({ pools, roles: [aRole()], settings: { capacity: 7 } });
      await writer.begin(event);
      const { settings, status } = event;
      const shown = { eventId: writer.eventId, version: 1, status, settings, roles: [aRole()], pools };
      expect(await queries.findEvent(writer.eventId)).toStrictEqual(shown);
    });
  });
}
