import type { Registration } from '@rollcall/domain';
import { canonical } from './canonical.ts';
import { Column } from './column.ts';
import type { Folded } from './folded.ts';
import type { RecordedEvent } from './history.ts';
import type { Complain } from './watch.ts';

const check = 'projection';

/** The journal, folded, gives exactly the stored registrations and the stored event. */
export interface Projection {
  /** Of each stored registration, in any order. */
  registration(stored: Registration): void;
  /** When all of them have been shown. */
  end(event: RecordedEvent | undefined): void;
}

/** To be started when the journal is folded. */
export function startProjection(folded: Folded, complain: Complain): Projection {
  const { registrations } = folded;
  const seen = new Column('byte');
  const differs = (id: string, told: string, stored: string, version?: number): void => {
    const message = `registration ${id}: ${told} by the journal, ${stored} in the store`;
    complain(version === undefined ? { check, message } : { check, version, message });
  };
  return {
    registration(stored) {
      const { registrationId } = stored;
      const slot = registrations.slotOf(registrationId);
      if (slot === undefined) return differs(registrationId, 'not there', shown(stored));
      const version = registrations.changedAt(slot);
      if (seen.get(slot) === 1) complain({ check, version, message: `registration ${registrationId}: stored twice` });
      seen.set(slot, 1);
      const told = registrations.at(slot);
      if (isSame(told, stored)) return;
      const another = told.userId === stored.userId ? '' : ' for another user';
      differs(registrationId, shown(told), `${shown(stored)}${another}`, version);
    },
    end(event) {
      for (let slot = 0; slot < registrations.size; slot += 1) {
        if (seen.get(slot) === 1) continue;
        const told = registrations.at(slot);
        differs(told.registrationId, shown(told), 'not there', registrations.changedAt(slot));
      }
      compare('event', partsOf(eventOf(folded)), partsOf(event), complain);
      compare('role', byId([...folded.roles.values()]), byId(event?.roles ?? []), complain);
    },
  };
}

const byId = <Item extends { readonly roleId: string }>(items: readonly Item[]) =>
  new Map(items.map((item) => [item.roleId, item]));

function eventOf({
  status,
  settings,
  pools,
  obligation,
  roles,
  legacyId,
  importing,
}: Folded): RecordedEvent | undefined {
  if (status === undefined || settings === undefined) return undefined;
  return {
    status,
    settings,
    pools,
    roles: [...roles.values()],
    ...(obligation === undefined ? {} : { obligation }),
    ...(legacyId === undefined ? {} : { legacyId }),
    ...(importing ? { importing } : {}),
  };
}

/** What an event is, each part by its name; of the roles only their order. */
function partsOf(event: RecordedEvent | undefined): ReadonlyMap<string, unknown> {
  if (event === undefined) return new Map();
  const { settings, roles, ...rest } = event;
  return new Map<string, unknown>(Object.entries({ ...settings, ...rest, roles: roles.map(({ roleId }) => roleId) }));
}

function compare(
  what: string,
  told: ReadonlyMap<string, unknown>,
  stored: ReadonlyMap<string, unknown>,
  complain: Complain,
): void {
  for (const id of new Set([...told.keys(), ...stored.keys()])) {
    const [inJournal, inStore] = [told, stored].map((side) => (side.has(id) ? canonical(side.get(id)) : 'not there'));
    if (inJournal === inStore) continue;
    complain({ check, message: `${what} ${id}: ${inJournal} by the journal, ${inStore} in the store` });
  }
}

/** A million times: without texts. */
function isSame(told: Registration, stored: Registration): boolean {
  if (told.status !== stored.status || told.roleId !== stored.roleId || told.userId !== stored.userId) return false;
  if (told.sequence !== stored.sequence) return false;
  // What only one of them has may stand where it does not belong, which no type knows.
  return Object.keys(told).length === Object.keys(stored).length && sameRest(told, stored);
}

function sameRest(told: Registration, stored: Registration): boolean {
  if (told.status === 'confirmed' && stored.status === 'confirmed') return told.attendedAt === stored.attendedAt;
  if (told.status !== 'waitlist' || stored.status !== 'waitlist') return true;
  return told.offer?.expiresAt === stored.offer?.expiresAt && told.replaces === stored.replaces;
}

// Users are compared and not shown: messages go to logs, which hold no personal data.
function shown({ userId: _user, registrationId: _id, status, roleId, sequence, ...rest }: Registration): string {
  const more = Object.keys(rest).length === 0 ? '' : `, ${canonical(rest)}`;
  return `${status} in ${roleId} at ${sequence}${more}`;
}
