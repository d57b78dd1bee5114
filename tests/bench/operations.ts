import type { Redis } from 'ioredis';
import type { MongoClient } from 'mongodb';

/** How often each command was called, by server and name. */
export type Operations = ReadonlyMap<string, number>;

/** What both servers have counted since they started; those of scripts are counted too, beside the script's own call. */
export async function countOperations(mongo: MongoClient, redis: Redis): Promise<Operations> {
  const counted = new Map<string, number>();
  for (const line of (await redis.info('commandstats')).split('\n')) {
    const [, name, calls] = /^cmdstat_([^:]+):calls=(\d+)/.exec(line) ?? [];
    if (name !== undefined) counted.set(`redis ${name}`, Number(calls));
  }
  const { metrics } = (await mongo.db('admin').command({ serverStatus: 1 })) as {
    metrics: { commands: Readonly<Record<string, { readonly total?: unknown }>> };
  };
  for (const [name, { total }] of Object.entries(metrics.commands)) counted.set(`mongod ${name}`, Number(total ?? 0));
  return counted;
}

/** Seldom ones are left out: they are not of the signups. */
const fewest = 0.02;

/** What came between two counts, per decision, the most frequent first. */
export function perDecision(
  before: Operations,
  after: Operations,
  decisions: number,
): Readonly<Record<string, number>> {
  const all = [...after].map(([name, count]) => [name, (count - (before.get(name) ?? 0)) / decisions] as const);
  return Object.fromEntries(all.filter(([, each]) => each >= fewest).toSorted((a, b) => b[1] - a[1]));
}
