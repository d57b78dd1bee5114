import { encodePublication } from '@rollcall/contracts/storage';
import type { CommandId, EventId } from '@rollcall/domain';
import type { Mailbox, MailboxHead, PendingCommand } from '@rollcall/engine';
import type { Redis } from 'ioredis';
import { createAppender } from './appender.ts';
import { entryHash, fieldOf, parseEntry, type StreamEntry } from './entry.ts';
import type { Keyspace } from './keyspace.ts';
import { parseReceipt } from './receipt.ts';
import { defineScripts } from './scripts.ts';

export interface MailboxOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  /** How long a repeat is recognised without asking the journal, in ms. */
  readonly receiptTtlMs: number;
  /** How long it is known where a command stands that can't be repeated, in ms. */
  readonly unkeyedReceiptTtlMs: number;
  /** Commands that an event's mailbox holds at most; more are refused. */
  readonly depthMax: number;
  /** Dead letters kept per partition, about. */
  readonly deadLettersMax: number;
  /** Whether Redis is so full that nothing new should be taken. */
  readonly isNearMemoryLimit: () => boolean;
}

/** The mailbox in Redis Streams; every step that must be one is one script (src/lua). */
export function createMailbox(options: MailboxOptions): Mailbox {
  const { redis, keyspace } = options;
  const scripts = defineScripts(redis);

  const append = createAppender({ scripts, ...options });

  async function findPending(eventId: EventId, commandId: CommandId): Promise<PendingCommand | undefined> {
    const receipt = await redis.get(keyspace.receipt(eventId, commandId));
    if (receipt === null) return undefined;
    const { number } = parseReceipt(receipt);
    const entryId = `${number}-${entryHash(commandId)}`;
    const key = keyspace.mailbox(eventId);
    const [[found], [head]] = await Promise.all([
      redis.xrange(key, entryId, entryId),
      redis.xrange(key, '-', '+', 'COUNT', 1),
    ]);
    if (found === undefined || head === undefined) return undefined;
    const entry = parseEntry(eventId, found);
    // Numbers are given out without gaps, so the distance to the head is how many stand before it.
    const ahead = number - Number(head[0].split('-')[0]);
    return { ahead, senderId: entry.kind === 'command' ? entry.command.actor.userId : undefined };
  }

  return {
    append: async (command) => (options.isNearMemoryLimit() ? { kind: 'full' } : append(command)),
    findPending,
    async forget(eventId, commandId) {
      await redis.del(keyspace.receipt(eventId, commandId));
    },
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
      const members = await Promise.all(keyspace.allDirty.map((key) => redis.smembers(key)));
      // What the dirty sets hold was a checked event id when it was appended.
      return members.flat() as EventId[];
    },
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
