import { eventIdFor, type DomainEvent, type JournalEntry } from '@rollcall/domain';
import type { EventQueries } from '@rollcall/engine';
import { describe, expect, it } from 'vitest';
import { aRole, cancel } from '../spec/commands.ts';
import { newCommandId } from '../spec/ids.ts';
import type { QueriesBench } from './event-queries-bench.ts';
import { benchOf, type StoreBench } from './event-store-bench.ts';
import { anEvent, writerOf } from './event-store-writer.ts';

/** How many domain events a page has at most, as the docstring of the port promises. */
const pageFactsMax = 5_000;

async function streamed(entries: AsyncIterable<JournalEntry>): Promise<readonly JournalEntry[]> {
  const found: JournalEntry[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}

const versionsOf = (entries: readonly JournalEntry[]) => entries.map(({ version }) => version);

/** The decisions of an event as they are kept, for whoever follows or folds them. */
export function journalContract(bench: () => QueriesBench): void {
  /** Versions 1 to 6: one seat is given, one signup waits, another is refused, and the seat is passed on. */
  async function decided(): Promise<{ readonly of: StoreBench; readonly entries: readonly JournalEntry[] }> {
    const { store } = bench();
    const [other, of] = [benchOf(store), benchOf(store)];
    await other.open();
    const opened = await of.open({ roles: [aRole('volunteers', { capacity: 1 })] });
    const [ann, bob, again] = [of.signUp('ann'), of.signUp('bob'), of.signUp('ann')];
    const batch = await of.commit(ann, bob, again, cancel(ann));
    return { of, entries: [...opened.entries, ...batch.entries] };
  }

  describe('the journal', () => {
    it('is listed after a version, in order, with everything that was kept', async () => {
      const { queries } = bench();
      const { of, entries } = await decided();
      const list = (after: number, limit: number) => queries.listJournal(of.eventId, after, limit);
      expect(await list(0, 500)).toEqual(entries);
      expect(versionsOf(await list(0, 2))).toEqual([1, 2]);
      expect(versionsOf(await list(2, 3))).toEqual([3, 4, 5]);
      expect(versionsOf(await list(5, 3))).toEqual([6]);
      expect(await list(6, 3)).toEqual([]);
      expect(await list(999, 3)).toEqual([]);
    });

    it('is streamed from its beginning up to a version, and may be left in the middle', async () => {
      const { queries } = bench();
      const { of, entries } = await decided();
      expect(await streamed(queries.streamJournal(of.eventId, 6))).toEqual(entries);
      expect(versionsOf(await streamed(queries.streamJournal(of.eventId, 4)))).toEqual([1, 2, 3, 4]);
      for await (const { version } of queries.streamJournal(of.eventId, 6)) if (version === 3) break;
      expect(await streamed(queries.streamJournal(of.eventId, 99))).toHaveLength(6);
    });

    it('of an event that is not there is empty', async () => {
      const { queries } = bench();
      const nowhere = eventIdFor(newCommandId());
      expect(await queries.listJournal(nowhere, 0, 5)).toEqual([]);
      expect(await streamed(queries.streamJournal(nowhere, 5))).toEqual([]);
    });

    it('comes in shorter pages where decisions say much, and is whole all the same', async () => {
      const { store, queries } = bench();
      const writer = writerOf(store);
      await writer.begin(anEvent());
      const much = (length: number) => Array.from({ length }, (): DomainEvent => ({ type: 'EventClosed' }));
      const { next } = await writer.commit({ further: [much(pageFactsMax), much(1), much(pageFactsMax + 1), much(1)] });
      const lengths: number[] = [];
      const seen = await everyPage(queries, writer.eventId, (page) => lengths.push(page.length));
      expect(seen).toEqual(Array.from({ length: next.version }, (_, n) => n + 1));
      expect(lengths.length).toBeGreaterThan(3);
      expect(Math.min(...lengths)).toBe(1);
    });
  });
}

async function everyPage(
  queries: EventQueries,
  eventId: JournalEntry['eventId'],
  onPage: (page: readonly JournalEntry[]) => void,
): Promise<readonly number[]> {
  const seen: number[] = [];
  for (;;) {
    const page = await queries.listJournal(eventId, seen.at(-1) ?? 0, 100);
    if (page.length === 0) return seen;
    onPage(page);
    seen.push(...versionsOf(page));
  }
}
