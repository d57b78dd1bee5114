import { encodeMailboxPayload } from '@rollcall/contracts/storage';
import type { AppendResult, NewCommand } from '@rollcall/engine';
import { entryHash } from './entry.ts';
import { gathered } from './gathered.ts';
import type { Keyspace } from './keyspace.ts';
import { parseReceipt } from './receipt.ts';
import type { MailboxScripts } from './scripts.ts';

export interface AppenderOptions {
  readonly scripts: MailboxScripts;
  readonly keyspace: Keyspace;
  /** How long a repeat is recognised without asking the journal, in ms. */
  readonly receiptTtlMs: number;
  /** How long it is known where a command stands that can't be repeated, in ms. */
  readonly unkeyedReceiptTtlMs: number;
  readonly depthMax: number;
}

/** Takes commands into mailboxes: those of one turn of the event loop together, per event. */
export function createAppender(options: AppenderOptions): (command: NewCommand) => Promise<AppendResult> {
  const { scripts, keyspace, receiptTtlMs, unkeyedReceiptTtlMs, depthMax } = options;
  return gathered({
    keyOf: ({ eventId }) => eventId,
    async send(commands) {
      const [first] = commands;
      if (first === undefined) return [];
      const { eventId } = first;
      const keys = [keyspace.mailbox(eventId), keyspace.sequence(eventId), keyspace.dirty(eventId)];
      const values: (string | number)[] = [eventId, depthMax];
      for (const { commandId, bodyHash, keyed, body } of commands) {
        keys.push(keyspace.receipt(eventId, commandId));
        const ttlMs = keyed ? receiptTtlMs : unkeyedReceiptTtlMs;
        values.push(commandId, entryHash(commandId), encodeMailboxPayload(bodyHash, body), bodyHash, ttlMs);
      }
      return resultsOf((await scripts.append(keys.length, ...keys, ...values)) as Reply);
    },
  });
}

type Reply = [becameDirty: number, dirty: number, ...perCommand: (number | string)[]];

/** The first new command brings the wake-up that is due; a repeat brings one while something waits. */
function resultsOf([becameDirty, dirty, ...perCommand]: Reply): readonly AppendResult[] {
  let wakeUpDue = becameDirty === 1;
  return perCommand.map((reply) => {
    if (typeof reply === 'string') {
      return { kind: 'repeat', bodyHash: parseReceipt(reply).bodyHash, wakeUpDue: dirty === 1 };
    }
    if (reply < 0) return { kind: 'full' };
    const result = { kind: 'new', ahead: reply, wakeUpDue } as const;
    wakeUpDue = false;
    return result;
  });
}
