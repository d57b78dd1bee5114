import { aRole, createRig, noLock, signUp, theEventId, type Rig } from '@rollcall/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EventWorker } from './event-worker.ts';

/** What becomes of a batch whose commit does not simply land. */
describe('a commit', () => {
  let rig: Rig;
  let worker: EventWorker;
  const [ann, bob] = [signUp('ann'), signUp('bob')];
  beforeEach(async () => {
    rig = createRig();
    worker = rig.worker();
    await rig.open(worker, { roles: [aRole('volunteers', { capacity: 1 })] });
    await rig.send(ann);
  });
  const journal = () => rig.database.journal(theEventId).slice(2);
  const publishedSinceOpen = () => rig.redis.published.slice(2);

  it('of unknown outcome that landed is found in the ledger, not decided again', async () => {
    rig.store.failNextCommits('unknown-landed');
    expect(await worker.work(theEventId)).toBe('empty');
    expect(journal().map(({ commandId }) => commandId)).toEqual([ann.commandId]);
    expect(rig.answerTo(ann)).toMatchObject({ version: 3, result: { status: 'confirmed' } });
  });

  it('of unknown outcome that did not land is tried again', async () => {
    rig.store.failNextCommits('unknown-lost', 'unknown-lost');
    expect(await worker.work(theEventId)).toBe('empty');
    expect(rig.reports.refused).toEqual(['unknown', 'unknown']);
    expect(journal()).toHaveLength(1);
    expect(rig.answerTo(ann)).toMatchObject({ version: 3 });
  });

  it('that lost the race publishes and trims nothing, and is decided anew on what the winner left', async () => {
    const rival = rig.worker({ lock: noLock, ports: { mailbox: onlyHead(rig) } });
    await rig.send(bob);
    const seen: number[] = [];
    rig.store.before('commit', async () => {
      await rival.work(theEventId);
      seen.push(publishedSinceOpen().length, await rig.depth());
    });
    expect(await worker.work(theEventId)).toBe('empty');
    expect(rig.reports.refused).toContain('stale');
    // The rival decided ann and trimmed her; then the loser came, which must not have trimmed bob.
    expect(seen).toEqual([1, 1]);
    expect(journal().map(({ commandId }) => commandId)).toEqual([ann.commandId, bob.commandId]);
    expect(rig.answerTo(bob)).toMatchObject({ version: 4, result: { status: 'waitlist', waitlistPosition: 1 } });
  });

  it('that can not be sent leaves the mailbox as it is, for the next wake-up', async () => {
    rig.store.failNextCommits('thrown');
    await expect(worker.work(theEventId)).rejects.toThrow(/planted/);
    expect(await rig.depth()).toBe(1);
    expect(publishedSinceOpen()).toEqual([]);
    expect(await worker.work(theEventId)).toBe('empty');
    expect(journal()).toHaveLength(1);
  });

  it('for which the store can not be read is left for the next wake-up too: nobody is refused', async () => {
    rig.store.before('findRegistrations', async () => Promise.reject(new Error('planted: a primary that goes away')));
    await expect(worker.work(theEventId)).rejects.toThrow(/planted/);
    expect(journal()).toEqual([]);
    expect(await worker.work(theEventId)).toBe('empty');
    expect(rig.answerTo(ann)).toMatchObject({ result: { status: 'confirmed' } });
  });

  it('that keeps failing gives up after so many in a row, with everything still in the mailbox and the lock free', async () => {
    rig.store.failNextCommits('unknown-lost', 'unknown-lost', 'unknown-lost');
    const impatient = rig.worker({ limits: { attemptsMax: 3 } });
    await expect(impatient.work(theEventId)).rejects.toThrow(/3 commits in a row/);
    expect(await rig.depth()).toBe(1);
    expect(await rig.redis.dirtyEvents()).toEqual([theEventId]);
    expect(await impatient.work(theEventId)).toBe('empty');
    expect(journal()).toHaveLength(1);
  });

  it('that a dead worker is in the way of ends the dead one, and lands', async () => {
    rig.store.abandonCommit();
    expect(await rig.worker({ limits: { attemptsMax: 20 } }).work(theEventId)).toBe('empty');
    expect(rig.store.calls('endAbandonedCommits')).toBe(1);
    expect(new Set(rig.reports.refused)).toEqual(new Set(['contended']));
    expect(journal()).toHaveLength(1);
  });

  it('that a dead worker is in the way of ends the dead one also where a single attempt is allowed', async () => {
    rig.store.abandonCommit();
    const hasty = rig.worker({ limits: { attemptsMax: 1 } });
    await expect(hasty.work(theEventId)).rejects.toThrow('contended');
    expect(await hasty.work(theEventId)).toBe('empty');
    expect(journal()).toHaveLength(1);
  });

  it('backs off longer with each failure in a row', async () => {
    const failures: number[] = [];
    rig.store.failNextCommits('unknown-lost', 'unknown-lost');
    await rig.worker({ ports: { backOff: async (n) => void failures.push(n) } }).work(theEventId);
    expect(failures).toEqual([1, 2]);
  });
});

/** A mailbox that shows a worker the first entry alone, so that it takes part of what another has read. */
function onlyHead({ mailbox }: Rig): Rig['mailbox'] {
  let looks = 0;
  return {
    ...mailbox,
    readHead: async (eventId) => {
      looks += 1;
      return looks > 1 ? [] : mailbox.readHead(eventId, 1);
    },
    // One look and no more: it says that nothing is left for it.
    done: async (eventId, entryIds, publication) => {
      await mailbox.done(eventId, entryIds, publication);
      return 0;
    },
  };
}
