import { describe, expect, it } from 'vitest';
import { aRole } from '../spec/commands.ts';
import { aRoleId } from '../spec/ids.ts';
import { volunteers, type StoreBench } from './event-store-bench.ts';
import { anEvent, changed, gone, seated, waiting, writerOf, type Writer } from './event-store-writer.ts';

const cooks = aRoleId('cooks');
const offer = { expiresAt: Date.UTC(2030, 4, 2) };

/** How registrations stand: with a seat, in line, or out of it with a seat held. */
export function standingContract(bench: () => StoreBench): void {
  /** Ann, Bob and Cem have seats; Dan and Fay wait around Eve, who has an offer; somebody waits for the cooks. */
  async function someStanding(writer: Writer): Promise<void> {
    await writer.begin(
      anEvent({ roles: [aRole(), aRole('cooks')] }),
      seated('cem', 5),
      seated('ann', 2),
      waiting('fay', 9),
      seated('bob', 4),
      waiting('dan', 6),
      waiting('eve', 7, { offer }),
      waiting('gil', 8, { role: 'cooks', offer }),
      waiting('hal', 10, { role: 'cooks' }),
      gone(seated('ida', 3)),
    );
  }

  describe('standing', () => {
    it('is counted per role: an offer is not in line', async () => {
      const { store } = bench();
      const writer = writerOf(store);
      await someStanding(writer);
      await someStanding(writerOf(store));
      const counts = await store.countRegistrations(writer.eventId, [volunteers, cooks, aRoleId('nobody-knows')]);
      expect(counts).toEqual(
        new Map([
          [volunteers, { confirmed: 3, waitlist: 2, offered: 1 }],
          [cooks, { confirmed: 0, waitlist: 1, offered: 1 }],
        ]),
      );
      expect((await store.countRegistrations(writer.eventId, [cooks])).has(volunteers)).toBe(false);
    });

    it('counts of as many roles as an event can have', async () => {
      const { store } = bench();
      const writer = writerOf(store);
      const roles = Array.from({ length: 100 }, (_, n) => aRole(`role-${n}`));
      const users = roles.map(({ name }, n) => waiting('ann', n + 1, { role: name, offer }));
      await writer.begin(anEvent({ roles }), ...users);
      const counts = await store.countRegistrations(
        writer.eventId,
        roles.map(({ roleId }) => roleId),
      );
      expect(counts.size).toBe(100);
      for (const ofRole of counts.values()) expect(ofRole).toEqual({ confirmed: 0, waitlist: 0, offered: 1 });
    });

    it('is found from the lowest sequence in order, or from the highest, the last first', async () => {
      const writer = writerOf(bench().store);
      await someStanding(writer);
      expect(await writer.standing(volunteers, 'confirmed')).toEqual(['ann', 'bob', 'cem']);
      expect(await writer.standing(volunteers, 'confirmed', 'last')).toEqual(['cem', 'bob', 'ann']);
      expect(await writer.standing(volunteers, 'waitlist')).toEqual(['dan', 'fay']);
      expect(await writer.standing(volunteers, 'waitlist', 'last')).toEqual(['fay', 'dan']);
      expect(await writer.standing(volunteers, 'offered')).toEqual(['eve']);
      expect(await writer.standing(cooks, 'offered', 'last')).toEqual(['gil']);
      expect(await writer.standing(cooks, 'confirmed')).toEqual([]);
      expect(await writer.standing(aRoleId('nobody-knows'), 'waitlist')).toEqual([]);
    });

    it('is found of at most as many as asked', async () => {
      const { store } = bench();
      const writer = writerOf(store);
      const users = Array.from({ length: 12 }, (_, n) => `user-${n}`);
      const offered = users.map((user, n) => waiting(user, 20 - n, { offer }));
      await writer.begin(anEvent(), ...offered, ...users.map((user, n) => seated(user, n + 30, { role: 'cooks' })));
      const found = async (from: 'first' | 'last', countMax: number) => {
        const query = { eventId: writer.eventId, roleId: volunteers, standing: 'offered', from, countMax } as const;
        return (await store.findStanding(query)).map(({ sequence }) => sequence);
      };
      expect(await found('first', 3)).toEqual([9, 10, 11]);
      expect(await found('last', 3)).toEqual([20, 19, 18]);
      expect(await found('first', 100)).toHaveLength(12);
      expect(await found('first', 0)).toEqual([]);
    });

    it('comes with all that decides', async () => {
      const { store } = bench();
      const writer = writerOf(store);
      const held = seated('ann', 2, { role: 'cooks', attendedAt: Date.UTC(2030, 5, 1, 10) });
      const move = waiting('ann', 3, { replaces: held.registrationId, offer });
      await writer.begin(anEvent(), held, move);
      const { eventId } = writer;
      const ofRole = (roleId: typeof cooks, standing: 'confirmed' | 'offered') =>
        store.findStanding({ eventId, roleId, standing, from: 'first', countMax: 5 });
      expect(await ofRole(cooks, 'confirmed')).toStrictEqual([held]);
      expect(await ofRole(volunteers, 'offered')).toStrictEqual([move]);
      const found = await store.findRegistrations(eventId, [held.userId], []);
      expect(found.toSorted((a, b) => a.sequence - b.sequence)).toStrictEqual([held, move]);
    });

    it('gives places to those in line only, and back to who loses an offer', async () => {
      const { store } = bench();
      const writer = writerOf(store);
      const { eventId } = writer;
      const [ann, bob, cem] = [waiting('ann', 2, { offer }), waiting('bob', 3), waiting('cem', 4, { offer })];
      const dan = waiting('dan', 5);
      await writer.begin(anEvent(), ann, bob, cem, dan);
      const places = async () => [...(await store.findPlaces(eventId, volunteers, [2, 3, 4, 5, 6]))];
      expect(await places()).toEqual([
        [3, 1],
        [5, 2],
      ]);
      const { offer: _lost, ...demoted } = ann;
      await writer.write(changed(ann, demoted));
      expect(await places()).toEqual([
        [2, 1],
        [3, 2],
        [5, 3],
      ]);
      expect([...(await store.findPlaces(eventId, volunteers, [5]))]).toEqual([[5, 3]]);
      expect(await writer.find(ann)).toStrictEqual(demoted);
    });
  });
}
