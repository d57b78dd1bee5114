import { aRole, cancel, createRig, signUp, theEventId, type Rig } from '@rollcall/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EventWorker } from './event-worker.ts';

/** A command is decided once, however often the mailbox brings it. */
describe('a command that comes again', () => {
  let rig: Rig;
  let worker: EventWorker;
  const [ann, bob] = [signUp('ann'), signUp('bob')];
  beforeEach(async () => {
    rig = createRig();
    worker = rig.worker();
    await rig.open(worker, { roles: [aRole('volunteers', { capacity: 1 })] });
  });
  const journal = () => rig.database.journal(theEventId);

  it('after its receipt was lost gets the first decision, though it would be decided otherwise now', async () => {
    await rig.send(ann, bob);
    await worker.work(theEventId);
    await rig.send(cancel(ann));
    await worker.work(theEventId);
    const first = rig.answerTo(bob);
    rig.redis.loseReceipts();
    await rig.send(bob);
    await worker.work(theEventId);
    expect(rig.answerTo(bob)).toEqual(first);
    expect(rig.redis.published.at(-1)?.answers).toEqual([first]);
    expect(journal()).toHaveLength(5);
    expect(await rig.depth()).toBe(0);
  });

  it('stands twice in one batch and is decided once', async () => {
    await rig.send(ann);
    rig.redis.loseReceipts();
    await rig.send(ann, bob);
    await worker.work(theEventId);
    expect(
      journal()
        .map(({ commandId }) => commandId)
        .slice(2),
    ).toEqual([ann.commandId, bob.commandId]);
    expect(await rig.depth()).toBe(0);
  });

  it('is seen as a duplicate by the store, looked up, and never thrown; the rest of its batch is decided', async () => {
    await rig.send(ann);
    await worker.work(theEventId);
    rig.redis.loseReceipts();
    await rig.send(ann, bob);
    await worker.work(theEventId);
    expect(rig.reports.refused).toEqual(['duplicate']);
    expect(rig.answerTo(ann)).toMatchObject({ version: 3 });
    expect(rig.answerTo(bob)).toMatchObject({ version: 4, result: { status: 'waitlist', waitlistPosition: 1 } });
    expect(journal()).toHaveLength(4);
  });

  it('is found by a worker that takes over before it tries to commit', async () => {
    await rig.send(ann);
    await worker.work(theEventId);
    rig.redis.loseReceipts();
    await rig.send(ann);
    await rig.worker().work(theEventId);
    expect(rig.reports.refused).toEqual([]);
    expect(journal()).toHaveLength(3);
  });

  it('may be the creation of the event', async () => {
    const [creation] = journal();
    rig.redis.loseReceipts();
    const events = createRig();
    const own = events.worker();
    await events.open(own);
    expect(creation?.commandType).toBe('CreateEvent');
    const again = events.database.journal(theEventId)[0]!;
    events.redis.loseReceipts();
    events.redis.plantRaw(theEventId, { c: again.commandId, at: '1', p: '{}' });
    await own.work(theEventId);
    expect(events.answerTo(again)).toMatchObject({ version: 1, result: { kind: 'created' } });
  });

  it('comes back by the thousand after Redis lost its last trims, and one drain clears them all', async () => {
    const commands = Array.from({ length: 12 }, (_, n) => signUp(`user-${n}`));
    await rig.send(...commands);
    const restore = rig.redis.snapshot();
    const impatient = rig.worker({ limits: { batchSizeMax: 2, attemptsMax: 3 } });
    await impatient.work(theEventId);
    restore();
    expect(await rig.depth()).toBe(12);
    // Every batch makes progress, so these are no attempts in a row.
    expect(await impatient.work(theEventId)).toBe('empty');
    expect(journal()).toHaveLength(14);
  });
});

describe('done that fails', () => {
  it.each(['lost', 'landed'] as const)(
    'because it was %s: the decision stands and the next drain answers from the ledger',
    async (fault) => {
      const rig = createRig();
      const worker = rig.worker();
      await rig.open(worker);
      const ann = signUp('ann');
      await rig.send(ann);
      rig.mailbox.failNextDone(fault);
      await expect(worker.work(theEventId)).rejects.toThrow(/planted/);
      expect(rig.database.journal(theEventId)).toHaveLength(3);
      expect(await worker.work(theEventId)).toBe('empty');
      expect(rig.answerTo(ann)).toMatchObject({ version: 3, result: { status: 'confirmed' } });
      expect(rig.database.journal(theEventId)).toHaveLength(3);
      expect(await rig.depth()).toBe(0);
    },
  );
});
