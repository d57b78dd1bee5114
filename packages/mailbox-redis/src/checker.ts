import type { EventId } from '@rollcall/domain';
import type { MailboxHead } from '@rollcall/engine';
import { gathered } from './gathered.ts';
import type { Keyspace } from './keyspace.ts';
import type { MailboxScripts } from './scripts.ts';

/** Looks at mailboxes for the sweeper: at those of one turn of the event loop together, per partition. */
export function createChecker(
  scripts: MailboxScripts,
  keyspace: Keyspace,
): (eventId: EventId) => Promise<MailboxHead | undefined> {
  return gathered({
    keyOf: (eventId) => keyspace.dirty(eventId),
    async send(eventIds) {
      const [first] = eventIds;
      if (first === undefined) return [];
      const keys = [keyspace.dirty(first), ...eventIds.map((eventId) => keyspace.mailbox(eventId))];
      const replies = (await scripts.check(keys.length, ...keys, ...eventIds)) as readonly Reply[];
      return replies.map(headOf);
    },
  });
}

type Reply = readonly [depth: number, entryId: string, acceptedAt: string] | 0;

function headOf(reply: Reply): MailboxHead | undefined {
  if (reply === 0) return undefined;
  const [depth, entryId, at] = reply;
  const acceptedAt = Number(at);
  return { entryId, depth, acceptedAt: at !== '' && Number.isSafeInteger(acceptedAt) ? acceptedAt : undefined };
}
