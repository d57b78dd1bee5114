import { latencyOf, type Latency } from '../stats.ts';
import type { Received } from './task.ts';

/** A commit, as the server that made it says: the version that it made, and when, in ms since 1970. */
export interface Commit {
  readonly version: number;
  readonly at: number;
}

/**
 * From each commit to each stream: how long until it got a state that has the commit in it. Commits that were passed over
 * count with the time until the next state.
 */
export function commitToClient(commits: readonly Commit[], { streams, versions, at }: Received): Latency {
  const byStream = Map.groupBy(streams.keys(), (index) => streams[index] ?? 0);
  const latencies: number[] = [];
  for (const indexes of byStream.values()) {
    let place = 0;
    for (const commit of commits) {
      while (place < indexes.length && (versions[indexes[place] ?? 0] ?? 0) < commit.version) place += 1;
      const seenAt = at[indexes[place] ?? -1];
      latencies.push(seenAt === undefined ? Infinity : seenAt - commit.at);
    }
  }
  return latencyOf(latencies);
}
