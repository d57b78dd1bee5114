import { aRole, createRig, signUp, theEventId, type Rig } from '@rollcall/testkit';
import type { CommandId } from '@rollcall/domain';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EventWorker } from './event-worker.ts';
import type { CommitOutcome, EventStore } from './ports.ts';

describe('a command that the store will never take', () => {
  let rig: Rig;
  let worker: EventWorker;
  const [ann, bad, cem] = [signUp('ann'), signUp('bad'), signUp('cem')];

  beforeEach(async () => {
    rig = createRig();
    await rig.open(rig.worker(), { roles: [aRole('volunteers', { capacity: 9 })] });
    await rig.send(ann, bad, cem);
  });

  /** The store does not take a batch that accepts this command, whatever else is in it. */
  function refusing(commandId: CommandId, outcome: CommitOutcome): EventStore {
    return {
      ...rig.store,
      commit: async (batch) => {
        const isIn = batch.entries.some(
          (entry) => entry.commandId === commandId && entry.decision.outcome === 'accepted',
        );
        return isIn ? outcome : rig.store.commit(batch);
      },
    };
  }

  it.each(['refused', 'duplicate'] as const)(
    'is decided unprocessable (%s), and the others as ever',
    async (outcome) => {
      worker = rig.worker({ ports: { store: refusing(bad.commandId, outcome) }, limits: { attemptsMax: 10 } });
      expect(await worker.work(theEventId)).toBe('empty');
      expect(rig.answerTo(bad)).toMatchObject({ result: { kind: 'rejected', rejection: { reason: 'unprocessable' } } });
      expect(rig.answerTo(ann)).toMatchObject({ version: 3, result: { status: 'confirmed' } });
      expect(rig.answerTo(cem)).toMatchObject({ version: 5, result: { status: 'confirmed' } });
      const journal = rig.database.journal(theEventId).slice(2);
      expect(journal.map(({ commandId }) => commandId)).toEqual([ann, bad, cem].map(({ commandId }) => commandId));
      expect(await rig.depth()).toBe(0);
    },
  );

  it('does not slow down those after it', async () => {
    worker = rig.worker({ ports: { store: refusing(bad.commandId, 'refused') }, limits: { attemptsMax: 10 } });
    await rig.send(signUp('dan'), signUp('eve'), signUp('fay'));
    const before = rig.reports.commits.length;
    await worker.work(theEventId);
    const sizes = rig.reports.commits.slice(before).map((entries) => entries.length);
    expect(sizes).toEqual([1, 1, 4]);
  });
});
