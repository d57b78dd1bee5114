import { registrationIdFor } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { aRole, cancelById } from '../spec/commands.ts';
import { aUserId, newCommandId } from '../spec/ids.ts';
import {
  finishImport,
  importAgain,
  importEvent,
  importRegistration,
  legacyEventId,
  legacySignupTime,
  resumeImport,
} from '../spec/import-commands.ts';
import type { QueriesBench } from './event-queries-bench.ts';
import { benchOf } from './event-store-bench.ts';

const olga = aUserId('olga-of-the-org');
const texts = {
  notes: 'vegetarian 🌱',
  specialRequirements: 'a ramp',
  profile: { displayName: 'Ann', email: 'ann@example.org' },
};

/** What is shown of an event that came from the system before, and of its registrations. */
export function importedContract(bench: () => QueriesBench): void {
  const begin = () => {
    const { store, queries } = bench();
    const { eventId, commit } = benchOf(store);
    const ann = importRegistration('ann', { eventId, registeredBy: olga, legacyId: 'document-1', ...texts });
    const registrationId = registrationIdFor(ann.commandId);
    const plain = { registrationId, eventId, userId: ann.userId, roleId: ann.roleId, sequence: 2 };
    const show = () => queries.findRegistration(eventId, registrationId);
    return {
      eventId,
      queries,
      commit,
      ann,
      registrationId,
      plain,
      show,
      event: importEvent({ roles: [aRole()] }, { eventId }),
    };
  };

  describe('an import', () => {
    it('shows what the event is in the system before, and whether that leads it', async () => {
      const { eventId, queries, commit, event } = begin();
      await commit(event);
      expect(await queries.findEvent(eventId)).toMatchObject({ legacyId: legacyEventId, importing: true });
      await commit(finishImport('open', { eventId }));
      const led = await queries.findEvent(eventId);
      expect(led).toMatchObject({ status: 'open', legacyId: legacyEventId });
      expect(led).not.toHaveProperty('importing');
    });

    it('shows of a registration all that it says, and later what it says then, and nothing else', async () => {
      const { commit, ann, plain, show, event } = begin();
      await commit(event, ann);
      expect(await show()).toStrictEqual({
        ...plain,
        ...texts,
        status: 'confirmed',
        registrationDate: legacySignupTime,
        registeredBy: olga,
        legacyId: 'document-1',
      });
      const { notes: _n, specialRequirements: _s, profile: _p, legacyId: _l, ...bare } = importAgain(ann);
      await commit({ ...bare, registrationDate: 7, registeredBy: ann.userId });
      const shown = { ...plain, status: 'confirmed', registrationDate: 7, registeredBy: ann.userId } as const;
      expect(await show()).toStrictEqual(shown);
      await commit({
        ...bare,
        commandId: newCommandId(),
        notes: 'vegan',
        registrationDate: 7,
        registeredBy: ann.userId,
      });
      expect(await show()).toStrictEqual({ ...shown, notes: 'vegan' });
    });

    it('shows since when it was over in the system before, also where it had ended here', async () => {
      const { eventId, commit, ann, plain, registrationId, show, event } = begin();
      await commit(event, ann);
      await commit(finishImport('open', { eventId }));
      await commit(cancelById(registrationId, { eventId, by: 'ann', reason: 'ill' }));
      expect(await show()).toMatchObject({ cancelCause: 'user', cancelReason: 'ill' });
      await commit(resumeImport({ eventId }));
      await commit(importAgain(ann, { status: 'cancelled', cancelledAt: 9 }));
      expect(await show()).toStrictEqual({
        ...plain,
        ...texts,
        status: 'cancelled',
        registrationDate: legacySignupTime,
        registeredBy: olga,
        legacyId: 'document-1',
        cancelledAt: 9,
        cancelCause: 'imported',
      });
    });

    it('may make what has ended long ago', async () => {
      const { commit, ann, show, event } = begin();
      await commit(event, { ...ann, status: 'cancelled', cancelledAt: 9 });
      expect(await show()).toMatchObject({ status: 'cancelled', cancelledAt: 9, cancelCause: 'imported' });
    });
  });
}
