import { registrationIdFor, type SignUp } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { aRole, cancel, changeRole } from '../spec/commands.ts';
import { aCommitId, aUserId } from '../spec/ids.ts';
import { checkIn, erase, move, update } from '../spec/registration-commands.ts';
import type { StoreBench } from './event-store-bench.ts';

const [ann, bob, olga] = ['ann', 'bob', 'olga-of-the-org'].map((user) => aUserId(user)) as [
  ReturnType<typeof aUserId>,
  ReturnType<typeof aUserId>,
  ReturnType<typeof aUserId>,
];
const idOf = ({ commandId }: SignUp) => registrationIdFor(commandId);

/** What names a user, and how it is rewritten. */
export function erasingContract(bench: () => StoreBench): void {
  /** Versions 3 to 11: Ann comes, goes, and comes again; Olga checks her in, and asks what would become of her. */
  async function someHistory() {
    const { eventId, open, commit, signUp } = bench();
    await open({ roles: [aRole('volunteers', { capacity: 2 }), aRole('cooks')], settings: { usersMayMove: true } });
    const [first, again, bobs] = [signUp('ann', { notes: 'by the door' }), signUp('ann'), signUp('bob')];
    await commit(first, bobs);
    await commit(cancel(first, { reason: 'a cold' }));
    await commit(again);
    await commit(cancel(first));
    await commit(update(again, { notes: 'by the stage' }));
    await commit(checkIn(again));
    await commit(changeRole('volunteers', { capacity: 1 }, { eventId, ifOver: 'demote', dryRun: true }));
    await commit(cancel(bobs, { by: 'staff' }));
    return { first, again, bobs };
  }

  async function eraseUser(user: string) {
    const { store, eventId, scribe, commit } = bench();
    scribe.traces.set(aUserId(user), await store.findTraces(eventId, aUserId(user)));
    const command = erase(user, { eventId });
    return { command, batch: await commit(command) };
  }

  describe('traces of a user', () => {
    it('are their registrations and the decisions that name them', async () => {
      const { store, eventId } = bench();
      const { first, again } = await someHistory();
      const { registrationIds, decisions } = await store.findTraces(eventId, ann);
      expect(registrationIds.toSorted()).toEqual([idOf(first), idOf(again)].toSorted());
      const [one, two] = [[idOf(first)], [idOf(again)]];
      const own = { isActor: true, moves: [] };
      const byOlga = { isActor: false, moves: [] };
      expect(decisions).toEqual([
        { version: 3, ...own, asked: idOf(first), registrationIds: one },
        { version: 5, ...own, asked: idOf(first), registrationIds: one },
        { version: 6, ...own, asked: idOf(again), registrationIds: two },
        { version: 7, ...own, registrationIds: [] },
        { version: 8, ...own, asked: idOf(again), registrationIds: two },
        { version: 9, ...byOlga, asked: idOf(again), registrationIds: two },
        { version: 10, ...byOlga, registrationIds: two },
      ]);
    });

    it('are what they did to others, and nothing of the same at another event', async () => {
      const { store, eventId } = bench();
      const { bobs } = await someHistory();
      const { registrationIds, decisions } = await store.findTraces(eventId, olga);
      expect(registrationIds).toEqual([]);
      expect(decisions.map(({ version }) => version)).toEqual([1, 2, 9, 10, 11]);
      expect(decisions.at(-1)).toEqual({
        version: 11,
        isActor: true,
        asked: idOf(bobs),
        registrationIds: [],
        moves: [],
      });
      expect(await store.findTraces(eventId, aUserId('nobody'))).toEqual({ registrationIds: [], decisions: [] });
    });

    it('say what was to replace what', async () => {
      const { store, eventId, open, commit, signUp } = bench();
      await open({
        roles: [aRole('volunteers'), aRole('cooks', { capacity: 0 })],
        settings: { usersMayMove: true },
      });
      const held = signUp('ann');
      await commit(held);
      const moving = move(held, 'cooks', { ifFull: 'waitlist' });
      await commit(moving);
      const { decisions } = await store.findTraces(eventId, ann);
      expect(decisions.map(({ moves }) => moves)).toEqual([[], [[registrationIdFor(moving.commandId), idOf(held)]]]);
    });
  });

  describe('an erasure', () => {
    it('leaves nothing that names the user, and everything in its place', async () => {
      const { store, eventId, everything } = bench();
      const { first, again } = await someHistory();
      const before = await store.findTraces(eventId, ann);
      const told = JSON.stringify(await everything());
      expect(told).toContain('"ann"');
      const { command, batch } = await eraseUser('ann');
      expect(batch.entries[0]?.decision).toMatchObject({
        domainEvents: [{ type: 'UserErased', registrationIds: [idOf(first), idOf(again)], acts: 1, left: false }],
      });
      expect(await store.findTraces(eventId, ann)).toEqual({ registrationIds: [], decisions: [] });
      expect(await store.findTraces(eventId, command.erasedAs)).toEqual(before);
      const steps = await store.readJournal(eventId, 1, 11);
      const earlier = JSON.parse(told) as { readonly journal: readonly unknown[] };
      expect(JSON.stringify(steps)).toBe(JSON.stringify(earlier.journal).replaceAll('"ann"', `"${command.erasedAs}"`));
      const { registrationId, status } = (await store.findRegistrations(eventId, [command.erasedAs], []))[0] ?? {};
      expect({ registrationId, status }).toEqual({ registrationId: idOf(again), status: 'confirmed' });
    });

    it('rewrites whom a dry run would have affected', async () => {
      const { store, eventId } = bench();
      await someHistory();
      const { command } = await eraseUser('ann');
      const [step] = await store.readJournal(eventId, 10, 10);
      expect(step?.domainEvents).toMatchObject([
        { type: 'ChangePreviewed', effects: [{ effect: 'demoted', userId: command.erasedAs }] },
      ]);
    });

    it('leaves others alone, also in decisions that name both', async () => {
      const { store, eventId, open, commit, signUp } = bench();
      await open({ roles: [aRole('volunteers', { capacity: 1 })] });
      const [anns, bobs] = [signUp('ann'), signUp('bob')];
      await commit(anns, bobs, cancel(anns));
      const { command } = await eraseUser('ann');
      const [step] = await store.readJournal(eventId, 5, 5);
      expect(step?.domainEvents).toMatchObject([
        { userId: command.erasedAs },
        { type: 'RegistrationPromoted', userId: bob },
      ]);
      expect(await store.findRegistrations(eventId, [bob], [])).toMatchObject([{ status: 'confirmed' }]);
    });

    it('writes nothing when somebody else was first', async () => {
      const { store, eventId, scribe, everything } = bench();
      await someHistory();
      scribe.traces.set(ann, await store.findTraces(eventId, ann));
      const batch = scribe.batch(erase('ann', { eventId }));
      const before = await everything();
      const expected = { version: 11, commitId: aCommitId('of somebody else') };
      expect(await store.commit({ ...batch, expected })).toBe('stale');
      expect(await everything()).toEqual(before);
    });

    it('of what a whole step takes is one commit', async () => {
      const { store, eventId, scribe, open, commit, signUp } = bench();
      await open({ roles: [aRole('volunteers', { capacity: null })] });
      for (let round = 0; round < 2; round += 1) {
        const signUps = Array.from({ length: 100 }, () => signUp('ann'));
        await commit(...signUps.flatMap((one) => [one, cancel(one)]));
      }
      const { batch } = await eraseUser('ann');
      // Each is a registration and two decisions.
      expect(batch.erasure).toMatchObject({ registrationIds: { length: 166 }, factVersions: { length: 332 } });
      const rest = await store.findTraces(eventId, ann);
      expect(rest).toMatchObject({ registrationIds: { length: 34 }, decisions: { length: 68 } });
      expect((await eraseUser('ann')).batch.erasure?.registrationIds).toHaveLength(34);
      expect(await store.findTraces(eventId, ann)).toEqual({ registrationIds: [], decisions: [] });
      expect(scribe.head?.version).toBe(404);
    });
  });
}
