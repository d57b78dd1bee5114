import { encodePublication } from '@rollcall/contracts/storage';
import type { Mailbox, MailboxHead } from '@rollcall/engine';
import type { Redis } from 'ioredis';
import { readDirtyEvents } from './dirty-events.ts';
import { fieldOf, parseEntry, type StreamEntry } from './entry.ts';
import type { Keyspace } from './keyspace.ts';
import { defineScripts } from './scripts.ts';

export interface MailboxOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  /** Dead letters kept per partition, about. */
  readonly deadLettersMax: number;
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
    dirtyEvents: () => readDirtyEvents(redis, keyspace),
    async check(eventId): Promise<MailboxHead | undefined> {
      const keys = [keyspace.mailbox(eventId), keyspace.dirty(eventId)];
      const reply = (await scripts.check(...keys, eventId)) as [number, StreamEntry] | null;
      if (reply === null) return undefined;
      const [depth, [entryId, fields]] = reply;
      const acceptedAt = Number(fieldOf(fields, 'at'));
      return { entryId, depth, acceptedAt: Number.isSafeInteger(acceptedAt) ? acceptedAt : undefined };
    },
  };
}
