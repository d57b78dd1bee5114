import { encodeMailboxPayload } from '@rollcall/contracts/storage';
import type { EventId } from '@rollcall/domain';
import type { AppendResult, NewCommand } from '@rollcall/engine';
import { entryHash } from './entry.ts';
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

interface Waiting {
  readonly command: NewCommand;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Commands per call of the script: it keeps Redis from everything else for well under a millisecond. */
const commandsPerCallMax = 64;

/**
 * Sends the commands of one turn of the event loop together, per event and in order: one script call that takes them one
 * after the other is the same as a call each, and costs Redis less than half as much.
 */
export function createAppender(options: AppenderOptions): (command: NewCommand) => Promise<AppendResult> {
  const { scripts, keyspace, receiptTtlMs, unkeyedReceiptTtlMs, depthMax } = options;
  let gathered = new Map<EventId, Waiting[]>();

  async function send(eventId: EventId, batch: readonly Waiting[]): Promise<void> {
    const keys = [keyspace.mailbox(eventId), keyspace.sequence(eventId), keyspace.dirty(eventId)];
    const values: (string | number)[] = [eventId, depthMax];
    for (const { command } of batch) {
      const { commandId, bodyHash, keyed, body } = command;
      keys.push(keyspace.receipt(eventId, commandId));
      const ttlMs = keyed ? receiptTtlMs : unkeyedReceiptTtlMs;
      values.push(commandId, entryHash(commandId), encodeMailboxPayload(bodyHash, body), bodyHash, ttlMs);
    }
    try {
      const reply = (await scripts.append(keys.length, ...keys, ...values)) as Reply;
      settle(batch, reply);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  function flush(): void {
    const due = gathered;
    gathered = new Map();
    for (const [eventId, all] of due) {
      for (let start = 0; start < all.length; start += commandsPerCallMax) {
        void send(eventId, all.slice(start, start + commandsPerCallMax));
      }
    }
  }

  return (command) =>
    new Promise((resolve, reject) => {
      if (gathered.size === 0) setImmediate(flush);
      const ofEvent = gathered.get(command.eventId);
      if (ofEvent === undefined) gathered.set(command.eventId, [{ command, resolve, reject }]);
      else ofEvent.push({ command, resolve, reject });
    });
}

type Reply = [becameDirty: number, dirty: number, ...perCommand: (number | string)[]];

/** The first new command brings the wake-up that is due; a repeat brings one while something waits. */
function settle(batch: readonly Waiting[], [becameDirty, dirty, ...perCommand]: Reply): void {
  let wakeUpDue = becameDirty === 1;
  batch.forEach(({ resolve }, index) => {
    const reply = perCommand[index];
    if (typeof reply === 'string') {
      resolve({ kind: 'repeat', bodyHash: parseReceipt(reply).bodyHash, wakeUpDue: dirty === 1 });
    } else if (reply === undefined || reply < 0) {
      resolve({ kind: 'full' });
    } else {
      resolve({ kind: 'new', ahead: reply, wakeUpDue });
      wakeUpDue = false;
    }
  });
}
