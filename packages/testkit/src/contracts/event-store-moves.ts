import { describe, expect, it } from 'vitest';
import { aRole } from '../spec/commands.ts';
import { aRoleId, aUserId } from '../spec/ids.ts';
import { volunteers, type StoreBench } from './event-store-bench.ts';
import { anEvent, changed, gone, made, seated, waiting, writerOf } from './event-store-writer.ts';

const cooks = aRoleId('cooks');
const drivers = aRoleId('drivers');
const offer = { expiresAt: Date.UTC(2030, 4, 2) };
const event = anEvent({ roles: [aRole(), aRole('cooks'), aRole('drivers')] });

/** What changes of a registration, and the one place that a user may have in a role. */
export function movesContract(bench: () => StoreBench): void {
  describe('a move', () => {
    it('gives the registration another role and sequence, frees the old place and takes the new one', async () => {
      const { store } = bench();
      const writer = writerOf(store);
      const ann = seated('ann', 2);
      await writer.begin(event, ann);
      const moved = { ...ann, roleId: cooks, sequence: 3 };
      await writer.write(changed(ann, moved));
      expect(await writer.find(ann)).toStrictEqual(moved);
      expect(await writer.standing(volunteers, 'confirmed')).toEqual([]);
      expect(await writer.standing(cooks, 'confirmed')).toEqual(['ann']);

      await writer.write(made(seated('ann', 4)));
      const third = writer.batch({ writes: [made(seated('ann', 5, { role: 'cooks' }))] });
      expect(await store.commit(third)).toBe('duplicate');
    });

    it('is a duplicate where the user has a place already, and writes nothing', async () => {
      const { store } = bench();
      const writer = writerOf(store);
      const [ann, held] = [seated('ann', 2), waiting('ann', 3, { role: 'cooks' })];
      await writer.begin(event, ann, held);
      expect(await store.commit(writer.batch({ writes: [changed(ann, { ...ann, roleId: cooks })] }))).toBe('duplicate');
      expect(await writer.find(ann)).toStrictEqual(ann);
      expect(await store.loadEvent(writer.eventId)).toMatchObject({ version: 1 });
    });

    it.each(['as they free each other’s places', 'the other way round'])(
      'goes with others of the same user in one batch, written %s',
      async (order) => {
        const writer = writerOf(bench().store);
        const [first, second, third] = [
          seated('ann', 2),
          waiting('ann', 3, { role: 'cooks', offer }),
          seated('ann', 4, { role: 'drivers' }),
        ];
        await writer.begin(event, first, second, third, seated('bob', 5));
        const after = [
          gone(third),
          { ...second, roleId: drivers, sequence: 6 },
          { ...first, roleId: cooks, sequence: 7 },
        ];
        const writes = [changed(third, after[0]!), changed(second, after[1]!), changed(first, after[2]!)];
        writes.push(made(waiting('ann', 8)));
        await writer.write(...(order === 'the other way round' ? writes.toReversed() : writes));
        expect([await writer.find(third), await writer.find(second), await writer.find(first)]).toStrictEqual(after);
        expect(await writer.standing(volunteers, 'waitlist')).toEqual(['ann']);
      },
    );

    it('may change places with another one of the same user, by way of a third role', async () => {
      const writer = writerOf(bench().store);
      const [first, second] = [seated('ann', 2), seated('ann', 3, { role: 'cooks' })];
      await writer.begin(event, first, second);
      const swapped = [
        { ...first, roleId: cooks, sequence: 5 },
        { ...second, roleId: volunteers, sequence: 6 },
      ] as const;
      await writer.write(changed(first, swapped[0]), changed(second, swapped[1]));
      expect([await writer.find(first), await writer.find(second)]).toStrictEqual(swapped);
    });

    it('of one that waits ends when its turn comes: it is seated, and the one that it replaces is cancelled', async () => {
      const writer = writerOf(bench().store);
      const held = seated('ann', 2);
      const move = waiting('ann', 3, { role: 'cooks', replaces: held.registrationId });
      await writer.begin(event, held, move);
      expect(await writer.find(move)).toStrictEqual(move);
      const { replaces: _done, ...about } = move;
      const done = { ...about, status: 'confirmed' } as const;
      const cancellation = { cancelledAt: 9, cause: 'moved' } as const;
      await writer.write(changed(held, gone(held), { cancellation }), changed(move, done));
      expect(await writer.find(move)).toStrictEqual(done);
      expect(await writer.find(held)).toStrictEqual(gone(held));
    });
  });

  describe('who stops waiting', () => {
    const offered = () => waiting('ann', 2, { offer, replaces: waiting('x', 1).registrationId });

    it.each(['confirmed', 'waitlist', 'cancelled'] as const)('to be %s loses the offer', async (status) => {
      const { store } = bench();
      const writer = writerOf(store);
      const ann = offered();
      await writer.begin(event, ann);
      const after = { ...gone(ann), status };
      await writer.write(changed(ann, after));
      expect(await writer.find(ann)).toStrictEqual(after);
      expect(await writer.standing(volunteers, 'offered')).toEqual([]);
      const counts = (await store.countRegistrations(writer.eventId, [volunteers])).get(volunteers);
      expect(counts?.offered ?? 0).toBe(0);
      expect(counts?.waitlist ?? 0).toBe(status === 'waitlist' ? 1 : 0);
    });

    it('may be offered a seat another time', async () => {
      const writer = writerOf(bench().store);
      const ann = waiting('ann', 2);
      await writer.begin(event, ann);
      for (const expiresAt of [1_000, 2_000]) {
        await writer.write(changed(ann, { ...ann, offer: { expiresAt } }));
        expect(await writer.find(ann)).toStrictEqual({ ...ann, offer: { expiresAt } });
        await writer.write(changed(ann, ann));
        expect(await writer.find(ann)).toStrictEqual(ann);
      }
    });
  });

  describe('a check-in', () => {
    it('is kept until it is undone', async () => {
      const { store } = bench();
      const writer = writerOf(store);
      const ann = seated('ann', 2);
      await writer.begin(event, ann);
      const there = { ...ann, attendedAt: Date.UTC(2030, 5, 1, 9, 30) };
      await writer.write(changed(ann, there));
      expect(await store.findRegistrations(writer.eventId, [aUserId('ann')], [])).toStrictEqual([there]);
      await writer.write(changed(there, ann));
      expect(await writer.find(ann)).toStrictEqual(ann);
    });
  });
}
