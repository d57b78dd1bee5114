import type { EventId } from '@rollcall/domain';
import { createMentions, type MailboxTraces } from '@rollcall/engine';
import type { RedisClient } from './client.ts';
import { readDirtyEvents } from './dirty-events.ts';
import type { StreamEntry } from './entry.ts';
import type { Keyspace } from './keyspace.ts';

export interface MailboxTracesOptions {
  readonly redis: RedisClient;
  readonly keyspace: Keyspace;
}

/** Entries per call: few enough not to keep Redis from everything else. */
const entriesPerCall = 500;

/** Looks through what mailboxes and dead letters hold, whole: for what is rare, and nothing else. */
export function createMailboxTraces({ redis, keyspace }: MailboxTracesOptions): MailboxTraces {
  async function* pagesOf(key: string): AsyncGenerator<readonly StreamEntry[], void, undefined> {
    let from = '-';
    for (;;) {
      const page: readonly StreamEntry[] = await redis.xrange(key, from, '+', 'COUNT', entriesPerCall);
      const last = page.at(-1);
      if (last === undefined) return;
      yield page;
      from = `(${last[0]}`;
    }
  }

  async function isWaitedFor(eventId: EventId, isNamed: (text: string) => boolean): Promise<boolean> {
    for await (const page of pagesOf(keyspace.mailbox(eventId))) {
      if (page.some(([, fields]) => fields.some(isNamed))) return true;
    }
    return false;
  }

  return {
    async findWaitingOf(userId) {
      const isNamed = createMentions({ userId, registrationIds: [] });
      const found: EventId[] = [];
      const { events, failures } = await readDirtyEvents(redis, keyspace);
      if (failures.length > 0) throw failures[0];
      for (const eventId of events) {
        if (await isWaitedFor(eventId, isNamed)) found.push(eventId);
      }
      return found;
    },
    async removeDeadLetters(named) {
      const isNamed = createMentions(named);
      let removed = 0;
      for (const key of keyspace.allDeadLetters) {
        for await (const page of pagesOf(key)) {
          const ids = page.filter(([, fields]) => fields.some(isNamed)).map(([entryId]) => entryId);
          if (ids.length > 0) removed += await redis.xdel(key, ...ids);
        }
      }
      return removed;
    },
  };
}
