import type { CommitOutcome } from '@rollcall/engine';
import { eventIdFor } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { aRole, cancel, createEvent, openEvent } from '../spec/commands.ts';
import { aCommitId, newCommandId } from '../spec/ids.ts';
import { createScribe } from '../spec/scribe.ts';
import { volunteers, type StoreBench } from './event-store-bench.ts';

/** Who may not write. Every refusal is checked to have written nothing. */
export function losersContract(bench: () => StoreBench): void {
  describe('commit is stale', () => {
    const losers = [
      [
        'an older version',
        ({ version, commitId }: { version: number; commitId: string }) => ({ version: version - 1, commitId }),
      ],
      [
        'a later version',
        ({ version, commitId }: { version: number; commitId: string }) => ({ version: version + 1, commitId }),
      ],
      ['the right version of another commit', ({ version }: { version: number }) => ({ version, commitId: 'another' })],
    ] as const;

    it.each(losers)('when it expects %s', async (_what, expectation) => {
      const { store, scribe, open, commit, signUp, everything } = bench();
      await open();
      const { next } = await commit(signUp('ann'));
      const before = await everything();
      const { version, commitId } = expectation(next);
      const expected = { version, commitId: aCommitId(commitId) };
      const batch = scribe.batch(signUp('bob'));
      const shifted = batch.entries.map((entry, index) => ({ ...entry, version: version + 1 + index }));
      const lost = { ...batch, expected, entries: shifted, next: { ...batch.next, version: version + 1 } };
      expect(await store.commit(lost)).toBe('stale');
      expect(await everything()).toEqual(before);
    });

    it('when it expects an event that is not there', async () => {
      const { store, eventId, scribe, signUp } = bench();
      scribe.batch(createEvent({}, { eventId }), openEvent({ eventId }));
      expect(await store.commit(scribe.batch(signUp('ann')))).toBe('stale');
      expect(await store.loadEvent(eventId)).toBeUndefined();
      expect(await store.readJournal(eventId, 1, 10)).toEqual([]);
      expect((await store.countRegistrations(eventId, [volunteers])).size).toBe(0);
    });

    it('when it expects no event and there is one', async () => {
      const { store, eventId, open, everything } = bench();
      await open();
      const before = await everything();
      expect(await store.commit(createScribe(eventId).batch(createEvent({}, { eventId })))).toBe('stale');
      expect(await everything()).toEqual(before);
    });

    it('for all but one of those who commit at the same time', async () => {
      const { store, eventId, open, signUp } = bench();
      const opened = await open();
      const rivals = ['ann', 'bob', 'cem', 'dan'].map((user) => {
        const rival = createScribe(eventId);
        rival.batch(createEvent({}, { eventId }), openEvent({ eventId }));
        return { ...rival.batch(signUp(user)), expected: opened.next };
      });
      const outcomes = await Promise.all(rivals.map((batch) => store.commit(batch)));
      expectOneWinner(outcomes);
      const counts = await store.countRegistrations(eventId, [volunteers]);
      expect([...counts.values()]).toEqual([{ confirmed: 1, waitlist: 0, offered: 0 }]);
    });

    it('for all but one of those who create at the same time', async () => {
      const { store, eventId } = bench();
      const rivals = [1, 2, 3].map(() => createScribe(eventId).batch(createEvent({}, { eventId })));
      const outcomes = await Promise.all(rivals.map((batch) => store.commit(batch)));
      expectOneWinner(outcomes);
    });
  });

  describe('commit is a duplicate', () => {
    it('when one of its commands was decided before', async () => {
      const { store, scribe, open, commit, signUp, everything } = bench();
      await open();
      const ann = signUp('ann');
      await commit(ann);
      const before = await everything();
      expect(await store.commit(scribe.batch(signUp('bob'), ann))).toBe('duplicate');
      expect(await everything()).toEqual(before);
    });

    it('when a refused command comes again', async () => {
      const { store, scribe, open, commit, signUp } = bench();
      await open();
      const refused = signUp('ann', { role: 'nobody-knows' });
      await commit(refused);
      expect(await store.commit(scribe.batch(refused))).toBe('duplicate');
    });

    it('when it would give a user a second active registration for the role', async () => {
      const { store, eventId, open, commit, signUp, everything } = bench();
      await open();
      const { next: expected } = await commit(signUp('ann'));
      const before = await everything();
      const blind = createScribe(eventId);
      blind.batch(createEvent({}, { eventId }), openEvent({ eventId }), signUp('somebody-else'));
      expect(await store.commit({ ...blind.batch(signUp('bob'), signUp('ann')), expected })).toBe('duplicate');
      expect(await everything()).toEqual(before);
    });

    it('not when the user had cancelled, is in another role, or the command was another event’s', async () => {
      const { store, open, commit, signUp } = bench();
      await open({ roles: [aRole(), aRole('cooks')], settings: { registrationsPerUserMax: 2 } });
      const ann = signUp('ann');
      await commit(ann);
      await commit(cancel(ann));
      await commit(signUp('ann'), signUp('ann', { role: 'cooks' }));
      const elsewhere = { eventId: eventIdFor(newCommandId()) };
      const sameCommand = openEvent({ ...elsewhere, commandId: ann.commandId });
      const batch = createScribe(elsewhere.eventId).batch(createEvent({}, elsewhere), sameCommand);
      expect(await store.commit(batch)).toBe('committed');
    });
  });
}

/** A loser that came while the winner was at it is contended, one that came after is stale. */
function expectOneWinner(outcomes: readonly CommitOutcome[]): void {
  const losers = outcomes.filter((outcome) => outcome !== 'committed');
  expect(losers).toHaveLength(outcomes.length - 1);
  for (const loser of losers) expect(['stale', 'contended']).toContain(loser);
}
