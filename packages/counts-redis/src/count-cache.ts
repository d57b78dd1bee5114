import { readFileSync } from 'node:fs';
import type { CommitId, EventCounts, EventId, RoleCounts, RoleId } from '@rollcall/domain';
import type { CountCache } from '@rollcall/engine';
import type { Redis } from 'ioredis';

export interface CountCacheOptions {
  readonly redis: Redis;
  /** Keeps several Rollcalls apart that share a Redis. */
  readonly keyPrefix: string;
  /**
   * How long counts are believed that no commit has refreshed, in ms: a worker that dies between its commit and the
   * refresh leaves the counts of the version before.
   */
  readonly ttlMs: number;
}

interface WithScript {
  rollcallSetIfNewer(...keysAndArguments: readonly (string | number)[]): Promise<unknown>;
}

/** Counts per event in Redis, for readers; writers never trust it. */
export function createCountCache({ redis, keyPrefix, ttlMs }: CountCacheOptions): CountCache {
  redis.defineCommand('rollcallSetIfNewer', {
    numberOfKeys: 1,
    lua: readFileSync(new URL('lua/set-if-newer.lua', import.meta.url), 'utf8'),
  });
  // defineCommand adds a method that the client's type can't know.
  const client = redis as unknown as WithScript;
  const keyOf = (eventId: EventId) => `${keyPrefix}counts:${eventId}`;

  return {
    async setIfNewer({ eventId, version, commitId, roles }) {
      await client.rollcallSetIfNewer(keyOf(eventId), version, commitId, JSON.stringify([...roles]), ttlMs);
    },
    async read(eventIds) {
      const found = await Promise.all(eventIds.map((eventId) => redis.hgetall(keyOf(eventId))));
      const counts = new Map<EventId, EventCounts>();
      eventIds.forEach((eventId, index) => {
        const parsed = parseCounts(eventId, found[index] ?? {});
        if (parsed !== undefined) counts.set(eventId, parsed);
      });
      return counts;
    },
  };
}

/** Undefined for what isn't there, or was written by somebody else's hand. */
function parseCounts(eventId: EventId, hash: Readonly<Record<string, string>>): EventCounts | undefined {
  const { version, commitId, roles } = hash;
  if (version === undefined || commitId === undefined || roles === undefined) return undefined;
  try {
    const parsed = new Map(JSON.parse(roles) as [RoleId, RoleCounts][]);
    return { eventId, version: Number(version), commitId: commitId as CommitId, roles: parsed };
  } catch {
    return undefined;
  }
}
