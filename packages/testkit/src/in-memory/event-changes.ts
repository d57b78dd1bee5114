import type { EventId } from '@rollcall/domain';
import {
  ChangesLostError,
  type ChangeStep,
  type CommitBatch,
  type CommitOutcome,
  type EventChange,
  type EventChanges,
  type ResumePoint,
} from '@rollcall/engine';
import type { InMemoryEventStore } from './event-store.ts';

export interface InMemoryEventChanges extends EventChanges {
  /** The store, as it has to be written to for its changes to be known. */
  readonly store: InMemoryEventStore;
  /** As when the oplog has moved on: no point from before is good for anything. */
  forget(): void;
}

/** The changes of an in-memory store, as a log of them. */
export function createInMemoryEventChanges(store: InMemoryEventStore): InMemoryEventChanges {
  let log: EventChange[] = [];
  /** What is forgotten has numbers still. */
  let firstNumber = 0;
  let stored: ResumePoint | undefined;
  let wake = Promise.withResolvers<void>();
  const point = (number: number) => String(number) as ResumePoint;
  const nextNumber = () => firstNumber + log.length;

  async function commit(batch: CommitBatch): Promise<CommitOutcome> {
    const outcome = await store.commit(batch);
    if (outcome !== 'committed') return outcome;
    log.push({ eventId: batch.eventId, head: batch.next, committedAt: batch.entries.at(-1)?.decidedAt ?? 0 });
    wake.resolve();
    wake = Promise.withResolvers();
    return outcome;
  }

  async function* follow(from: ResumePoint, signal: AbortSignal): AsyncGenerator<ChangeStep> {
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    for (let number = Number(from); !signal.aborted;) {
      if (from === '' || Number.isNaN(number) || number < firstNumber) throw new ChangesLostError('forgotten');
      const change = log[number - firstNumber];
      if (change !== undefined) number += 1;
      yield { change, resumePoint: point(number) };
      // Something may have come while the step was looked at.
      if (number === nextNumber()) await Promise.race([wake.promise, aborted]);
    }
  }

  return {
    store: { ...store, commit },
    forget() {
      firstNumber = nextNumber() + 1;
      log = [];
    },
    now: async () => point(nextNumber()),
    follow,
    readResumePoint: async () => stored,
    async storeResumePoint(resumePoint) {
      stored = resumePoint;
    },
    async readHeads(after, countMax) {
      const heads = [...store.documents()].map(([eventId, { head }]) => ({ eventId, ...head }));
      return heads
        .filter(({ eventId }) => after === undefined || eventId > after)
        .toSorted((a, b) => compareIds(a.eventId, b.eventId))
        .slice(0, countMax);
    },
  };
}

const compareIds = (one: EventId, other: EventId): number => (one < other ? -1 : Number(one > other));
