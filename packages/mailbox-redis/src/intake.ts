import { senderOf, type CommandId, type EventId } from '@rollcall/domain';
import type { MailboxIntake, PendingCommand } from '@rollcall/engine';
import type { RedisClient } from './client.ts';
import { createAppender } from './appender.ts';
import { entryHash, parseEntry } from './entry.ts';
import type { Keyspace } from './keyspace.ts';
import { parseReceipt } from './receipt.ts';
import { defineScripts } from './scripts.ts';

export interface IntakeOptions {
  readonly redis: RedisClient;
  readonly keyspace: Keyspace;
  /** How long a repeat is recognised without asking the journal, in ms. */
  readonly receiptTtlMs: number;
  /** How long it is known where a command stands that can't be repeated, in ms. */
  readonly unkeyedReceiptTtlMs: number;
  /** Commands that an event's mailbox holds at most; more are refused. */
  readonly depthMax: number;
  /** Whether Redis is so full that nothing new should be taken. */
  readonly isNearMemoryLimit: () => boolean;
}

/** Takes commands into the mailboxes in Redis Streams. */
export function createMailboxIntake(options: IntakeOptions): MailboxIntake {
  const { redis, keyspace } = options;
  const append = createAppender({ scripts: defineScripts(redis), ...options });

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
    return { ahead, senderId: entry.kind === 'command' ? senderOf(entry.command.actor) : undefined };
  }

  return {
    append: async (command) => (options.isNearMemoryLimit() ? { kind: 'full' } : append(command)),
    findPending,
    async forget(eventId, commandId) {
      await redis.del(keyspace.receipt(eventId, commandId));
    },
  };
}
