import type { CommitBatch, CommitOutcome, EventStore } from '@rollcall/engine';

/** `landed`: it was written and the reply got lost; `lost`: it never arrived; `thrown`: the server can't be reached; `lands`: nothing is wrong yet. */
export type CommitFault = 'lands' | 'unknown-landed' | 'unknown-lost' | 'thrown';

export interface FaultyStore extends EventStore {
  /** What becomes of the next commits, one each; after that they go through. */
  failNextCommits(...faults: readonly CommitFault[]): void;
  /** A worker died over a commit: nobody else's lands until it is ended. */
  abandonCommit(): void;
  /** Runs once, just before the next call of the method: where another worker gets in between. */
  before(method: keyof EventStore, act: () => Promise<unknown>): void;
  /** Calls so far. */
  calls(method: keyof EventStore): number;
}

export function withStoreFaults(store: EventStore): FaultyStore {
  const faults: CommitFault[] = [];
  const acts = new Map<keyof EventStore, () => Promise<unknown>>();
  const counts = new Map<keyof EventStore, number>();

  let abandoned = false;

  async function called(method: keyof EventStore): Promise<void> {
    counts.set(method, (counts.get(method) ?? 0) + 1);
    const act = acts.get(method);
    acts.delete(method);
    await act?.();
  }

  async function commit(batch: CommitBatch): Promise<CommitOutcome> {
    await called('commit');
    if (abandoned) return 'contended';
    const fault = faults.shift();
    if (fault === 'thrown') throw new Error('planted: the store can not be reached');
    if (fault === 'unknown-lost') return 'unknown';
    const outcome = await store.commit(batch);
    return fault === 'unknown-landed' ? 'unknown' : outcome;
  }

  return {
    loadEvent: async (...args) => (await called('loadEvent'), store.loadEvent(...args)),
    countRegistrations: async (...args) => (await called('countRegistrations'), store.countRegistrations(...args)),
    readJournal: async (...args) => (await called('readJournal'), store.readJournal(...args)),
    findDecisions: async (...args) => (await called('findDecisions'), store.findDecisions(...args)),
    findRegistrations: async (...args) => (await called('findRegistrations'), store.findRegistrations(...args)),
    findStanding: async (...args) => (await called('findStanding'), store.findStanding(...args)),
    findPlaces: async (...args) => (await called('findPlaces'), store.findPlaces(...args)),
    findTraces: async (...args) => (await called('findTraces'), store.findTraces(...args)),
    findOverdue: async (...args) => (await called('findOverdue'), store.findOverdue(...args)),
    commit,
    async endAbandonedCommits() {
      await called('endAbandonedCommits');
      const ended = abandoned ? 1 : 0;
      abandoned = false;
      return ended;
    },
    abandonCommit: () => void (abandoned = true),
    failNextCommits: (...planted) => void faults.push(...planted),
    before: (method, act) => void acts.set(method, act),
    calls: (method) => counts.get(method) ?? 0,
  };
}
