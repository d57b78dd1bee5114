import type { CommitBatch, CommitOutcome } from '@rollcall/engine';
import { MongoServerError } from 'mongodb';
import type { Causal } from './causal.ts';
import { commitBatches } from './commit.ts';
import type { Collections } from './connect.ts';
import { together } from './together.ts';

export interface CommitTogetherOptions {
  /** How many events one transaction may write; 1: each has its own, as on shards, where it would span several of them. */
  readonly eventsMax: number;
  /** Told when a transaction is written and not committed yet. */
  readonly inTransaction: (() => void) | undefined;
}

/** A batch with more decisions has a transaction of its own, and at once: there is nothing to save, and those with few need not wait for it. */
const fewDecisionsMax = 20;

/**
 * Commits batches of different events in one transaction while there are many: most of what a commit costs is the same for one
 * decision as for hundreds. Where it does not go through it is halved until it is clear whose fault it was.
 */
export function createCommitTogether(
  collections: Collections,
  causal: Causal,
  { eventsMax, inTransaction }: CommitTogetherOptions,
): (batch: CommitBatch) => Promise<CommitOutcome> {
  const commitAll = (batches: readonly CommitBatch[]): Promise<CommitOutcome> =>
    causal((session) => commitBatches(collections, batches, session, inTransaction));

  async function commitHalved(batches: readonly CommitBatch[]): Promise<readonly Promise<CommitOutcome>[]> {
    const [only] = batches;
    if (only === undefined) return [];
    if (batches.length === 1) {
      const outcome = commitAll([only]);
      // Whoever comes meanwhile is to wait for the others.
      await outcome.catch(() => undefined);
      return [outcome];
    }
    const outcome = await commitAll(batches).catch((error: unknown) => {
      // What the server says of one of them is told to that one alone; that it can't be reached concerns all.
      if (error instanceof MongoServerError) return 'failed' as const;
      throw error;
    });
    if (outcome === 'committed' || outcome === 'unknown') return batches.map(() => Promise.resolve(outcome));
    const middle = Math.ceil(batches.length / 2);
    const halves = [batches.slice(0, middle), batches.slice(middle)].map(commitHalved);
    return (await Promise.all(halves)).flat();
  }

  const commitFew = together(commitHalved, { sizeMax: eventsMax });
  return (batch) => (isOwnTransaction(batch) || eventsMax === 1 ? commitAll([batch]) : commitFew(batch));
}

const isOwnTransaction = ({ expected, erasure, entries }: CommitBatch): boolean =>
  expected === undefined || erasure !== undefined || entries.length > fewDecisionsMax;
