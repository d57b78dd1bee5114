import { encodePublication } from '@rollcall/contracts/storage';
import type { Mailbox } from '@rollcall/engine';
import { createChecker } from './checker.ts';
import type { RedisClient } from './client.ts';
import { readDirtyEvents } from './dirty-events.ts';
import { parseEntry } from './entry.ts';
import type { Keyspace } from './keyspace.ts';
import { defineScripts } from './scripts.ts';

export interface MailboxOptions {
  readonly redis: RedisClient;
  readonly keyspace: Keyspace;
  /** Dead letters kept per partition, about. */
  readonly deadLettersMax: number;
  /** Told when the dirty events of some partitions could not be read, once for all of them. */
  readonly onUnread: (error: unknown) => void;
}

/** The mailbox in Redis Streams; every step that must be one is one script (src/lua). */
export function createMailbox(options: MailboxOptions): Mailbox {
  const { redis, keyspace } = options;
  const scripts = defineScripts(redis);

  return {
    async readHead(eventId, countMax) {
      const entries = await redis.xrange(keyspace.mailbox(eventId), '-', '+', 'COUNT', countMax);
      return entries.map((entry) => parseEntry(eventId, entry));
    },
    async bury(eventId, entryId) {
      const keys = [keyspace.mailbox(eventId), keyspace.deadLetters(eventId)];
      await scripts.bury(...keys, eventId, entryId, options.deadLettersMax);
    },
    async done(eventId, entryIds, publication) {
      const message = publication === undefined ? '' : encodePublication(eventId, publication);
      const keys = [keyspace.mailbox(eventId), keyspace.dirty(eventId)];
      return (await scripts.done(...keys, eventId, keyspace.publications, message, ...entryIds)) as number;
    },
    async dirtyEvents() {
      const { events, failures } = await readDirtyEvents(redis, keyspace);
      if (failures.length === keyspace.allDirty.length) throw failures[0];
      // Of a cluster some masters may be away: what the others hold is seen to all the same.
      if (failures.length > 0) options.onUnread(failures[0]);
      return events;
    },
    check: createChecker(scripts, keyspace),
  };
}
