import type { Registration, Role } from '@rollcall/domain';
import { walk } from './fold.ts';
import type { RecordedHistory, Violation } from './history.ts';

const check = 'projection';

/** The journal, folded, gives exactly the stored registrations (ids, users, roles, statuses, sequences) and roles. */
export function checkProjection({ entries, registrations, roles }: RecordedHistory): readonly Violation[] {
  const folded = walk(entries, () => undefined);
  return [
    ...differences(
      'registration',
      folded.registrations,
      byId(registrations, ({ registrationId }) => registrationId),
      shown,
    ),
    ...differences(
      'role',
      folded.roles,
      byId(roles, ({ roleId }) => roleId),
      shownRole,
    ),
    ...twice(registrations),
  ];
}

function byId<Item>(items: readonly Item[], idOf: (item: Item) => string): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => [idOf(item), item]));
}

function differences<Item>(
  what: string,
  told: ReadonlyMap<string, Item>,
  stored: ReadonlyMap<string, Item>,
  show: (item: Item) => string,
): readonly Violation[] {
  const violations: Violation[] = [];
  for (const id of new Set([...told.keys(), ...stored.keys()])) {
    const [inJournal, inStore] = [told, stored].map((side) => {
      const item = side.get(id);
      return item === undefined ? 'not there' : show(item);
    });
    if (inJournal === inStore) continue;
    violations.push({ check, message: `${what} ${id}: ${inJournal} by the journal, ${inStore} in the store` });
  }
  return violations;
}

function twice(registrations: readonly Registration[]): readonly Violation[] {
  const seen = new Set<string>();
  return registrations.flatMap(({ registrationId }) => {
    const again = seen.has(registrationId);
    seen.add(registrationId);
    return again ? [{ check, message: `registration ${registrationId}: stored twice` }] : [];
  });
}

// Users are compared and not shown: messages go to logs, which hold no personal data.
const shown = ({ userId, roleId, status, sequence }: Registration): string =>
  `${status} in ${roleId} at ${sequence} for user ${fingerprint(userId)}`;

const shownRole = ({ name, capacity, waitlist }: Role): string => `"${name}", ${capacity} seats, waitlist ${waitlist}`;

/** Tells users apart without naming them. */
function fingerprint(text: string): string {
  let hash = 7;
  for (const character of text) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash.toString(36);
}
