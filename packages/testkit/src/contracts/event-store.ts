import { afterEach, beforeEach, describe } from 'vitest';
import { benchOf, type EventStoreUnderTest, type StoreBench } from './event-store-bench.ts';
import { commitContract } from './event-store-commit.ts';
import { losersContract } from './event-store-losers.ts';
import { readContract } from './event-store-read.ts';

/** What every event store does. A server may be shared: each test has an event, and so users, of its own. */
export function eventStoreContract(name: string, makeAdapter: () => Promise<EventStoreUnderTest>): void {
  describe(`event store: ${name}`, () => {
    let adapter: EventStoreUnderTest;
    let bench: StoreBench;
    beforeEach(async () => {
      adapter = await makeAdapter();
      bench = benchOf(adapter.store);
    });
    afterEach(() => adapter.close());
    commitContract(() => bench);
    losersContract(() => bench);
    readContract(() => bench);
  });
}
