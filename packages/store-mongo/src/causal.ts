import type { ClientSession, ClusterTime, MongoClient, Timestamp } from 'mongodb';

/**
 * Reads that never go back. Majority alone does not promise that: a primary that has just been elected may not know yet
 * that what its predecessor acknowledged is on a majority, and would show the version before. So each operation runs in a
 * session that has seen what the ones before it have seen, and the server waits until it can show at least that.
 */
export interface Causal {
  <T>(operation: (session: ClientSession) => Promise<T>): Promise<T>;
}

export function createCausal(client: MongoClient): Causal {
  let operationTime: Timestamp | undefined;
  let clusterTime: ClusterTime | undefined;

  return async (operation) => {
    const session = client.startSession({ causalConsistency: true });
    if (clusterTime !== undefined) session.advanceClusterTime(clusterTime);
    if (operationTime !== undefined) session.advanceOperationTime(operationTime);
    try {
      return await operation(session);
    } finally {
      const seen = session.operationTime;
      if (seen !== undefined && (operationTime === undefined || seen.greaterThan(operationTime))) operationTime = seen;
      clusterTime = session.clusterTime ?? clusterTime;
      await session.endSession();
    }
  };
}
