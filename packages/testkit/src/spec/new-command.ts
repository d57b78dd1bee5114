import type { Command } from '@rollcall/domain';
import type { NewCommand } from '@rollcall/engine';

/** The command as the API hands it to a mailbox. Its `acceptedAt` is dropped: the mailbox gives its own. */
export function newCommandOf(
  { commandId, eventId, acceptedAt: _given, ...body }: Command,
  bodyHash = `hash-of-${commandId}`,
): NewCommand {
  return { commandId, eventId, bodyHash, keyed: true, body };
}
