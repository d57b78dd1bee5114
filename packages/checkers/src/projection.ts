import type { Registration } from '@rollcall/domain';
import { canonical } from './canonical.ts';
import type { Folded } from './folded.ts';
import type { RecordedEvent, RecordedHistory, Violation } from './history.ts';

const check = 'projection';

/** The journal, folded, gives exactly the stored registrations and the stored event. */
export function checkProjection(folded: Folded, { registrations, event }: RecordedHistory): readonly Violation[] {
  const stored = new Map(registrations.map((registration) => [registration.registrationId, registration]));
  return [
    ...differences('registration', folded.registrations, stored, shown),
    ...twice(registrations),
    ...differences('event', partsOf(eventOf(folded)), partsOf(event), canonical),
    ...differences('role', byId([...folded.roles.values()]), byId(event?.roles ?? []), canonical),
  ];
}

const byId = <Item extends { readonly roleId: string }>(items: readonly Item[]) =>
  new Map(items.map((item) => [item.roleId, item]));

function eventOf({ status, settings, pools, obligation, roles }: Folded): RecordedEvent | undefined {
  if (status === undefined || settings === undefined) return undefined;
  const event = { status, settings, pools, roles: [...roles.values()] };
  return obligation === undefined ? event : { ...event, obligation };
}

/** What an event is, each part by its name; of the roles only their order. */
function partsOf(event: RecordedEvent | undefined): ReadonlyMap<string, unknown> {
  if (event === undefined) return new Map();
  const { settings, roles, ...rest } = event;
  return new Map<string, unknown>(Object.entries({ ...settings, ...rest, roles: roles.map(({ roleId }) => roleId) }));
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
function shown({ userId, registrationId: _id, status, roleId, sequence, ...rest }: Registration): string {
  return `${status} in ${roleId} at ${sequence} for user ${fingerprint(userId)}, ${canonical(rest)}`;
}

/** Tells users apart without naming them. */
function fingerprint(text: string): string {
  let hash = 7;
  for (const character of text) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash.toString(36);
}
