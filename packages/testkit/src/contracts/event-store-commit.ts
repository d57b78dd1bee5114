import { registrationIdFor } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { aRole, cancel, closeEvent } from '../spec/commands.ts';
import { aUserId } from '../spec/ids.ts';
import { volunteers, type StoreBench } from './event-store-bench.ts';

/** What a commit writes. */
export function commitContract(bench: () => StoreBench): void {
  describe('commit', () => {
    it('moves the head to the next version and commit id', async () => {
      const { store, eventId, open, commit, signUp } = bench();
      await open();
      const { next } = await commit(signUp('ann'), signUp('bob'));
      expect(next.version).toBe(4);
      expect(await store.loadEvent(eventId)).toMatchObject(next);
    });

    it('changes the event document only when the batch says so', async () => {
      const { store, eventId, open, commit, signUp } = bench();
      await open();
      const batch = await commit(signUp('ann'));
      expect(batch.changedEvent).toBeUndefined();
      expect((await store.loadEvent(eventId))?.current.status).toBe('open');
      await commit(closeEvent({ eventId }));
      expect((await store.loadEvent(eventId))?.current.status).toBe('closed');
    });

    it('writes a cancel and a new signup of the same user and role, in whatever order they stand', async () => {
      const { store, eventId, scribe, open, commit, signUp } = bench();
      await open();
      const first = signUp('ann');
      await commit(first);
      const second = signUp('ann');
      await commit(cancel(first), second);
      const third = signUp('ann');
      const batch = scribe.batch(cancel(second), third);
      expect(await store.commit({ ...batch, writes: batch.writes.toReversed() })).toBe('committed');
      const named = [first, second, third].map(({ commandId }) => registrationIdFor(commandId));
      const found = await store.findRegistrations(eventId, [], named);
      const statuses = new Map(found.map(({ registrationId, status }) => [registrationId, status]));
      expect(named.map((id) => statuses.get(id))).toEqual(['cancelled', 'cancelled', 'confirmed']);
    });

    it('writes what was signed up, cancelled and signed up again within one batch', async () => {
      const { store, eventId, open, commit, signUp } = bench();
      await open();
      const [first, second] = [signUp('ann'), signUp('ann')];
      await commit(first, cancel(first), second);
      const found = await store.findRegistrations(eventId, [], [registrationIdFor(first.commandId)]);
      expect(found).toMatchObject([{ status: 'cancelled' }]);
      expect(await store.findRegistrations(eventId, [aUserId('ann')], [])).toMatchObject([
        { registrationId: registrationIdFor(second.commandId), status: 'confirmed' },
      ]);
    });

    it('writes a promotion', async () => {
      const { store, eventId, open, commit, signUp } = bench();
      await open({ roles: [aRole('volunteers', { capacity: 1 })] });
      const [ann, bob] = [signUp('ann'), signUp('bob')];
      await commit(ann, bob);
      await commit(cancel(ann));
      expect(await store.findRegistrations(eventId, [aUserId('bob')], [])).toMatchObject([
        { registrationId: registrationIdFor(bob.commandId), status: 'confirmed', sequence: 4 },
      ]);
    });

    it('takes a full batch of 500', async () => {
      const { store, eventId, open, commit, signUp } = bench();
      await open({ roles: [aRole('volunteers', { capacity: 300 })] });
      const commands = Array.from({ length: 500 }, (_, n) => signUp(`user-${n}`));
      await commit(...commands);
      const counts = await store.countRegistrations(eventId, [volunteers]);
      expect([...counts.values()]).toEqual([{ confirmed: 300, waitlist: 200, offered: 0 }]);
    });
  });
}
