import { registrationIdFor, type ImportRegistration } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { aRole } from '../spec/commands.ts';
import { aUserId } from '../spec/ids.ts';
import { finishImport, importAgain, importEvent, importRegistration, resumeImport } from '../spec/import-commands.ts';
import { erase } from '../spec/registration-commands.ts';
import { volunteers, type StoreBench } from './event-store-bench.ts';

const roles = ['volunteers', 'cooks', 'drivers'].map((name) => aRole(name));
const olga = aUserId('olga-of-the-org');

/** What is imported is stored as it is said, and what is said anew replaces it whole. */
export function importsContract(bench: () => StoreBench): void {
  const begin = async (...some: readonly ImportRegistration[]) => {
    const { eventId, commit } = bench();
    await commit(importEvent({ roles }, { eventId }), ...some);
  };
  const imports = (user: string, parts = {}) => importRegistration(user, { eventId: bench().eventId, ...parts });
  const find = async (...some: readonly ImportRegistration[]) => {
    const { store, eventId } = bench();
    const ids = some.map(({ commandId }) => registrationIdFor(commandId));
    const found = await store.findRegistrations(eventId, [], ids);
    return ids.map((id) => found.find(({ registrationId }) => registrationId === id));
  };

  describe('an import', () => {
    it('makes an event that says where it came from, and that it is imported until that ends', async () => {
      const { store, eventId, commit } = bench();
      await begin();
      expect((await store.loadEvent(eventId))?.current).toMatchObject({ status: 'draft', importing: true });
      await commit(finishImport('closed', { eventId }));
      const led = (await store.loadEvent(eventId))?.current;
      expect(led).toMatchObject({ status: 'closed', legacyId: importEvent().legacyId });
      expect(led).not.toHaveProperty('importing');
      await commit(resumeImport({ eventId }));
      expect((await store.loadEvent(eventId))?.current).toMatchObject({ status: 'draft', importing: true });
    });

    it('makes registrations of each status, and counts those that are active', async () => {
      const { store, eventId } = bench();
      const some = [
        imports('ann', { attendedAt: 5 }),
        imports('bob', { status: 'waitlist' }),
        imports('cem', { status: 'cancelled', cancelledAt: 4 }),
      ];
      await begin(...some);
      expect(await find(...some)).toMatchObject([
        { userId: 'ann', status: 'confirmed', sequence: 2, attendedAt: 5 },
        { userId: 'bob', status: 'waitlist', sequence: 3 },
        { userId: 'cem', status: 'cancelled', sequence: 4 },
      ]);
      const counts = await store.countRegistrations(eventId, [volunteers]);
      expect(counts.get(volunteers)).toEqual({ confirmed: 1, waitlist: 1, offered: 0 });
    });

    it('is the last word on what is there, in the same batch and in a later one', async () => {
      const { commit } = bench();
      const ann = imports('ann', { attendedAt: 5 });
      const waits = importAgain(ann, { status: 'waitlist', role: 'cooks' });
      await begin(ann, waits);
      expect((await find(ann))[0]).toMatchObject({ roleId: 'cooks', status: 'waitlist', sequence: 3 });
      expect((await find(ann))[0]).not.toHaveProperty('attendedAt');
      await commit(importAgain(ann, { attendedAt: 7 }));
      expect((await find(ann))[0]).toMatchObject({ roleId: 'volunteers', status: 'confirmed', attendedAt: 7 });
      const { attendedAt: _, ...absent } = importAgain(ann);
      await commit(absent);
      expect((await find(ann))[0]).not.toHaveProperty('attendedAt');
      await commit(importAgain(ann, { status: 'cancelled' }));
      await commit(importAgain(ann, { status: 'cancelled' }));
      expect((await find(ann))[0]).toMatchObject({ status: 'cancelled' });
    });

    it('may let two registrations of one user change places, by way of a third role', async () => {
      const { commit } = bench();
      const [first, second] = [imports('ann'), imports('ann', { role: 'cooks' })];
      await begin(first, second);
      await commit(
        importAgain(first, { role: 'drivers' }),
        importAgain(second, { role: 'volunteers' }),
        importAgain(first, { role: 'cooks' }),
      );
      expect(await find(first, second)).toMatchObject([{ roleId: 'cooks' }, { roleId: 'volunteers' }]);
    });

    it('leaves a place free for whoever comes after one that it cancels', async () => {
      const { commit } = bench();
      const ann = imports('ann');
      await begin(ann);
      const next = imports('ann');
      await commit(importAgain(ann, { status: 'cancelled' }), next);
      expect(await find(ann, next)).toMatchObject([{ status: 'cancelled' }, { status: 'confirmed' }]);
    });

    it('tells whom it names as who acted before, and no longer when they are erased', async () => {
      const { store, eventId, scribe, commit } = bench();
      const history = [
        { action: 'created', performedBy: olga },
        { action: 'approved' },
        { action: 'seen', performedBy: olga },
      ];
      const [ann, bob, cem] = [
        imports('ann', { registeredBy: olga }),
        imports('bob', { history }),
        imports('cem', { registeredBy: olga, history }),
      ];
      const own = imports(olga, { history });
      await begin(ann, bob, cem, own);
      await commit(finishImport('open', { eventId }));
      const traces = await store.findTraces(eventId, olga);
      expect(traces.decisions.map(({ version, isActor }) => [version, isActor])).toEqual([
        [2, true],
        [3, true],
        [4, true],
        [5, true],
      ]);
      scribe.traces.set(olga, traces);
      await commit(erase(olga, { eventId }));
      expect(await store.findTraces(eventId, olga)).toEqual({ registrationIds: [], decisions: [] });
      const told = JSON.stringify(await store.readJournal(eventId, 1, 5));
      expect(told).not.toContain(olga);
      // Twice in each of three histories, twice as who registered somebody, once as who is registered.
      expect(told.match(/erased-/g)).toHaveLength(2 * 3 + 2 + 1);
    });
  });
}
