import { erasureStep, senderOf, type Actor, type Command, type EventState } from '@rollcall/domain';
import type { Erasure, MailboxEntry } from './ports.ts';

/** What the store has to rewrite when this command is accepted; undefined where it erases nobody. */
export function takenBy(entry: MailboxEntry, { working, changesMax }: EventState): Erasure | undefined {
  if (entry.kind !== 'command' || entry.command.type !== 'EraseUser') return undefined;
  const { userId, erasedAs } = entry.command;
  const traces = working.traces.get(userId);
  if (traces === undefined) return undefined;
  const { left: _, ...step } = erasureStep(traces, changesMax);
  return { userId, erasedAs, ...step };
}

/** Who asked, as the journal names them: who erases themselves is not named by that either. */
export function actorOf(command: Command): Actor {
  const { actor } = command;
  if (command.type !== 'EraseUser' || senderOf(actor) !== command.userId) return actor;
  return { kind: 'staff', userId: command.erasedAs };
}
