import { encodeMailboxPayload, encodePublication } from '@rollcall/contracts/storage';
import type { CommandId, EventId } from '@rollcall/domain';
import type { AppendResult, Mailbox, MailboxHead, NewCommand } from '@rollcall/engine';
import type { Redis } from 'ioredis';
import { entryHash, fieldOf, parseEntry, type StreamEntry } from './entry.ts';
import type { Keyspace } from './keyspace.ts';
import { defineScripts } from './scripts.ts';

export interface MailboxOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  /** How long a repeat is recognised without asking the journal, in ms. */
  readonly receiptTtlMs: number;
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

  async function append({ commandId, eventId, bodyHash, body }: NewCommand): Promise<AppendResult> {
    if (options.isNearMemoryLimit()) return { kind: 'full' };
    const reply = (await scripts.append(
      keyspace.mailbox(eventId),
      keyspace.sequence(eventId),
      keyspace.receipt(eventId, commandId),
      keyspace.dirty(eventId),
      eventId,
      commandId,
      entryHash(commandId),
      encodeMailboxPayload(bodyHash, body),
      bodyHash,
      options.receiptTtlMs,
      options.depthMax,
    )) as ['new', number, number] | ['repeat', string, number] | ['full'];
    switch (reply[0]) {
      case 'new':
        return { kind: 'new', ahead: reply[1], wakeUpDue: reply[2] === 1 };
      case 'repeat':
        return { kind: 'repeat', bodyHash: parseReceipt(reply[1]).bodyHash, wakeUpDue: reply[2] === 1 };
      case 'full':
        return { kind: 'full' };
    }
  }

  async function findPending(eventId: EventId, commandId: CommandId): Promise<{ ahead: number } | undefined> {
    const [receipt, head] = await Promise.all([
      redis.get(keyspace.receipt(eventId, commandId)),
      redis.xrange(keyspace.mailbox(eventId), '-', '+', 'COUNT', 1),
    ]);
    const first = head[0];
    if (receipt === null || first === undefined) return undefined;
    // Numbers are given out without gaps, so the distance to the head is how many stand before it.
    const ahead = parseReceipt(receipt).number - Number(first[0].split('-')[0]);
    return ahead < 0 ? undefined : { ahead };
  }

  return {
    append,
    findPending,
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

/** A receipt is the entry's number and the body's hash. */
function parseReceipt(receipt: string): { number: number; bodyHash: string } {
  const space = receipt.indexOf(' ');
  return { number: Number(receipt.slice(0, space)), bodyHash: receipt.slice(space + 1) };
}
