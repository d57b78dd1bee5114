import { createEvent, createScribe, openEvent, signUp } from '@rollcall/testkit';
import { commandIdFromToken, eventIdFor, type CommitId, type EventId } from '@rollcall/domain';
import type { CommitBatch, EventStore } from '@rollcall/engine';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createEventStore } from './event-store.ts';
import { testDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject('mongodbUrl'));
});
afterAll(() => database.drop());

let made = 0;
const newEventId = (): EventId => eventIdFor(commandIdFromToken(`together${(made += 1)}`.padStart(22, '0')));

type Scribe = ReturnType<typeof createScribe>;

interface Opened {
  readonly eventId: EventId;
  readonly scribe: Scribe;
}

function storeThatCounts(eventsPerCommitMax = 64): { readonly store: EventStore; transactions(): number } {
  let transactions = 0;
  const store = createEventStore(database.collections, {
    eventsPerCommitMax,
    inTransaction: () => void (transactions += 1),
  });
  return { store, transactions: () => transactions };
}

async function openEvents(store: EventStore, count: number): Promise<readonly Opened[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const eventId = newEventId();
      const scribe = createScribe(eventId);
      expect(await store.commit(scribe.batch(createEvent({}, { eventId }), openEvent({ eventId })))).toBe('committed');
      return { eventId, scribe };
    }),
  );
}

const batchOf = ({ eventId, scribe }: Opened, ...users: readonly string[]): CommitBatch =>
  scribe.batch(...users.map((user) => signUp(user, { eventId })));

const stored = async (eventId: EventId) => {
  const { events, journal, registrations } = database.collections;
  const [event, decisions, seats] = await Promise.all([
    events.findOne({ _id: eventId }),
    journal.countDocuments({ eventId }),
    registrations.countDocuments({ eventId }),
  ]);
  return { version: event?.version, decisions, seats };
};

describe('commits of different events', () => {
  it('are one transaction when they come together', async () => {
    const { store, transactions } = storeThatCounts();
    const opened = await openEvents(store, 30);
    const before = transactions();
    const committing: Promise<unknown>[] = [];
    for (const event of opened) {
      committing.push(store.commit(batchOf(event, 'ann', 'bob')));
      // They come one after the other, as they do when each has its own way to go.
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(new Set(await Promise.all(committing))).toEqual(new Set(['committed']));
    // The first goes at once, the others while it is under way.
    expect(transactions() - before).toBeLessThan(10);
    for (const { eventId } of opened) expect(await stored(eventId)).toEqual({ version: 4, decisions: 4, seats: 2 });
  });

  it('have each its own transaction where that is set, and where there are many decisions', async () => {
    const alone = storeThatCounts(1);
    const opened = await openEvents(alone.store, 6);
    const before = alone.transactions();
    await Promise.all(opened.map((event) => alone.store.commit(batchOf(event, 'ann'))));
    expect(alone.transactions() - before).toBe(6);

    const { store, transactions } = storeThatCounts();
    const crowd = Array.from({ length: 21 }, (_, n) => `user-${n}`);
    await Promise.all(opened.map((event) => store.commit(batchOf(event, ...crowd))));
    expect(transactions()).toBe(6);
  });

  it.each<readonly [outcome: string, spoil: (batch: CommitBatch) => CommitBatch]>([
    ['stale', (batch) => ({ ...batch, expected: { version: 1, commitId: 'another' as CommitId } })],
    ['duplicate', (batch) => ({ ...batch, entries: [...batch.entries, ...batch.entries] })],
    ['refused', (batch) => ({ ...batch, entries: batch.entries.map((entry) => ({ ...entry, version: -1 })) })],
  ])('tell that one of them is %s to that one alone', async (outcome, spoil) => {
    const { store } = storeThatCounts();
    const opened = await openEvents(store, 12);
    const outcomes = await Promise.all(
      opened.map((event, index) => {
        const batch = batchOf(event, 'ann');
        return store.commit(index === 7 ? spoil(batch) : batch);
      }),
    );
    expect(outcomes).toEqual(opened.map((_, index) => (index === 7 ? outcome : 'committed')));
    for (const [index, { eventId }] of opened.entries()) {
      const isIn = index !== 7;
      expect(await stored(eventId)).toEqual(
        isIn ? { version: 3, decisions: 3, seats: 1 } : { version: 2, decisions: 2, seats: 0 },
      );
    }
  });

  it('lose to others, one by one, when several stores write the same events', { timeout: 120_000 }, async () => {
    const stores = Array.from({ length: 3 }, () => storeThatCounts());
    const [first] = stores;
    if (first === undefined) throw new Error('there is no store');
    const opened = await openEvents(first.store, 12);
    const heads = new Map(opened.map(({ eventId, scribe }) => [eventId, scribe.head]));
    let committed = 0;
    for (let turn = 0; turn < 8; turn += 1) {
      const contested = opened.map(async ({ eventId, scribe }) => {
        const batch = scribe.batch(signUp(`user-${turn}`, { eventId }));
        const rivals = stores.map(({ store }, n) => {
          const next = { ...batch.next, commitId: `${batch.next.commitId}-${n}` as CommitId };
          return { store, batch: { ...batch, expected: heads.get(eventId), next } };
        });
        const outcomes = await Promise.all(rivals.map((rival) => rival.store.commit(rival.batch)));
        // Whoever finds the others in the way tries again, as a worker does, until one of them is in.
        while (!outcomes.includes('committed')) outcomes.push(await first.store.commit(rivals[0]?.batch ?? batch));
        const winner = outcomes.indexOf('committed');
        heads.set(eventId, (rivals[winner] ?? rivals[0])?.batch.next);
        return outcomes;
      });
      for (const outcomes of await Promise.all(contested)) {
        committed += 1;
        expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1);
        for (const outcome of outcomes) expect(['committed', 'stale', 'contended']).toContain(outcome);
      }
    }
    const all = await Promise.all(opened.map(({ eventId }) => stored(eventId)));
    expect(all.reduce((sum, { seats }) => sum + seats, 0)).toBe(committed);
    for (const { version, decisions, seats } of all) expect([version, decisions]).toEqual([2 + seats, 2 + seats]);
  });
});
