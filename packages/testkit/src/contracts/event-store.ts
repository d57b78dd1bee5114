import { afterEach, beforeEach, describe } from 'vitest';
import { benchOf, type EventStoreUnderTest, type StoreBench } from './event-store-bench.ts';
import { commitContract } from './event-store-commit.ts';
import { erasingContract } from './event-store-erasing.ts';
import { eventContract } from './event-store-event.ts';
import { importsContract } from './event-store-imports.ts';
import { losersContract } from './event-store-losers.ts';
import { movesContract } from './event-store-moves.ts';
import { overdueContract } from './event-store-overdue.ts';
import { readContract } from './event-store-read.ts';
import { standingContract } from './event-store-standing.ts';

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
    eventContract(() => bench);
    standingContract(() => bench);
    overdueContract(() => bench);
    movesContract(() => bench);
    erasingContract(() => bench);
    importsContract(() => bench);
  });
}
