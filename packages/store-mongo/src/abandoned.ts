import type { MongoClient, UUID } from 'mongodb';

interface IdleSession {
  readonly lsid: { readonly id: UUID };
}

/**
 * Ends transactions that a worker, or a migration, opened and has left alone for `idleMsMin`: one that was killed or paused between two
 * statements. The server would keep them, and with them the event's document, for `transactionLifetimeLimitSeconds`, a
 * minute by default. A worker's own statements follow each other within milliseconds, and one that wakes up finds that its
 * transaction is gone, and decides again.
 *
 * Needs no more rights than to see and end one's own sessions.
 *
 * @returns how many it ended.
 */
export async function endAbandonedTransactions(
  client: MongoClient,
  appNames: readonly string[],
  idleMsMin: number,
): Promise<number> {
  const admin = client.db('admin');
  const abandoned = await admin
    .aggregate<IdleSession>(
      [
        { $currentOp: { allUsers: false, idleSessions: true } },
        {
          $match: {
            type: 'idleSession',
            appName: { $in: appNames },
            'transaction.timeInactiveMicros': { $gte: idleMsMin * 1_000 },
          },
        },
        { $project: { lsid: 1 } },
      ],
      { readConcern: { level: 'local' } },
    )
    .toArray();
  if (abandoned.length > 0) await admin.command({ killSessions: abandoned.map(({ lsid }) => ({ id: lsid.id })) });
  return abandoned.length;
}
