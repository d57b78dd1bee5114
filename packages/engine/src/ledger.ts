import type { EventId, JournalEntry } from '@rollcall/domain';
import { refusalToCreate } from './creation.ts';
import { commandIdOf, type DecidableEntry } from './decide-batch.ts';
import type { DrainPorts } from './drain-ports.ts';
import type { MailboxEntry } from './ports.ts';

/** The ledger: commands that were decided before take their decision from the journal, and none is decided twice in a batch. */
export async function setKnownAside(
  ports: DrainPorts,
  eventId: EventId,
  entries: readonly MailboxEntry[],
  lookUp: boolean,
): Promise<{ known: readonly JournalEntry[]; fresh: readonly DecidableEntry[] }> {
  const fresh = new Map<string, DecidableEntry>();
  for (const entry of entries) {
    if (entry.kind === 'dead') await ports.mailbox.bury(eventId, entry.entryId);
    else if (!fresh.has(commandIdOf(entry))) fresh.set(commandIdOf(entry), entry);
  }
  if (!lookUp || fresh.size === 0) return { known: [], fresh: [...fresh.values()] };
  const known = await ports.store.findDecisions(eventId, [...fresh.values()].map(commandIdOf));
  for (const { commandId } of known) fresh.delete(commandId);
  return { known, fresh: [...fresh.values()] };
}

/**
 * Until an event exists it has no version to write a decision with. What stands before its creation, or without one (the
 * creation was refused, or the database was restored to before it), is put aside for people to look at.
 */
export function splitAtCreation(
  eventId: EventId,
  fresh: readonly DecidableEntry[],
): {
  early: readonly DecidableEntry[];
  decidable: readonly DecidableEntry[];
} {
  const creation = fresh.findIndex((entry) => isCreation(entry) && refusalToCreate(eventId, entry) === undefined);
  if (creation < 0) return { early: fresh, decidable: [] };
  return { early: fresh.slice(0, creation), decidable: fresh.slice(creation) };
}

const isCreation = (entry: DecidableEntry): boolean => entry.kind === 'command' && entry.command.type === 'CreateEvent';
