import type { EventId } from '@rollcall/domain';
import type { ChangeStep, CommitBatch, EventChanges, EventQueries, EventStore } from '@rollcall/engine';
import {
  createInMemoryEventChanges,
  createInMemoryEventQueries,
  createInMemoryEventStore,
  type InMemoryEventStore,
} from '@rollcall/testkit';
import { fair, over, UnreachableError, type Link, type Weather } from './network.ts';
import type { Scheduler } from './scheduler.ts';

export interface MongoServer {
  readonly weather: Weather;
  readonly database: InMemoryEventStore;
  readonly queries: EventQueries;
  /** The next commit is begun, and its worker dies over it: nobody else's of that event goes through until it is ended. */
  abandonNextCommit(onBegun: (() => void) | undefined): void;
  /** Told of each commit, in the moment in which it is one. */
  onCommit(told: (batch: CommitBatch) => void): void;
  /** All of it as it is. @returns what brings that back, as a backup that is restored */
  snapshot(): () => void;
  /** As one process reaches it. */
  reachedBy(link: Link): MongoClientPorts;
}

interface MongoClientPorts {
  readonly store: EventStore;
  readonly queries: EventQueries;
  readonly changes: EventChanges;
}

/** After which the server ends a transaction by itself, in ms. */
const transactionMsMax = 60_000;

export function createMongoServer(scheduler: Scheduler): MongoServer {
  const weather = fair();
  const changes = createInMemoryEventChanges(createInMemoryEventStore());
  const database = changes.store;
  const queries = createInMemoryEventQueries(database);
  /** Since when. */
  const abandoned = new Map<EventId, number>();
  let abandonNext: (() => void) | undefined;
  let tellCommit: (batch: CommitBatch) => void = () => undefined;

  const store: EventStore = {
    ...database,
    async commit(batch) {
      const { eventId } = batch;
      const since = abandoned.get(eventId);
      if (since !== undefined && scheduler.now() - since < transactionMsMax) return 'contended';
      abandoned.delete(eventId);
      const die = abandonNext;
      abandonNext = undefined;
      if (die === undefined) {
        const outcome = await database.commit(batch);
        if (outcome === 'committed') tellCommit(batch);
        return outcome;
      }
      abandoned.set(eventId, scheduler.now());
      die();
      return new Promise(() => undefined);
    },
    async endAbandonedCommits(idleMsMin) {
      const idle = [...abandoned].filter(([, since]) => scheduler.now() - since >= idleMsMin);
      for (const [eventId] of idle) abandoned.delete(eventId);
      return idle.length;
    },
  };

  return {
    weather,
    database,
    queries,
    abandonNextCommit: (onBegun) => void (abandonNext = onBegun),
    onCommit: (told) => void (tellCommit = told),
    snapshot() {
      const restore = database.snapshot();
      return () => {
        restore();
        // What was followed is not the history of what is there now.
        changes.forget();
        abandoned.clear();
      };
    },
    reachedBy(link) {
      const remote = over(link, store);
      return {
        queries: over(link, queries),
        store: new Proxy(remote, {
          get: (target, name) => (name === 'commit' ? commit : (Reflect.get(target, name) as unknown)),
        }),
        changes: {
          ...remoteChanges(link, changes),
          follow: (from, signal) => followed(link, changes.follow(from, signal)),
        },
      };

      /** Whoever hears nothing of a commit does not know. */
      async function commit(...args: Parameters<EventStore['commit']>): ReturnType<EventStore['commit']> {
        try {
          return await remote.commit(...args);
        } catch (error) {
          if (error instanceof UnreachableError) return 'unknown';
          throw error;
        }
      }
    },
  };
}

function remoteChanges(link: Link, changes: EventChanges): Omit<EventChanges, 'follow'> {
  const { now, readHeads, readResumePoint, storeResumePoint } = over(link, changes);
  return { now, readHeads, readResumePoint, storeResumePoint };
}

async function* followed(link: Link, steps: AsyncIterable<ChangeStep>): AsyncGenerator<ChangeStep> {
  const iterator = steps[Symbol.asyncIterator]();
  for (;;) {
    const step = await link.call(() => iterator.next());
    if (step.done === true) return;
    yield step.value;
  }
}
