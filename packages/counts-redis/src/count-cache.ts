import { readFileSync } from 'node:fs';
import type { CommitId, EventCounts, EventId, RoleCounts, RoleId } from '@rollcall/domain';
import type { CountCache } from '@rollcall/engine';
import type { Cluster, Redis } from 'ioredis';

export interface CountCacheOptions {
  readonly redis: Redis | Cluster;
  /** Keeps several Rollcalls apart that share a Redis. */
  readonly keyPrefix: string;
  /**
   * How long counts are believed that no commit has refreshed, in ms: a worker that dies between its commit and the
   * refresh leaves the counts of the version before.
   */
  readonly ttlMs: number;
  /** Told of what can't be read and was removed: somebody else's hand wrote it. */
  readonly onUnreadable?: (eventId: EventId) => void;
}

interface WithScripts {
  rollcallSetIfNewer(...keysAndArguments: readonly (string | number)[]): Promise<unknown>;
  rollcallReplaceIfSeen(...keysAndArguments: readonly (string | number)[]): Promise<unknown>;
}

const source = (name: string) => readFileSync(new URL(`lua/${name}.lua`, import.meta.url), 'utf8');

/** Counts per event in Redis, for readers; writers never trust it. */
export function createCountCache({ redis, keyPrefix, ttlMs, onUnreadable }: CountCacheOptions): CountCache {
  redis.defineCommand('rollcallSetIfNewer', { numberOfKeys: 1, lua: source('set-if-newer') });
  redis.defineCommand('rollcallReplaceIfSeen', { numberOfKeys: 1, lua: source('replace-if-seen') });
  // defineCommand adds methods that the client's type can't know.
  const client = redis as unknown as WithScripts;
  const keyOf = (eventId: EventId) => `${keyPrefix}counts:${eventId}`;

  async function readOne(eventId: EventId): Promise<EventCounts | undefined> {
    const hash = await redis.hgetall(keyOf(eventId)).catch((error: unknown) => {
      if (isOfAnotherType(error)) return { unreadable: '' };
      throw error;
    });
    if (Object.keys(hash).length === 0) return undefined;
    const counts = parseCounts(eventId, hash);
    if (counts !== undefined) return counts;
    // If it was written anew since, it is filled again by whoever misses it.
    await redis.del(keyOf(eventId));
    onUnreadable?.(eventId);
    return undefined;
  }

  return {
    async setIfNewer({ eventId, version, commitId, roles }) {
      return (await client.rollcallSetIfNewer(keyOf(eventId), version, commitId, encodeRoles(roles), ttlMs)) === 1;
    },
    async replace(eventId, seen, counts) {
      const others = counts === undefined ? [] : [counts.version, counts.commitId, encodeRoles(counts.roles)];
      const key = keyOf(eventId);
      return (await client.rollcallReplaceIfSeen(key, seen.version, seen.commitId, ttlMs, ...others)) === 1;
    },
    async read(eventIds) {
      const found = await Promise.all(eventIds.map(readOne));
      return new Map(found.flatMap((counts) => (counts === undefined ? [] : [[counts.eventId, counts]])));
    },
  };
}

const isOfAnotherType = (error: unknown): boolean => error instanceof Error && error.message.startsWith('WRONGTYPE');

const encodeRoles = (roles: EventCounts['roles']): string => JSON.stringify([...roles]);

/** As it is written here; a number in another notation would never compare as equal. */
const versionForm = /^[1-9]\d{0,15}$/;

/** Undefined for what is not as it is written here. */
function parseCounts(eventId: EventId, hash: Readonly<Record<string, string>>): EventCounts | undefined {
  const { version = '', commitId = '', roles = '' } = hash;
  if (!versionForm.test(version) || commitId === '') return undefined;
  try {
    const parsed: unknown = JSON.parse(roles);
    if (!Array.isArray(parsed) || !parsed.every(isRole)) return undefined;
    return { eventId, version: Number(version), commitId: commitId as CommitId, roles: new Map(parsed) };
  } catch {
    return undefined;
  }
}

function isRole(entry: unknown): entry is [RoleId, RoleCounts] {
  if (!Array.isArray(entry)) return false;
  const [roleId, counts]: readonly unknown[] = entry;
  if (typeof roleId !== 'string' || typeof counts !== 'object' || counts === null) return false;
  const { capacity, confirmed, waitlist, offered, available } = counts as Readonly<Record<string, unknown>>;
  const isNumber = (value: unknown) => typeof value === 'number';
  return (
    [confirmed, waitlist, offered].every(isNumber) &&
    [capacity, available].every((seats) => seats === null || isNumber(seats))
  );
}
