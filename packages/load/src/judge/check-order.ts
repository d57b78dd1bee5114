import type { Violation } from '@rollcall/checkers';
import type { CommandId, JournalEntry } from '@rollcall/domain';

/** When a command was under way, as its sender saw it; ms since 1970, by a clock that never goes back. */
export interface UnderWay {
  /** When it was sent first. */
  readonly sentMs: number;
  /** When the first answer came that says that it was taken. */
  readonly acknowledgedMs: number;
}

const check = 'order';

/**
 * Whether decisions stand in the order in which commands arrived, as far as that is seen from outside. A command that was
 * acknowledged before another was sent arrived before it, whatever any clock of a server says; and the times at which the mailbox
 * says that it took them must not go back.
 */
export function checkOrder(
  entries: readonly JournalEntry[],
  underWay: ReadonlyMap<CommandId, UnderWay>,
): readonly Violation[] {
  const violations: Violation[] = [];
  let sentLast: { readonly commandId: CommandId; readonly version: number; readonly sentMs: number } | undefined;
  let acceptedLast: JournalEntry | undefined;
  for (const entry of entries) {
    const { commandId, version, commandType, acceptedAt } = entry;
    const seen = underWay.get(commandId);
    if (seen !== undefined) {
      if (sentLast !== undefined && seen.acknowledgedMs < sentLast.sentMs) {
        const before = `${sentLast.commandId}, which was sent after that, as ${sentLast.version}`;
        violations.push({ check, version, message: `${commandId} was taken, and decided after ${before}` });
      }
      if (sentLast === undefined || seen.sentMs > sentLast.sentMs)
        sentLast = { commandId, version, sentMs: seen.sentMs };
    }
    // These come past the mailbox, and have the time of what they follow from, or none of their own.
    if (commandType === 'ObligationStep' || commandType.startsWith('Import') || commandType.endsWith('Import'))
      continue;
    if (acceptedLast !== undefined && acceptedAt < acceptedLast.acceptedAt) {
      const others = `that of version ${acceptedLast.version}`;
      violations.push({ check, version, message: `${commandId} was accepted before ${others}, or a clock went back` });
    }
    acceptedLast = entry;
  }
  return violations;
}
