import type { CommandId } from '@rollcall/domain';
import { commandIdOf, type DecidableEntry } from './decide-batch.ts';

/**
 * Finds the command that keeps a batch from ever being written, so that the others need not wait for it. After a batch
 * that can't be written the commands go one by one; the one that can't be written alone is decided as if it could not be
 * read, and then batches are as large as before.
 */
export interface Isolation {
  readonly batchSize: number;
  /** This batch will never be written as it is. */
  suspect(batch: readonly DecidableEntry[]): void;
  /** The entries as they are to be decided. */
  apply(batch: readonly DecidableEntry[]): readonly DecidableEntry[];
  /** These commands were decided, and it was written. */
  landed(commandIds: readonly CommandId[]): void;
}

export function createIsolation(batchSizeMax: number): Isolation {
  let batchSize = batchSizeMax;
  const hopeless = new Set<CommandId>();

  return {
    get batchSize() {
      return batchSize;
    },
    suspect(batch) {
      batchSize = 1;
      const [only] = batch;
      if (only !== undefined && batch.length === 1) hopeless.add(commandIdOf(only));
    },
    apply(batch) {
      if (hopeless.size === 0) return batch;
      return batch.map((entry) => (hopeless.has(commandIdOf(entry)) ? asUnreadable(entry) : entry));
    },
    landed(commandIds) {
      if (commandIds.some((commandId) => hopeless.delete(commandId))) batchSize = batchSizeMax;
    },
  };
}

function asUnreadable(entry: DecidableEntry): DecidableEntry {
  if (entry.kind === 'unreadable') return entry;
  const { commandId, acceptedAt } = entry.command;
  return { kind: 'unreadable', entryId: entry.entryId, commandId, acceptedAt };
}
