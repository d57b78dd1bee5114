import { countCacheContract } from './contracts/count-cache.ts';
import { eventChangesContract } from './contracts/event-changes.ts';
import { eventLockContract } from './contracts/event-lock.ts';
import { eventQueriesContract } from './contracts/event-queries.ts';
import { eventStoreContract } from './contracts/event-store.ts';
import { storeTracesContract } from './contracts/store-traces.ts';
import { wakeUpsContract } from './contracts/wake-ups.ts';
import { withStoreFaults } from './faults/store-faults.ts';
import { createInMemoryCountCache } from './in-memory/count-cache.ts';
import { createInMemoryEventChanges } from './in-memory/event-changes.ts';
import { createInMemoryEventLock } from './in-memory/event-lock.ts';
import { createInMemoryEventQueries } from './in-memory/event-queries.ts';
import { createInMemoryEventStore } from './in-memory/event-store.ts';
import { createInMemoryStoreTraces } from './in-memory/store-traces.ts';
import { createInMemoryWakeUps } from './in-memory/wake-ups.ts';

const close = async () => undefined;

eventStoreContract('in memory', async () => ({ store: createInMemoryEventStore(), close }));

eventQueriesContract('in memory', async () => {
  const store = createInMemoryEventStore();
  return { store, queries: createInMemoryEventQueries(store), close };
});

storeTracesContract('in memory', async () => {
  const store = createInMemoryEventStore();
  return { store, traces: createInMemoryStoreTraces(store), close };
});

// A wrapper that nobody told to fail changes nothing.
eventStoreContract('in memory, wrapped for faults', async () => ({
  store: withStoreFaults(createInMemoryEventStore()),
  close,
}));

eventChangesContract('in memory', async () => {
  const changes = createInMemoryEventChanges(createInMemoryEventStore());
  return { store: changes.store, changes, close };
});

wakeUpsContract('in memory', async () => {
  const wakeUps = createInMemoryWakeUps();
  return { wakeUps, consume: async (handler) => wakeUps.consume(handler), close };
});

eventLockContract('in memory', async () => {
  const lock = createInMemoryEventLock();
  return { one: lock, other: lock, close };
});

countCacheContract('in memory', async () => ({ cache: createInMemoryCountCache(), close }));
