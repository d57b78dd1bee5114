import { setTimeout as delay } from 'node:timers/promises';
import { valueOf, type RollcallClient } from '@rollcall/client';
import type { Availability, RegistrationDocument } from '@rollcall/contracts/http';
import type { CommandId, EventId, JournalEntry } from '@rollcall/domain';
import { journalEntry } from './journal-entry.ts';
import type { Seen } from './check-stored.ts';

const journalPageSize = 500;
const listPageSize = 100;
const lookEveryMs = 200;
/** How often what changes all the time is read again in the hope that it will not. */
const quietAttemptsMax = 5;

export interface ReadEvent {
  readonly entries: readonly JournalEntry[];
  /** Undefined where the event would not keep still. */
  readonly seen: Seen | undefined;
}

/**
 * What staff can read of an event once every command of `accepted` is decided, or `patienceMs` have passed: the journal, and the
 * registrations and counts of the same version.
 *
 * @throws Error with what the API said instead
 */
export async function readEvent(
  staff: RollcallClient,
  eventId: EventId,
  accepted: ReadonlySet<CommandId>,
  patienceMs: number,
): Promise<ReadEvent> {
  const entries: JournalEntry[] = [];
  const missing = new Set(accepted);
  const readOn = async (): Promise<void> => {
    for (;;) {
      const after = entries.at(-1)?.version ?? 0;
      const { items } = valueOf(await staff.readJournal(eventId, { after, limit: journalPageSize }));
      if (items.length === 0) return;
      for (const item of items) {
        entries.push(journalEntry(eventId, item));
        missing.delete(item.commandId);
      }
    }
  };
  const until = performance.now() + patienceMs;
  for (await readOn(); missing.size > 0 && performance.now() < until; await readOn()) await delay(lookEveryMs);
  for (let attempt = 0; attempt < quietAttemptsMax; attempt += 1) {
    const registrations = await readRegistrations(staff, eventId);
    await readOn();
    const version = entries.at(-1)?.version ?? 0;
    const availability = await readAvailability(staff, eventId, version);
    // The list has many pages; nothing was decided between the first and the last when the version before is the one after.
    if (registrations.version === version && availability.version === version) {
      return { entries, seen: { registrations: registrations.items, availability } };
    }
    await delay(lookEveryMs);
  }
  return { entries, seen: undefined };
}

async function readRegistrations(
  staff: RollcallClient,
  eventId: EventId,
): Promise<{ readonly version: number; readonly items: readonly RegistrationDocument[] }> {
  const { version } = valueOf(await staff.getAvailability(eventId));
  const items: RegistrationDocument[] = [];
  for (let cursor: string | undefined; ;) {
    const page = valueOf(
      await staff.listParticipants(eventId, { limit: listPageSize, ...(cursor === undefined ? {} : { cursor }) }),
    );
    items.push(...page.items);
    if (page.nextCursor === null) return { version, items };
    cursor = page.nextCursor;
  }
}

async function readAvailability(staff: RollcallClient, eventId: EventId, version: number): Promise<Availability> {
  return valueOf(await staff.getAvailability(eventId, version === 0 ? {} : { minVersion: version }));
}
