import { decodeMailboxPayload } from '@rollcall/contracts/storage';
import { parseCommandId, type CommandId, type EventId } from '@rollcall/domain';
import type { MailboxEntry } from '@rollcall/engine';

/** A stream entry as XRANGE gives it: its id, and its fields and values one after the other. */
export type StreamEntry = readonly [entryId: string, fields: readonly string[]];

function fieldOf(fields: readonly string[], name: string): string | undefined {
  for (let i = 0; i + 1 < fields.length; i += 2) if (fields[i] === name) return fields[i + 1];
  return undefined;
}

export function parseEntry(eventId: EventId, [entryId, fields]: StreamEntry): MailboxEntry {
  const commandId = parseCommandId(fieldOf(fields, 'c') ?? '');
  if (commandId === undefined) return { kind: 'dead', entryId };
  const acceptedAt = Number(fieldOf(fields, 'at'));
  const payload = decodeMailboxPayload(fieldOf(fields, 'p') ?? '');
  if (payload === undefined || !Number.isSafeInteger(acceptedAt)) {
    return { kind: 'unreadable', entryId, commandId, acceptedAt: Number.isSafeInteger(acceptedAt) ? acceptedAt : 0 };
  }
  const { bodyHash, body } = payload;
  return { kind: 'command', entryId, bodyHash, command: { ...body, commandId, eventId, acceptedAt } };
}

/** 64 bits of the command id in decimal, as the second part of the entry's id. */
export function entryHash(commandId: CommandId): string {
  return Buffer.from(commandId.slice(1, 12), 'base64url').readBigUInt64BE().toString();
}
