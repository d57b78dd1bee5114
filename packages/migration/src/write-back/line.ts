import { match } from '../match.ts';
import type { LegacyDocument, LegacyEvent } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import type { Origin } from '../settle/settle.ts';
import type { HeldEvent, WantedEvent, WantedRegistration } from '../wanted.ts';
import { withFields } from './documents.ts';

/**
 * The old system knows the order of those who wait by the dates of their registrations alone: whoever stands further back
 * in Rollcall than their date says is dated just behind the one before them.
 */
export function writtenLines(
  mapping: Mapping,
  legacy: LegacyEvent,
  { wanted, origins }: { readonly wanted: WantedEvent; readonly origins: ReadonlyMap<WantedRegistration, Origin> },
  held: HeldEvent,
): LegacyEvent {
  const { heldOf } = match(wanted.registrations, held.registrations);
  const redated = new Map<LegacyDocument, LegacyDocument>();
  const lines = Map.groupBy(
    wanted.registrations.filter(({ status }) => status === 'waitlist'),
    ({ roleId }) => roleId,
  );
  for (const line of lines.values()) {
    let last = { date: Number.NEGATIVE_INFINITY, id: '' };
    const sequenceOf = (one: WantedRegistration) => heldOf.get(one)?.sequence ?? Number.POSITIVE_INFINITY;
    for (const one of line.toSorted((a, b) => sequenceOf(a) - sequenceOf(b))) {
      const { registrationDate: date, legacyId: id = '' } = one;
      if (date > last.date || (date === last.date && id > last.id)) {
        last = { date, id };
        continue;
      }
      last = { date: last.date + 1, id };
      const document = origins.get(one)?.document;
      if (document === undefined) continue;
      const field = mapping.registration.registrationDate;
      redated.set(document, withFields(document, [[field, new Date(last.date)]]));
    }
  }
  if (redated.size === 0) return legacy;
  const registrations = legacy.registrations.map((document) => redated.get(document) ?? document);
  return { ...legacy, registrations };
}
