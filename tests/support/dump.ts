import { readFileSync } from 'node:fs';
import { mastersOf, type RedisClient } from '@rollcall/mailbox-redis';
import type { Rollcall } from './rollcall.ts';

/** All that is stored, of every collection and every key, as one text each. */
export async function dumpOf(rollcall: Rollcall): Promise<ReadonlyMap<string, string>> {
  const { collections, redis, keyPrefix } = rollcall;
  const found = new Map<string, string>();
  for (const { name } of await collections.db.listCollections({}, { nameOnly: true }).toArray()) {
    const documents = await collections.db.collection(name).find().sort({ _id: 1 }).toArray();
    found.set(name, documents.map((document) => JSON.stringify(document)).join('\n'));
  }
  for (const master of mastersOf(redis)) {
    for await (const keys of master.scanStream({ match: `${keyPrefix}*`, count: 1_000 }) as AsyncIterable<string[]>) {
      for (const key of keys) found.set(key, `${key} ${JSON.stringify(await valueOf(master, key))}`);
    }
  }
  return found;
}

async function valueOf(redis: RedisClient, key: string): Promise<unknown> {
  const type = await redis.type(key);
  switch (type) {
    // Gone since it was listed.
    case 'none':
      return undefined;
    case 'string':
      return redis.get(key);
    case 'set':
      return redis.smembers(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, '0', '-1');
    case 'zset':
      return redis.zrange(key, '0', '-1');
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      throw new Error(`${key} is a ${type}, which nobody looks into`);
  }
}

/** Where these texts stand: in what is stored, and in what processes have logged. */
export async function findTexts(rollcall: Rollcall, texts: readonly string[]): Promise<readonly string[]> {
  const everything = new Map(await dumpOf(rollcall));
  for (const { logFile } of [...rollcall.apis, ...rollcall.workers])
    everything.set(logFile, readFileSync(logFile, 'utf8'));
  return [...everything].flatMap(([where, stored]) =>
    texts.filter((one) => stored.includes(one)).map((one) => `${one} in ${where}`),
  );
}
