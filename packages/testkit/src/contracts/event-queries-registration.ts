import type { Registration } from '@rollcall/domain';
import type { RegistrationView } from '@rollcall/engine';
import { describe, expect, it } from 'vitest';
import { signupTime } from '../spec/commands.ts';
import { aUserId } from '../spec/ids.ts';
import type { QueriesBench } from './event-queries-bench.ts';
import { anEvent, changed, gone, made, seated, waiting, writerOf, type Writer } from './event-store-writer.ts';

const texts = {
  notes: 'vegetarian 🌱',
  specialRequirements: 'a ramp',
  profile: { displayName: 'Ann', email: 'ann@example.org' },
};
const offer = { expiresAt: Date.UTC(2030, 4, 2) };
const olga = aUserId('olga-of-the-org');

/** What a registration shows of how it stands, what its user wrote, and how it ended. */
export function registrationContract(bench: () => QueriesBench): void {
  async function begin(): Promise<Writer> {
    const writer = writerOf(bench().store);
    await writer.begin(anEvent());
    return writer;
  }
  const show = ({ eventId }: Writer, { registrationId }: Registration) =>
    bench().queries.findRegistration(eventId, registrationId);

  /** Of somebody who signed up alone and said nothing. */
  const plain = (writer: Writer, registration: Registration): RegistrationView => ({
    ...registration,
    eventId: writer.eventId,
    registrationDate: signupTime,
    registeredBy: registration.userId,
  });

  describe('a registration', () => {
    it('shows an offer, what it replaces and when its user came, and no more than there is', async () => {
      const writer = await begin();
      const ann = seated('ann', 2, { role: 'cooks', attendedAt: Date.UTC(2030, 5, 1, 9) });
      const move = waiting('ann', 3, { replaces: ann.registrationId, offer });
      await writer.write(made(ann), made(move), made(seated('bob', 4), { registeredBy: olga, registrationDate: 7 }));
      expect(await show(writer, ann)).toStrictEqual(plain(writer, ann));
      expect(await show(writer, move)).toStrictEqual(plain(writer, move));
      const bob = (await bench().queries.listParticipants({ eventId: writer.eventId }, undefined, 9)).items.find(
        ({ userId }) => userId === 'bob',
      );
      expect(bob).toMatchObject({ registeredBy: olga, registrationDate: 7 });
    });

    it('shows how it was cancelled, not by whom', async () => {
      const writer = await begin();
      const [ann, bob, cem] = [seated('ann', 2), waiting('bob', 3, { offer }), seated('cem', 4)];
      await writer.write(made(ann, texts), made(bob), made(cem));
      const staffs = {
        cancelledAt: 2_000,
        cause: 'staff',
        cancelledBy: olga,
        reasonCode: 'no-show',
        reason: 'was not there',
      } as const;
      await writer.write(
        changed(ann, gone(ann), { cancellation: staffs }),
        changed(bob, gone(bob), { cancellation: { cancelledAt: 3_000, cause: 'expired' } }),
        changed(cem, gone(cem), { cancellation: { cancelledAt: 4_000, cause: 'user', cancelledBy: cem.userId } }),
      );
      expect(await show(writer, ann)).toStrictEqual({
        ...plain(writer, gone(ann)),
        ...texts,
        cancelledAt: 2_000,
        cancelCause: 'staff',
        cancelReasonCode: 'no-show',
        cancelReason: 'was not there',
      });
      const expired = { cancelledAt: 3_000, cancelCause: 'expired' } as const;
      expect(await show(writer, bob)).toStrictEqual({ ...plain(writer, gone(bob)), ...expired });
      expect(await show(writer, cem)).toMatchObject({ cancelledAt: 4_000, cancelCause: 'user' });
    });

    it('may be made and cancelled in one batch', async () => {
      const writer = await begin();
      const ann = gone(seated('ann', 2));
      await writer.write(made(ann, { cancellation: { cancelledAt: 2_000, cause: 'user', reason: 'changed my mind' } }));
      const shown = { cancelledAt: 2_000, cancelCause: 'user', cancelReason: 'changed my mind' } as const;
      expect(await show(writer, ann)).toStrictEqual({ ...plain(writer, ann), ...shown });
    });
  });

  describe('texts', () => {
    it('are changed and removed, each by itself', async () => {
      const writer = await begin();
      const ann = seated('ann', 2);
      await writer.write(made(ann, texts));
      const full = { ...plain(writer, ann), ...texts };
      await writer.write(changed(ann, ann, { texts: { notes: 'vegan' } }));
      expect(await show(writer, ann)).toStrictEqual({ ...full, notes: 'vegan' });
      await writer.write(changed(ann, ann, { texts: { notes: null, specialRequirements: 'two ramps' } }));
      const { notes: _removed, ...rest } = full;
      expect(await show(writer, ann)).toStrictEqual({ ...rest, specialRequirements: 'two ramps' });
      await writer.write(changed(ann, ann, { texts: { notes: null } }), made(seated('bob', 3)));
      expect(await show(writer, ann)).toStrictEqual({ ...rest, specialRequirements: 'two ramps' });
    });

    it('stay when something else changes', async () => {
      const writer = await begin();
      const ann = waiting('ann', 2, { offer });
      await writer.write(made(ann, texts));
      const after = { ...gone(ann), status: 'confirmed' } as const;
      await writer.write(changed(ann, after));
      expect(await show(writer, ann)).toStrictEqual({ ...plain(writer, after), ...texts });
    });

    it('may be changed in the batch that made them', async () => {
      const writer = await begin();
      const ann = seated('ann', 2);
      await writer.write(made(ann, { ...texts, texts: { notes: null, specialRequirements: 'two ramps' } }));
      const { notes: _removed, ...rest } = texts;
      const shown = { ...plain(writer, ann), ...rest, specialRequirements: 'two ramps' };
      expect(await show(writer, ann)).toStrictEqual(shown);
    });

    it('are taken over by a registration that is to replace another', async () => {
      const writer = await begin();
      const held = seated('ann', 2, { role: 'cooks' });
      await writer.write(made(held, texts));
      const move = waiting('ann', 3, { replaces: held.registrationId });
      await writer.write(made(seated('bob', 4)), made(move, { textsOf: held.registrationId, registeredBy: olga }));
      const shown = { ...plain(writer, move), ...texts, registeredBy: olga };
      expect(await show(writer, move)).toStrictEqual(shown);
    });

    describe('of one that another is to replace', () => {
      const { profile } = texts;
      async function queued(move: Parameters<typeof waiting>[2] = {}) {
        const writer = await begin();
        const held = seated('ann', 2, { role: 'cooks' });
        const moving = waiting('ann', 3, { ...move, replaces: held.registrationId });
        const bob = waiting('bob', 4);
        await writer.write(made(held, texts), made(bob, texts));
        await writer.write(made(moving, { textsOf: held.registrationId }));
        const { replaces: _done, offer: _taken, ...about } = moving;
        return { writer, held, moving, bob, done: { ...about, status: 'confirmed' } as const };
      }
      const cancellation = { cancelledAt: 9, cause: 'moved' } as const;

      it.each([{}, { offer }])('are changed of that one too, the last word last, while it waits: %o', async (move) => {
        const { writer, held, moving, bob, done } = await queued(move);
        await writer.write(changed(moving, moving, { texts: { notes: 'nuts!', specialRequirements: 'two ramps' } }));
        expect(await show(writer, held)).toStrictEqual({ ...plain(writer, held), ...texts });
        await writer.write(changed(held, held, { texts: { notes: 'no nuts' } }));
        await writer.write(changed(held, gone(held), { cancellation }), changed(moving, done));
        const shown = { ...plain(writer, done), profile, notes: 'no nuts', specialRequirements: 'two ramps' };
        expect(await show(writer, done)).toStrictEqual(shown);
        expect(await show(writer, bob)).toStrictEqual({ ...plain(writer, bob), ...texts });
      });

      it.each(['in this order', 'the other way round'])(
        'are changed of that one too in the batch that seats it, written %s',
        async (order) => {
          const { writer, held, moving, done } = await queued();
          const writes = [
            changed(held, gone(held), { cancellation, texts: { notes: null, specialRequirements: 'no nuts' } }),
            changed(moving, done, { texts: { notes: 'by train' } }),
          ];
          await writer.write(...(order === 'in this order' ? writes : writes.toReversed()));
          const shown = { ...plain(writer, done), profile, notes: 'by train', specialRequirements: 'no nuts' };
          expect(await show(writer, done)).toStrictEqual(shown);
        },
      );

      it('stay as they are of that one once it has its seat, or is cancelled', async () => {
        const { writer, held, moving, done } = await queued();
        await writer.write(changed(moving, done));
        await writer.write(changed(held, held, { texts: { notes: 'vegan' } }));
        expect(await show(writer, done)).toStrictEqual({ ...plain(writer, done), ...texts });
        const other = await queued();
        await other.writer.write(changed(other.moving, gone(other.moving)));
        await other.writer.write(changed(other.held, other.held, { texts: { notes: 'vegan' } }));
        expect(await show(other.writer, other.moving)).toMatchObject({ status: 'cancelled', notes: texts.notes });
      });

      it('are changed of one that is to replace that one in turn, made in the same batch', async () => {
        const { writer, held, moving } = await queued();
        const next = waiting('ann', 5, { role: 'drivers', replaces: moving.registrationId });
        await writer.write(
          changed(held, gone(held), { texts: { notes: 'vegan' } }),
          made(next, { textsOf: moving.registrationId }),
        );
        expect(await show(writer, next)).toStrictEqual({ ...plain(writer, next), ...texts, notes: 'vegan' });
      });
    });

    it('are taken over as they are after the batch', async () => {
      const writer = await begin();
      const held = seated('ann', 2, { role: 'cooks' });
      await writer.write(made(held, texts));
      const move = waiting('ann', 3, { replaces: held.registrationId });
      const { profile } = texts;
      await writer.write(
        made(move, { textsOf: held.registrationId }),
        changed(held, held, { texts: { notes: 'vegan', specialRequirements: null } }),
      );
      expect(await show(writer, move)).toStrictEqual({ ...plain(writer, move), notes: 'vegan', profile });
    });

    it.each(['in its order', 'the other way round'])('are taken over within one batch, written %s', async (order) => {
      const writer = await begin();
      const held = seated('ann', 2, { role: 'cooks' });
      const move = waiting('ann', 3, { role: 'drivers', replaces: held.registrationId });
      const another = waiting('ann', 4);
      const writes = [
        made(held, { ...texts, texts: { notes: 'vegan' } }),
        made(move, { textsOf: held.registrationId }),
        made(another, { textsOf: move.registrationId, texts: { specialRequirements: null } }),
      ];
      await writer.write(...(order === 'in its order' ? writes : writes.toReversed()));
      const { specialRequirements: _removed, ...kept } = texts;
      expect(await show(writer, move)).toStrictEqual({ ...plain(writer, move), ...texts, notes: 'vegan' });
      expect(await show(writer, another)).toStrictEqual({ ...plain(writer, another), ...kept, notes: 'vegan' });
    });
  });
}
